//! Which files of a project could use a file.
//!
//! One table of the project says who imports whom. Only `findings` of a file may look at it, through [`dependents`]: a table of
//! the project changes with every file, so what a unit means must never rest on it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::database::{Db, Folder, SourceFile};
use super::folders::{Target, folder_of, project_files, project_root, resolve, submodule};
use super::source::source;
use crate::syntax::{ImportStatement, ImportedNames, Name, import_statements};

#[salsa::tracked(returns(deref))]
fn statements(db: &dyn Db, file: SourceFile) -> Vec<ImportStatement> {
    source(db, file).analysed().map(|text| import_statements(text)).unwrap_or_default()
}

/// The files of the project that `file` imports anywhere, each once, in the order of its statements.
#[salsa::tracked(returns(deref))]
fn imports(db: &dyn Db, file: SourceFile) -> Vec<SourceFile> {
    let folder = folder_of(db, file);
    let mut imported = Vec::new();
    for statement in statements(db, file) {
        imported.extend(modules_of(db, folder, statement).into_iter().filter(|other| *other != file));
    }
    let mut seen = FxHashSet::default();
    imported.retain(|&file| seen.insert(file));
    imported
}

/// Every module of the project that a statement imports: packages on the way, and names that are modules.
fn modules_of(db: &dyn Db, folder: Folder, statement: &ImportStatement) -> Vec<SourceFile> {
    let mut modules = Vec::new();
    let dotted = statement.module.as_str();
    let ends = dotted.match_indices('.').map(|(end, _)| end).chain([dotted.len()]);
    for end in ends.filter(|_| statement.level == 0 || !dotted.is_empty()) {
        if let Some(Target::Source(module)) = resolve(db, folder, Name::new(&dotted[..end]), statement.level) {
            modules.push(module);
        }
    }
    if let ImportedNames::Names(names) = &statement.names
        && let Some(Target::Source(package)) = resolve(db, folder, statement.module, statement.level)
    {
        modules.push(package);
        modules.extend(names.iter().filter_map(|&name| submodule(db, package, name)));
    }
    modules
}

/// For each imported file of the project, the files that import it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Importers(FxHashMap<SourceFile, Vec<SourceFile>>);

#[salsa::tracked(returns(ref))]
fn importers_of_project(db: &dyn Db, root: Folder) -> Importers {
    let mut importers: FxHashMap<SourceFile, Vec<SourceFile>> = FxHashMap::default();
    for &file in project_files(db, root) {
        for &imported in imports(db, file) {
            importers.entry(imported).or_default().push(file);
        }
    }
    Importers(importers)
}

#[salsa::tracked(returns(deref))]
fn importers(db: &dyn Db, file: SourceFile) -> Vec<SourceFile> {
    let root = project_root(db, folder_of(db, file));
    importers_of_project(db, root).0.get(&file).cloned().unwrap_or_default()
}

/// The files that could call into `file`, sorted by path: those that import it, or a module that imports names from it.
#[salsa::tracked(returns(deref))]
pub(super) fn dependents(db: &dyn Db, file: SourceFile) -> Vec<SourceFile> {
    let direct = importers(db, file);
    let through = direct.iter().flat_map(|&middle| importers(db, middle));
    let mut reaching: Vec<SourceFile> = direct.iter().chain(through).copied().filter(|&other| other != file).collect();
    reaching.sort_by(|left, right| left.path(db).as_os_str().cmp(right.path(db).as_os_str()));
    reaching.dedup();
    reaching
}
