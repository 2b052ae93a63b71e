//! `backprobe step`: shows the reconstructed training step of each root of a file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::Failure;
use super::targets::CurrentFolder;
use super::{Outcome, pool, targets};
use crate::engine::{Disk, Engine, Snapshot};
use crate::step;
use crate::syntax::{Place, UnitId};
use crate::text::{LineIndex, TextRange};

/// Code longer than this is cut where a place is shown.
const SHOWN_CHARACTERS: usize = 60;

pub(super) fn run(path: &Path) -> Result<Outcome, Vec<Failure>> {
    let folder = CurrentFolder::of_process().map_err(|failure| vec![failure])?;
    let (targets, mut failures) = targets::find(&[PathBuf::from(path)], &folder);
    let engine = Engine::new(Arc::new(Disk));
    let texts = pool::for_each(&engine, &targets, |snapshot, target| shown(snapshot, &target.path)).map_err(|failure| vec![failure])?;
    for text in texts {
        match text {
            Ok(text) => failures.extend(io::stdout().write_all(text.as_bytes()).map_err(Failure::Output).err()),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() { Ok(Outcome::Clean) } else { Err(failures) }
}

fn shown(snapshot: &Snapshot, path: &Path) -> String {
    let place = |place: Place| {
        let location = snapshot.location(place)?;
        let text = snapshot.text(&location.path)?;
        let line = LineIndex::new(&text).line_column(&text, location.range.start).line;
        Some(format!("{line}: {}", first_line(&text, location.range)))
    };
    let step_of = |root: UnitId| {
        let step = snapshot.ask(|world| step::evaluate(world, root));
        format!("{}\n{}", title(root), step::describe(&step, &|at| place(at).unwrap_or_default()))
    };
    snapshot.roots(path).into_iter().map(step_of).collect()
}

fn first_line(text: &str, range: TextRange) -> String {
    let code = text.get(range.indices()).unwrap_or_default();
    code.lines().next().unwrap_or_default().chars().take(SHOWN_CHARACTERS).collect()
}

fn title(root: UnitId) -> String {
    if root.name == "" { "module".to_owned() } else { root.name.to_string() }
}
