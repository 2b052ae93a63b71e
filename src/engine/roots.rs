//! Roots: where evaluation starts, and what all of them together say of a file.

use super::database::{Db, SourceFile};
use super::dependents::dependents;
use super::merge::merge;
use super::reach::{could_fire, names_something, reaches};
use super::units::{has_words, outline};
use super::world::DatabaseWorld;
use crate::finding::Finding;
use crate::rules::{RootFinding, RootReport, RuleSet};
use crate::syntax::{ClassItem, FunctionItem, ItemKind, Name, Outline, Place, UnitId};

/// The roots of `file`, by name and number: its module unit, top-level functions and classes, sorted, as far as they hold an
/// interesting word or name a function, class or value that is known. None if the file holds no interesting word. Methods belong to their
/// class.
#[salsa::tracked(returns(deref))]
pub(super) fn roots(db: &dyn Db, file: SourceFile) -> Vec<(Name, u32)> {
    // Most files of a project hold no interesting word, and are not even cut into segments.
    if !has_words(db, file) {
        return Vec::new();
    }
    let outline = outline(db, file);
    if !matters(outline) {
        return Vec::new();
    }
    let mut roots = Vec::new();
    let module = Name::new("");
    if outline.module_matters || names_something(db, file, module, 0) {
        roots.push((module, 0));
    }
    for item in &outline.items {
        match &item.kind {
            ItemKind::Function(FunctionItem { ordinal, matters, .. }) | ItemKind::Class(ClassItem { ordinal, matters, .. }) if *matters || names_something(db, file, item.name, *ordinal) => {
                roots.push((item.name, *ordinal));
            }
            _ => {}
        }
    }
    roots.sort();
    roots.dedup();
    roots
}

fn matters(outline: &Outline) -> bool {
    outline.module_matters
        || outline.items.iter().any(|item| match &item.kind {
            ItemKind::Function(function) => function.matters,
            ItemKind::Class(class) => class.matters,
            ItemKind::Import(_) | ItemKind::Value => false,
        })
}

/// What the evaluation of one root finds. `rules` are those that could fire there.
#[salsa::tracked(returns(ref))]
fn root_report(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32, rules: RuleSet) -> RootReport {
    let check_root = db.analysis().check_root;
    check_root(&DatabaseWorld::new(db), UnitId { file: file.number(), name, ordinal }, rules)
}

/// What all roots together say of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Merged {
    /// The findings whose primary place lies in the file, whichever root found them.
    pub(super) findings: Vec<Finding<Place>>,
    /// The rules that some root could not answer, because its budget was spent.
    pub(super) unanswered: Vec<&'static str>,
}

/// The findings of `file`.
#[salsa::tracked(returns(ref))]
pub(super) fn merged(db: &dyn Db, file: SourceFile) -> Merged {
    if !has_words(db, file) || !matters(outline(db, file)) {
        return Merged::default();
    }
    // The order, by path, decides which of equal findings is shown; it must not depend on who asked first.
    let mut files: Vec<SourceFile> = dependents(db, file).to_vec();
    files.insert(files.partition_point(|other| other.path(db).as_os_str() < file.path(db).as_os_str()), file);
    let roots = files.into_iter().flat_map(|from| roots(db, from).iter().map(move |&(name, ordinal)| (from, name, ordinal)));
    let roots = roots.filter(|&(from, name, ordinal)| from == file || reaches(db, from, name, ordinal, file));
    let roots = roots.map(|(from, name, ordinal)| (from, name, ordinal, could_fire(db, from, name, ordinal)));
    let roots: Vec<(SourceFile, Name, u32, RuleSet)> = roots.collect();
    let reports_of = |evaluated: &dyn Fn(RuleSet) -> bool| -> Vec<&RootReport> {
        roots.iter().filter(|(.., rules)| evaluated(*rules)).map(|&(file, name, ordinal, rules)| root_report(db, file, name, ordinal, rules)).collect()
    };
    let lies_here = |found: &RootFinding| found.finding.primary.unit.file == file.number();
    let reports = reports_of(&|rules| rules != 0);
    let unanswered = reports.iter().flat_map(|report| report.unanswered.iter().copied()).collect();
    if !reports.iter().any(|report| report.findings.iter().any(lies_here)) {
        return Merged { findings: Vec::new(), unanswered };
    }
    // Every known context must agree: now those count in which nothing could fire, too.
    Merged { findings: merge(file.number(), &reports_of(&|_| true)), unanswered }
}
