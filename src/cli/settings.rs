//! What is wrong with the settings of the projects that a command is about.

use std::collections::BTreeSet;

use super::failure::Failure;
use super::notice;
use super::targets::{CurrentFolder, Target};
use crate::engine::{Engine, Snapshot};
use crate::engine::settings::Problem;
use crate::text::LineIndex;

/// Leaves out the targets that settings exclude, and gives the faults of the settings.
pub(super) fn apply(engine: &Engine, targets: &mut Vec<Target>, folder: &CurrentFolder) -> Vec<Failure> {
    let snapshot = engine.snapshot();
    let faults = faults(&snapshot, targets, folder);
    targets.retain(|target| !snapshot.is_excluded(&target.path));
    faults
}

/// The faults of all settings that count for `targets`; what is only worth knowing is said at once.
pub(super) fn faults(snapshot: &Snapshot, targets: &[Target], folder: &CurrentFolder) -> Vec<Failure> {
    let problems: BTreeSet<Problem> = targets.iter().flat_map(|target| snapshot.settings_problems(&target.path)).collect();
    let (faults, notes): (Vec<Problem>, Vec<Problem>) = problems.into_iter().partition(|problem| problem.is_fatal);
    for note in notes {
        notice(&described(&note, snapshot, folder));
    }
    faults.iter().map(|fault| Failure::Settings(described(fault, snapshot, folder))).collect()
}

fn described(problem: &Problem, snapshot: &Snapshot, folder: &CurrentFolder) -> String {
    let Some((path, range)) = &problem.place else { return problem.message.clone() };
    let text = snapshot.text(path).unwrap_or_default();
    let place = LineIndex::new(&text).line_column(&text, range.start);
    format!("{}:{}:{}: {}", folder.name(path), place.line, place.column, problem.message)
}
