//! Roots: where evaluation starts, and what all of them together say of a file.

use std::collections::HashSet;

use super::database::{Db, SourceFile};
use super::dependents::dependents;
use super::folders::{Target, folder_of, resolve};
use super::merge::merge;
use super::units::{has_words, method_name, outline, texts_of};
use super::world::DatabaseWorld;
use crate::finding::Finding;
use crate::rules::RootReport;
use crate::syntax::{ImportItem, ItemKind, Name, Outline, Place, UnitId, identifiers};

/// The roots of `file`, by name and number: its module unit, top-level functions and classes, sorted, as far as they hold an
/// interesting word or use a definition of the project. None if the file holds no interesting word. Methods belong to their
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
    let module = Name::new("");
    let is_root = |name: Name, ordinal: u32, matters: bool| matters || uses_definitions(db, file, name, ordinal);
    let mut roots = Vec::new();
    if is_root(module, 0, outline.module_matters) {
        roots.push((module, 0));
    }
    for item in &outline.items {
        match &item.kind {
            ItemKind::Function(function) if is_root(item.name, function.ordinal, function.matters) => {
                roots.push((item.name, function.ordinal));
            }
            ItemKind::Class(class) => {
                let methods = class.methods.iter().map(|method| (method_name(item.name, method.name), method.ordinal));
                let mut units = methods.chain([(item.name, class.ordinal)]);
                if class.matters || units.any(|(name, ordinal)| is_root(name, ordinal, false)) {
                    roots.push((item.name, class.ordinal));
                }
            }
            _ => {}
        }
    }
    roots.sort();
    roots.dedup();
    roots
}

/// Whether the text of a unit names something through which it could reach a unit that matters. A unit that does not is
/// never parsed.
#[salsa::tracked(returns(copy))]
fn uses_definitions(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> bool {
    let Some(names) = definitions_in_scope(db, file) else { return true };
    let is_import = |text: &str| text.starts_with("import ") || text.starts_with("from ");
    let texts = texts_of(db, file, name, ordinal).iter().filter(|text| !is_import(text));
    // An import within a function may bring in anything.
    let leads_on = |identifier: &str| identifier == "import" || (identifier != name.as_str() && names.contains(identifier));
    texts.flat_map(|text| identifiers(text)).any(leads_on)
}

/// Names of the module scope that stand for functions and classes of the project, or for its modules. `None` if a star
/// import could bring in any name.
#[salsa::tracked(returns(as_ref))]
fn definitions_in_scope(db: &dyn Db, file: SourceFile) -> Option<HashSet<&'static str>> {
    let folder = folder_of(db, file);
    let is_of_project = |module: Name, level: u32| matches!(resolve(db, folder, module, level), Some(Target::Source(_)));
    let mut names = HashSet::new();
    for item in &outline(db, file).items {
        let is_definition = match &item.kind {
            ItemKind::Function(_) | ItemKind::Class(_) => true,
            ItemKind::Import(ImportItem::Module { module, .. }) => is_of_project(*module, 0),
            ItemKind::Import(ImportItem::From { module, level, name }) => {
                let is_of_project = is_of_project(*module, *level);
                if is_of_project && name.name == "*" {
                    return None;
                }
                is_of_project
            }
            ItemKind::Value => false,
        };
        if is_definition {
            names.insert(item.name.as_str());
        }
    }
    Some(names)
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
