//! Roots: where evaluation starts, and what all of them together say of a file.

use super::database::{Db, SourceFile};
use super::dependents::dependents;
use super::merge::merge;
use super::units::{has_words, outline};
use super::world::DatabaseWorld;
use crate::finding::Finding;
use crate::rules::RootReport;
use crate::syntax::{ItemKind, Name, Outline, Place, UnitId};

/// The roots of `file`, by name and number: its module unit, top-level functions and classes, sorted. None if the file holds
/// no interesting word. Methods belong to their class.
#[salsa::tracked(returns(deref))]
fn roots(db: &dyn Db, file: SourceFile) -> Vec<(Name, u32)> {
    // Most files of a project hold no interesting word, and are not even cut into segments.
    if !has_words(db, file) {
        return Vec::new();
    }
    let outline = outline(db, file);
    if !matters(outline) {
        return Vec::new();
    }
    let module = outline.module_matters.then(|| (Name::new(""), 0));
    let definitions = outline.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Function(function) => Some((item.name, function.ordinal)),
        ItemKind::Class(class) => Some((item.name, class.ordinal)),
        ItemKind::Import(_) | ItemKind::Value => None,
    });
    let mut roots: Vec<(Name, u32)> = module.into_iter().chain(definitions).collect();
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

/// What the evaluation of one root finds.
#[salsa::tracked(returns(ref))]
fn root_report(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> RootReport {
    let check_root = db.analysis().check_root;
    check_root(&DatabaseWorld::new(db), UnitId { file: file.number(), name, ordinal })
}

/// The findings whose primary place lies in `file`, whichever root found them.
#[salsa::tracked(returns(deref))]
pub(super) fn findings(db: &dyn Db, file: SourceFile) -> Vec<Finding<Place>> {
    if !has_words(db, file) || !matters(outline(db, file)) {
        return Vec::new();
    }
    let mut files: Vec<SourceFile> = dependents(db, file).to_vec();
    files.push(file);
    // The order decides which of equal findings is shown; it must not depend on who asked first.
    files.sort_by(|left, right| left.path(db).cmp(right.path(db)));
    let reports: Vec<&RootReport> = files
        .into_iter()
        .flat_map(|file| roots(db, file).iter().map(move |&(name, ordinal)| root_report(db, file, name, ordinal)))
        .collect();
    merge(file.number(), &reports)
}
