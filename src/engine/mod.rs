//! The database of files and settings, and the findings of a file.
//!
//! A pure function of texts and settings: files are read through [`Files`] only; no environment, no clock, no panic.
#![forbid(unsafe_code)]

mod disk;
mod merge;
pub mod memory;

pub use disk::Disk;
pub use memory::Memory;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::Finding;
use crate::text::TextRange;

/// How the engine reads files. One implementation reads the disk, tests use one in memory.
pub trait Files: Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Whatever the storage says, `NotFound` above all.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Whether `path` is a file.
    fn is_file(&self, path: &Path) -> bool;
    /// Whether `path` is a folder.
    fn is_dir(&self, path: &Path) -> bool;
    /// The entries of a folder, sorted; empty if it cannot be read.
    fn list(&self, folder: &Path) -> Vec<PathBuf>;
    /// The entries of a folder with their kinds, sorted by name; names that are no Unicode are left out.
    fn entries(&self, folder: &Path) -> Vec<Entry> {
        let kind = |path: &Path| if self.is_dir(path) { EntryKind::Folder } else { EntryKind::File };
        let entry = |path: PathBuf| Some(Entry { name: path.file_name()?.to_str()?.to_owned(), kind: kind(&path) });
        let mut entries: Vec<Entry> = self.list(folder).into_iter().filter_map(entry).collect();
        entries.sort();
        entries
    }
}

/// One entry of a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Entry {
    /// Its name in the folder.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What a name in a folder stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EntryKind {
    /// A file, or a link to one.
    File,
    /// A folder.
    Folder,
    /// A link to a folder: imports follow it, walks do not, so that they end.
    LinkedFolder,
}

/// The findings of one file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Findings, sorted by place and rule.
    pub findings: Vec<Finding>,
    /// What was not analysed, and why.
    pub unanalysed: Vec<Unanalysed>,
}

/// A file or a part of one that was not analysed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unanalysed {
    /// The part, or `None` for the whole file.
    pub range: Option<TextRange>,
    /// Why, as a phrase: `syntax error`, `larger than 1 MB`.
    pub reason: String,
}

/// The engine: texts in, findings out.
///
/// Changing it cancels snapshots that are still in use: their queries unwind with a payload that
/// [`is_cancellation`] recognises.
pub struct Engine {
    files: Arc<dyn Files>,
}

/// An immutable view of the engine, to be sent to another thread. Drop it inside the job that uses it.
pub struct Snapshot {
    files: Arc<dyn Files>,
}

impl Engine {
    /// An engine that reads through `files`.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self { files }
    }

    /// Lets the editor's text stand for the file at `path`; `None` goes back to what is stored.
    /// A path need not exist (`untitled:Untitled-1`).
    pub fn set_overlay(&mut self, _path: &Path, _text: Option<Arc<str>>) {}

    /// Says that the file or folder at `path` was changed, made or deleted on disk.
    pub fn refresh(&mut self, _path: &Path) {}

    /// A view of the present state.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { files: Arc::clone(&self.files) }
    }
}

impl Snapshot {
    /// The findings of the file at `path`.
    pub fn check(&self, _path: &Path) -> Report {
        Report::default()
    }

    /// The text of the file at `path`, decoded; `None` if it cannot be read or is no text.
    pub fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.files.read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()).map(Arc::from)
    }
}

/// Whether the payload of a caught panic says that a newer change cancelled the query.
pub fn is_cancellation(_payload: &(dyn std::any::Any + Send)) -> bool {
    false
}
