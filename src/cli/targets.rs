//! Which files a command is about, and what they are called for the reader.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Component, Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::failure::Failure;

/// Stands for standard input on the command line.
pub(super) const STANDARD_INPUT: &str = "-";

/// One file to look at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Target {
    /// The file's absolute path.
    pub(super) path: PathBuf,
    /// The file's name for the reader.
    pub(super) name: String,
}

/// The folder that the command runs in. Paths are shown relative to it.
#[derive(Clone, Debug)]
pub(super) struct CurrentFolder(PathBuf);

impl CurrentFolder {
    pub(super) fn of_process() -> Result<Self, Failure> {
        std::env::current_dir().map(Self).map_err(Failure::CurrentFolder)
    }

    /// Its absolute path.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The file at `path`, absolute, and its name.
    pub(super) fn target(&self, path: &Path) -> Target {
        let path = self.absolute(path);
        Target { name: self.name(&path), path }
    }

    /// The name of the file at the absolute `path`.
    pub(super) fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.0).unwrap_or(path).display().to_string()
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        let joined = self.0.join(path);
        // `..` after a link leads elsewhere than its spelling says, so the disk is asked.
        let has_parent = joined.components().any(|component| component == Component::ParentDir);
        let asked = if has_parent { joined.canonicalize().ok() } else { None };
        asked.unwrap_or_else(|| joined.components().collect())
    }
}

/// The files that `paths` name, once each, sorted by path, and what could not be found or read.
///
/// In folders these are the Python files that are neither hidden nor ignored by git; a file that is named is always meant.
pub(super) fn find(paths: &[PathBuf], folder: &CurrentFolder) -> (Vec<Target>, Vec<Failure>) {
    let mut found = BTreeMap::new();
    let mut failures = Vec::new();
    for path in paths.iter().filter(|path| path.as_os_str() != STANDARD_INPUT) {
        if path.is_dir() {
            walk(path, folder, &mut found, &mut failures);
        } else if !path.exists() {
            failures.push(Failure::NoSuchPath(path.clone()));
        } else if let Err(source) = File::open(path) {
            failures.push(Failure::Unreadable { path: path.clone(), source });
        } else {
            let target = folder.target(path);
            found.insert(target.path.clone(), target);
        }
    }
    (found.into_values().collect(), failures)
}

fn walk(path: &Path, folder: &CurrentFolder, found: &mut BTreeMap<PathBuf, Target>, failures: &mut Vec<Failure>) {
    let root = folder.absolute(path);
    // A folder that is named is meant, even where everything in it is ignored from above.
    let entries = [true, false].into_iter().map(|parents| python_files(&root, parents)).find(|entries| !entries.is_empty());
    for entry in entries.unwrap_or_default() {
        match entry {
            Ok(entry) => {
                let target = Target { name: folder.name(entry.path()), path: entry.into_path() };
                found.insert(target.path.clone(), target);
            }
            Err(error) => failures.push(Failure::Walk(error)),
        }
    }
}

/// The Python files below `root`, and what could not be listed. `parents` says whether folders above it may ignore them.
fn python_files(root: &Path, parents: bool) -> Vec<Result<DirEntry, ignore::Error>> {
    let mut walk = WalkBuilder::new(root);
    walk.require_git(false).parents(parents).filter_entry(|entry| !is_virtual_environment(entry));
    walk.build().filter(|entry| entry.as_ref().map_or(true, is_python_file)).collect()
}

fn is_python_file(entry: &DirEntry) -> bool {
    entry.path().extension().is_some_and(|extension| extension == "py") && entry.file_type().is_some_and(|kind| kind.is_file())
}

/// Whether `entry` is a folder of installed packages, below the folder that was asked for.
fn is_virtual_environment(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    is_folder && entry.depth() > 0 && entry.path().join("pyvenv.cfg").is_file()
}
