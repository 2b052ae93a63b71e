//! Files on disk: the only place of the analysis that reads storage.
#![allow(clippy::disallowed_methods, reason = "this is the one implementation of the engine's file trait that does IO")]

use std::io;
use std::path::{Path, PathBuf};

use super::{Entry, EntryKind, Files};

/// The files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        self.entries(folder).into_iter().map(|entry| folder.join(entry.name)).collect()
    }

    fn entries(&self, folder: &Path) -> Vec<Entry> {
        let Ok(found) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut entries: Vec<Entry> = found.filter_map(|entry| entry_of(&entry.ok()?)).collect();
        entries.sort();
        entries
    }
}

fn entry_of(found: &std::fs::DirEntry) -> Option<Entry> {
    let kind = found.file_type().ok()?;
    let kind = if kind.is_dir() {
        EntryKind::Folder
    } else if kind.is_file() {
        EntryKind::File
    } else {
        let target = std::fs::metadata(found.path()).ok()?;
        if target.is_dir() {
            EntryKind::LinkedFolder
        } else if target.is_file() {
            EntryKind::File
        } else {
            // A pipe or device: reading it might never end.
            return None;
        }
    };
    Some(Entry { name: found.file_name().to_str()?.to_owned(), kind })
}
