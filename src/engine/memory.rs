//! Files in memory, for tests and for texts that are stored nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::Files;

/// A tree of files in memory. Clones share it, so that a test can change what an engine reads.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: Arc<RwLock<BTreeMap<PathBuf, Vec<u8>>>>,
}

impl Memory {
    /// The given paths with their texts.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let memory = Self::default();
        for (path, text) in files {
            memory.write(path, text);
        }
        memory
    }

    /// Makes or replaces a file. Its folders come to be with it.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        files.insert(path.as_ref().to_path_buf(), content.as_ref().to_vec());
    }

    /// Deletes a file, or all files of a folder.
    pub fn remove(&self, path: impl AsRef<Path>) {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        files.retain(|file, _| !file.starts_with(path.as_ref()));
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> RwLockReadGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        self.files.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.lock().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.lock().contains_key(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.lock().keys().any(|file| file != path && file.starts_with(path))
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        let files = self.lock();
        let entry = |file: &PathBuf| file.strip_prefix(folder).ok()?.iter().next().map(|name| folder.join(name));
        let entries: BTreeSet<PathBuf> = files.keys().filter_map(entry).collect();
        entries.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, EntryKind};
    use super::*;

    #[test]
    fn folders_come_and_go_with_their_files() {
        let memory = Memory::new([("/p/a/b.py", "x"), ("/p/c.py", "y")]);
        assert!(memory.is_dir(Path::new("/p/a")) && !memory.is_file(Path::new("/p/a")));
        assert_eq!(memory.list(Path::new("/p")), [PathBuf::from("/p/a"), PathBuf::from("/p/c.py")]);
        let entry = |name: &str, kind| Entry { name: name.to_owned(), kind };
        assert_eq!(memory.entries(Path::new("/p")), [entry("a", EntryKind::Folder), entry("c.py", EntryKind::File)]);
        memory.remove("/p/a");
        assert!(!memory.is_dir(Path::new("/p/a")));
        assert!(memory.read(Path::new("/p/a/b.py")).is_err());
    }
}
