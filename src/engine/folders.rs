//! Folders: what they list, the project that a file belongs to, and the file that an import names.

use std::path::Path;

use super::database::{Db, Folder, SourceFile};
use super::{Entry, EntryKind, settings};
use crate::project::modules::{self, Folders, Module};
use crate::syntax::Name;

/// A project with more Python files than this is known only in part, its shallow files first.
const MAX_PROJECT_FILES: usize = 20_000;
/// The same for folders: trees of data.
const MAX_PROJECT_FOLDERS: usize = 20_000;
/// The file that makes a folder a virtual environment.
const ENVIRONMENT_MARKER: &str = "pyvenv.cfg";

/// The entries of `folder` that the analysis may ask for, open files included, sorted by name.
#[salsa::tracked(returns(deref))]
fn listing(db: &dyn Db, folder: Folder) -> Vec<Entry> {
    // The stored entries may only change with this number.
    folder.revision(db);
    let mut entries = db.files().entries(folder.path(db));
    entries.retain(is_of_interest);
    for name in folder.overlaid(db).iter() {
        if let Err(position) = entries.binary_search_by(|entry| entry.name.as_str().cmp(name)) {
            entries.insert(position, Entry { name: name.clone(), kind: EntryKind::File });
        }
    }
    entries
}

/// Everything but data files: a new image is no reason to look for modules again.
fn is_of_interest(entry: &Entry) -> bool {
    entry.kind != EntryKind::File
        || is_python(&entry.name)
        || modules::is_stub(Path::new(&entry.name))
        || is_query(&entry.name)
        || entry.name == ENVIRONMENT_MARKER
        || modules::ROOT_MARKERS.contains(&entry.name.as_str())
}

fn is_python(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "py")
}

fn kind_of(db: &dyn Db, path: &Path) -> Option<EntryKind> {
    let name = path.file_name()?.to_str()?;
    let entries = listing(db, db.folder(path.parent()?));
    let position = entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
    Some(entries[position].kind)
}

/// The folders as module resolution sees them.
struct Tracked<'db>(&'db dyn Db);

impl Folders for Tracked<'_> {
    fn is_file(&self, path: &Path) -> bool {
        kind_of(self.0, path) == Some(EntryKind::File)
    }

    fn is_folder(&self, path: &Path) -> bool {
        matches!(kind_of(self.0, path), Some(EntryKind::Folder | EntryKind::LinkedFolder))
    }

    fn is_stub(&self, module: &str) -> bool {
        super::stubs::is_module(module)
    }
}

/// The folder of a file.
pub(super) fn folder_of(db: &dyn Db, file: SourceFile) -> Folder {
    db.folder(file.path(db).parent().unwrap_or(Path::new("")))
}

/// The root of the project to which the files of `folder` belong.
#[salsa::tracked(returns(copy))]
pub(super) fn project_root(db: &dyn Db, folder: Folder) -> Folder {
    db.folder(&modules::project_root(folder.path(db), &Tracked(db)))
}

/// What an import names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    /// A file of the project. Packages without `__init__.py` are the file that this would be.
    Source(SourceFile),
    /// The stub of this module.
    Stub(Name),
}

/// The module that an import with `level` dots names in the files of `folder`.
#[salsa::tracked(returns(copy))]
pub(super) fn resolve(db: &dyn Db, folder: Folder, module: Name, level: u32) -> Option<Target> {
    let root = project_root(db, folder);
    if let Some(stub) = own_stub(db, root, module).filter(|_| level == 0) {
        return Some(Target::Source(stub));
    }
    let found = modules::resolve(folder.path(db), root.path(db), module.as_str(), level, &Tracked(db))?;
    Some(match found {
        Module::File(path) => Target::Source(db.source_file(&path)),
        Module::Stub(name) => Target::Stub(name),
    })
}

/// The stub that the project at `root` has of `module`: it says more than the code that it stands for.
fn own_stub(db: &dyn Db, root: Folder, module: Name) -> Option<SourceFile> {
    let folders = settings::stub_folders(db, root);
    folders.iter().find_map(|folder| modules::stub(folder, module.as_str(), &Tracked(db))).map(|path| db.source_file(&path))
}

/// The files of queries in a folder.
pub(super) fn queries_in(db: &dyn Db, folder: Folder) -> Vec<SourceFile> {
    let files = listing(db, folder).iter().filter(|entry| entry.kind == EntryKind::File && is_query(&entry.name));
    files.map(|entry| db.source_file(&folder.path(db).join(&entry.name))).collect()
}

fn is_query(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "scm")
}

/// Whether `file` is a stub of the project.
pub(super) fn is_own_stub(db: &dyn Db, file: SourceFile) -> bool {
    modules::is_stub(file.path(db))
}

/// The module `name` inside `package`.
#[salsa::tracked(returns(copy))]
pub(super) fn submodule(db: &dyn Db, package: SourceFile, name: Name) -> Option<SourceFile> {
    modules::submodule(package.path(db), name.as_str(), &Tracked(db)).map(|path| db.source_file(&path))
}

/// The names of the modules and folders beside `package`, if it is the file of a package.
pub(super) fn submodules(db: &dyn Db, package: SourceFile) -> Vec<Name> {
    if package.path(db).file_name().is_none_or(|file| file != modules::PACKAGE_FILE) {
        return Vec::new();
    }
    let name = |entry: &Entry| match entry.kind {
        EntryKind::File => entry.name.strip_suffix(".py").map(Name::new),
        EntryKind::Folder | EntryKind::LinkedFolder => Some(Name::new(&entry.name)),
    };
    listing(db, folder_of(db, package)).iter().filter_map(name).collect()
}

/// The dotted name under which `file` is imported.
#[salsa::tracked(returns(copy))]
pub(super) fn module_name(db: &dyn Db, file: SourceFile) -> Name {
    let root = project_root(db, folder_of(db, file));
    let path = file.path(db);
    let stubs = settings::stub_folders(db, root).iter().find(|stubs| is_own_stub(db, file) && path.starts_with(stubs));
    modules::module_name(path, stubs.map_or(root.path(db), |stubs| stubs), &Tracked(db))
}

/// The Python files of the project at `root`, level by level, sorted by name within a folder.
#[salsa::tracked(returns(deref))]
pub(super) fn project_files(db: &dyn Db, root: Folder) -> Vec<SourceFile> {
    let mut files = Vec::new();
    let mut folders = vec![root.path(db).as_ref().clone()];
    let mut next = 0;
    while next < folders.len() && files.len() < MAX_PROJECT_FILES {
        db.unwind_if_revision_cancelled();
        let folder = folders[next].clone();
        next += 1;
        let entries = listing(db, db.folder(&folder));
        if next > 1 && is_environment(entries) {
            continue;
        }
        for entry in entries {
            let path = folder.join(&entry.name);
            match entry.kind {
                EntryKind::File if is_python(&entry.name) => files.push(db.source_file(&path)),
                EntryKind::Folder if is_walked(&entry.name) && folders.len() < MAX_PROJECT_FOLDERS => folders.push(path),
                _ => {}
            }
        }
    }
    files.truncate(MAX_PROJECT_FILES);
    files
}

/// Whether code of the project may lie in a folder of this name.
fn is_walked(name: &str) -> bool {
    !name.starts_with('.') && !["node_modules", "__pycache__", "site-packages", "dist-packages", "conda-meta"].contains(&name)
}

/// Whether a folder with these entries is an environment with installed packages.
fn is_environment(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.name == ENVIRONMENT_MARKER || entry.name == "conda-meta")
}
