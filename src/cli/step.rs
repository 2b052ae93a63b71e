//! `backprobe step`: shows the reconstructed training step of each root of a file.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use super::targets::CurrentFolder;
use super::{Outcome, pool};
use crate::engine::{Disk, Engine, Snapshot};
use crate::step;
use crate::syntax::{Place, UnitId};
use crate::text::LineIndex;

pub(super) fn run(path: &Path) -> Result<Outcome, Vec<Failure>> {
    let folder = CurrentFolder::of_process().map_err(|failure| vec![failure])?;
    let engine = Engine::new(Arc::new(Disk));
    let target = folder.target(path);
    let texts = pool::for_each(&engine, &[target], |snapshot, target| shown(snapshot, &target.path)).map_err(|failure| vec![failure])?;
    for text in texts {
        let text = text.map_err(|failure| vec![failure])?;
        io::stdout().write_all(text.as_bytes()).map_err(|error| vec![Failure::Output(error)])?;
    }
    Ok(Outcome::Clean)
}

fn shown(snapshot: &Snapshot, path: &Path) -> String {
    let place = |place: Place| {
        let Some(location) = snapshot.location(place) else { return String::new() };
        let Some(text) = snapshot.text(&location.path) else { return String::new() };
        let line = LineIndex::new(&text).line_of(location.range.start) + 1;
        let code: String = text.get(location.range.indices()).unwrap_or_default().lines().next().unwrap_or_default().chars().take(60).collect();
        format!("{line}: {code}")
    };
    let mut text = String::new();
    for root in snapshot.roots(path) {
        let step = snapshot.ask(|world| step::evaluate(world, root));
        text.push_str(&format!("{}\n{}", title(root), step::describe(&step, &place)));
    }
    text
}

fn title(root: UnitId) -> String {
    if root.name == "" { "module".to_owned() } else { root.name.to_string() }
}
