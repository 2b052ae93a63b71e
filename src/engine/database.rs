//! The salsa database: inputs, and the tables that find them by path.
//!
//! Inputs are made when they are first asked for, absent files and folders too, so that their coming to be is a change like
//! any other. What is stored on disk is durable, what is open in an editor is not: a key stroke then leaves the results that
//! rest on stored files alone.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;
use salsa::plumbing::{AsId, FromId};
use salsa::{Durability, Setter};

use super::settings::{Given, GivenSettings};
use super::{Analysis, Files};
use crate::syntax::FileId;

/// A file of the project, existing or not.
#[salsa::input(debug)]
pub(super) struct SourceFile {
    /// As it was named first.
    #[returns(ref)]
    pub(super) path: Arc<PathBuf>,
    /// Counts the changes on disk.
    #[returns(copy)]
    pub(super) revision: u32,
    /// The editor's text, if the file is open.
    #[returns(ref)]
    pub(super) overlay: Option<Arc<str>>,
}

/// A folder, existing or not.
#[salsa::input(debug)]
pub(super) struct Folder {
    /// As it was named first.
    #[returns(ref)]
    pub(super) path: Arc<PathBuf>,
    /// Counts the changes on disk.
    #[returns(copy)]
    pub(super) revision: u32,
    /// Names of open files in this folder that may not be stored yet, sorted.
    #[returns(ref)]
    pub(super) overlaid: Arc<[String]>,
}

/// What queries ask of the database itself.
#[salsa::db]
pub(super) trait Db: salsa::Database {
    /// Where files are read. Only the queries that read an input's revision may use it.
    fn files(&self) -> &dyn Files;
    /// The input of the file at `path`.
    fn source_file(&self, path: &Path) -> SourceFile;
    /// The input of the folder at `path`.
    fn folder(&self, path: &Path) -> Folder;
    /// The analysis to run. It never changes.
    fn analysis(&self) -> &Analysis;
}

/// The database. Clones share everything and may be sent to other threads.
#[salsa::db]
#[derive(Clone)]
pub(super) struct Database {
    storage: salsa::Storage<Self>,
    shared: Arc<Shared>,
}

struct Shared {
    files: Arc<dyn Files>,
    analysis: Analysis,
    /// By path as it is written: comparing paths segment by segment is slow.
    source_files: DashMap<OsString, SourceFile, FxBuildHasher>,
    folders: DashMap<OsString, Folder, FxBuildHasher>,
    /// Paths of the open files.
    overlays: DashMap<PathBuf, ()>,
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl Db for Database {
    fn files(&self) -> &dyn Files {
        &*self.shared.files
    }

    fn source_file(&self, path: &Path) -> SourceFile {
        if let Some(file) = self.shared.source_files.get(path.as_os_str()) {
            return *file;
        }
        let make = || SourceFile::builder(Arc::new(path.to_path_buf()), 0, None).durability(Durability::HIGH).new(self);
        *self.shared.source_files.entry(path.as_os_str().to_owned()).or_insert_with(make)
    }

    fn folder(&self, path: &Path) -> Folder {
        if let Some(folder) = self.shared.folders.get(path.as_os_str()) {
            return *folder;
        }
        let overlaid = self.shared.overlaid_in(path);
        let make = || Folder::builder(Arc::new(path.to_path_buf()), 0, overlaid).durability(Durability::HIGH).new(self);
        *self.shared.folders.entry(path.as_os_str().to_owned()).or_insert_with(make)
    }

    fn analysis(&self) -> &Analysis {
        &self.shared.analysis
    }
}

impl Shared {
    /// Names of open files in `folder`, sorted.
    fn overlaid_in(&self, folder: &Path) -> Arc<[String]> {
        let name_in_folder = |path: &Path| (path.parent()? == folder).then(|| path.file_name()?.to_str().map(str::to_owned))?;
        let mut names: Vec<String> = self.overlays.iter().filter_map(|entry| name_in_folder(entry.key())).collect();
        names.sort();
        names.into()
    }
}

impl Database {
    pub(super) fn new(files: Arc<dyn Files>, analysis: Analysis) -> Self {
        let shared = Shared {
            files,
            analysis,
            source_files: DashMap::default(),
            folders: DashMap::default(),
            overlays: DashMap::new(),
        };
        let database = Self { storage: salsa::Storage::default(), shared: Arc::new(shared) };
        // There is one, which is found by its type.
        let _ = GivenSettings::builder(Arc::default()).durability(Durability::HIGH).new(&database);
        database
    }

    /// Sets what the front end was given instead of settings files, or beside them.
    pub(super) fn configure(&mut self, given: Given) {
        GivenSettings::get(self).set_given(self).with_durability(Durability::HIGH).to(Arc::new(given));
    }

    /// Opens, changes or (with `None`) closes a file.
    pub(super) fn set_overlay(&mut self, path: &Path, text: Option<Arc<str>>) {
        let file = self.source_file(path);
        let was_open = self.shared.overlays.contains_key(path);
        let is_open = text.is_some();
        if is_open {
            file.set_overlay(self).with_durability(Durability::LOW).to(text);
            self.shared.overlays.insert(path.to_path_buf(), ());
        } else if was_open {
            file.set_overlay(self).with_durability(Durability::HIGH).to(None);
            self.shared.overlays.remove(path);
            // The text may have been saved while it was open.
            self.touch_file(file);
        }
        if is_open != was_open {
            self.overlays_changed(path);
        }
    }

    fn overlays_changed(&mut self, path: &Path) {
        let Some(parent) = path.parent() else { return };
        // Asking for the folder's input here rather than when it is read keeps both in step.
        let folder = self.folder(parent);
        let overlaid = self.shared.overlaid_in(parent);
        if *folder.overlaid(self) != overlaid {
            folder.set_overlaid(self).with_durability(Durability::HIGH).to(overlaid);
        }
    }

    /// Notes that a file or folder changed, came or went on disk.
    pub(super) fn refresh(&mut self, path: &Path) {
        let file = self.shared.source_files.get(path.as_os_str()).map(|entry| *entry.value());
        let (files, folders_below) = match file {
            Some(file) => (vec![file], Vec::new()),
            // A folder perhaps: what lies below may have come or gone with it.
            None => (below(&self.shared.source_files, path), below(&self.shared.folders, path)),
        };
        let is_known = |folder: &Path| self.shared.folders.get(folder.as_os_str()).map(|entry| *entry.value());
        let folders_above: Vec<Folder> = path.ancestors().skip(1).filter_map(is_known).collect();
        for file in files {
            self.touch_file(file);
        }
        for folder in folders_below.into_iter().chain(folders_above) {
            let revision = folder.revision(self).wrapping_add(1);
            folder.set_revision(self).with_durability(Durability::HIGH).to(revision);
        }
    }

    fn touch_file(&mut self, file: SourceFile) {
        let revision = file.revision(self).wrapping_add(1);
        file.set_revision(self).with_durability(Durability::HIGH).to(revision);
    }
}

/// The inputs at `path` and below it.
fn below<Input: Copy>(inputs: &DashMap<OsString, Input, FxBuildHasher>, path: &Path) -> Vec<Input> {
    inputs.iter().filter(|entry| Path::new(entry.key()).starts_with(path)).map(|entry| *entry.value()).collect()
}

/// Stubs are numbered from here, so that they need no input.
const FIRST_STUB: u32 = 1 << 31;

/// A file of the project, or a stub.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AnyFile {
    /// A file of the project.
    Source(SourceFile),
    /// The stub with this number.
    Stub(u32),
}

impl SourceFile {
    /// The number under which the analysis knows the file.
    pub(super) fn number(self) -> FileId {
        // Inputs are never collected, so their ids have no generation.
        FileId(self.as_id().as_bits() as u32)
    }
}

/// The number under which the analysis knows a stub.
pub(super) fn stub_number(stub: u32) -> FileId {
    FileId(FIRST_STUB | stub)
}

/// The number of the stub that is `file`.
pub(super) fn number_of(file: FileId) -> u32 {
    file.0 & !FIRST_STUB
}

/// The file with this number. Numbers come from the engine only.
pub(super) fn file_of(number: FileId) -> AnyFile {
    match number.0.checked_sub(FIRST_STUB) {
        Some(stub) => AnyFile::Stub(stub),
        None => AnyFile::Source(SourceFile::from_id(salsa::Id::from_bits(u64::from(number.0)))),
    }
}
