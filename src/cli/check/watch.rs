//! `backprobe check --watch`: checks again whenever files change.
//!
//! The engine stays: what a change does not touch is not analysed again.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::output::{Shown, Summary, write};
use super::{check_all, settings, targets};
use crate::cli::arguments::CheckArguments;
use crate::cli::failure::{self, Failure};
use crate::cli::notice;
use crate::cli::targets::{CurrentFolder, STANDARD_INPUT};
use crate::engine::Engine;

/// Editors write a file in several steps, tools many files at once: a pause this long ends a change.
const PAUSE: Duration = Duration::from_millis(50);

/// Moves to the top of a terminal that is empty, and forgets what was there.
const CLEAR: &str = "\x1b[H\x1b[2J\x1b[3J";

/// Checks until the reader of the output goes away, or the process is interrupted.
pub(super) fn run(mut engine: Engine, arguments: &CheckArguments, shown: Shown, folder: &CurrentFolder) -> Result<(), Vec<Failure>> {
    if arguments.paths.iter().any(|path| path.as_os_str() == STANDARD_INPUT) {
        return Err(vec![Failure::NothingToWatch]);
    }
    let (sender, changes) = channel();
    let on_event = move |event: notify::Result<Event>| {
        // Nobody receives once the process ends.
        let _ = sender.send(event);
    };
    let mut watcher = notify::recommended_watcher(on_event).map_err(|error| vec![error.into()])?;
    let mut watched = BTreeSet::new();
    loop {
        for root in folders(&engine, arguments, folder) {
            if !watched.iter().any(|outer: &PathBuf| root.starts_with(outer)) {
                watcher.watch(&root, RecursiveMode::Recursive).map_err(|error| vec![error.into()])?;
                watched.insert(root);
            }
        }
        if io::stdout().is_terminal() {
            write!(io::stdout(), "{CLEAR}").map_err(|error| vec![error.into()])?;
        }
        for failure in check(&engine, arguments, shown, folder) {
            if failure.is_broken_pipe() {
                return Err(vec![failure]);
            }
            failure::print(&failure);
        }
        notice("waiting for changes; interrupt to stop");
        for path in next_change(&changes)? {
            engine.refresh(&path);
        }
    }
}

/// One pass: writes the findings, and gives what went wrong.
fn check(engine: &Engine, arguments: &CheckArguments, shown: Shown, folder: &CurrentFolder) -> Vec<Failure> {
    let (mut targets, mut failures) = targets::find(&arguments.paths, folder);
    failures.extend(settings::apply(engine, &mut targets, folder));
    let results = match check_all(engine, &targets) {
        Ok(results) => results,
        Err(more) => return failures.into_iter().chain(more).collect(),
    };
    let mut checked = Vec::new();
    for result in results {
        match result {
            Ok(file) => checked.push(file),
            Err(failure) => failures.push(failure),
        }
    }
    let summary = Summary::of(&targets, &checked);
    failures.extend(write(checked, shown, &summary, folder).err().map(Failure::Output));
    failures
}

/// The folders in which a change may matter: those that are named, and the projects of what they hold.
fn folders(engine: &Engine, arguments: &CheckArguments, folder: &CurrentFolder) -> BTreeSet<PathBuf> {
    let named = arguments.paths.iter().map(|path| folder.target(path).path);
    let named = named.map(|path| if path.is_dir() { path } else { path.parent().map_or(path.clone(), Path::to_path_buf) });
    let (targets, _) = targets::find(&arguments.paths, folder);
    let snapshot = engine.snapshot();
    let roots = targets.iter().map(|target| snapshot.project_root(&target.path));
    named.chain(roots).filter(|path| path.is_dir()).collect()
}

/// The paths of the next change that may matter, once it is over.
fn next_change(changes: &Receiver<notify::Result<Event>>) -> Result<BTreeSet<PathBuf>, Vec<Failure>> {
    let mut paths = BTreeSet::new();
    // The watcher holds the sender.
    while let Ok(event) = changes.recv() {
        paths.extend(changed(event)?);
        while let Ok(event) = changes.recv_timeout(PAUSE) {
            paths.extend(changed(event)?);
        }
        if !paths.is_empty() {
            break;
        }
    }
    Ok(paths)
}

fn changed(event: notify::Result<Event>) -> Result<Vec<PathBuf>, Vec<Failure>> {
    let event = event.map_err(|error| vec![error.into()])?;
    if matches!(event.kind, EventKind::Access(_)) {
        return Ok(Vec::new());
    }
    Ok(event.paths.into_iter().filter(|path| may_matter(path)).collect())
}

/// Code, stubs and settings matter, and folders, which have no extension.
fn may_matter(path: &Path) -> bool {
    let is_kept_for_others = path.components().any(|part| part.as_os_str() == ".git" || part.as_os_str() == "__pycache__");
    !is_kept_for_others
        && path.extension().is_none_or(|extension| ["py", "pyi", "toml", "scm"].iter().any(|known| extension == *known))
}
