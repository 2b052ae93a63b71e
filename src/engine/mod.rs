//! The database of files and settings, and the findings of a file.
//!
//! A pure function of texts and settings: files are read through [`Files`] only; no environment, no clock, no panic.
#![forbid(unsafe_code)]

mod database;
mod dependents;
mod disk;
mod folders;
mod memory;
mod merge;
mod reach;
mod report;
mod roots;
pub mod settings;
mod source;
mod stubs;
mod training;
mod units;
mod world;

pub use disk::Disk;
pub use memory::Memory;
pub use reach::NeedTable;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use database::{Database, Db, SourceFile};
use salsa::Database as _;
use world::DatabaseWorld;

use crate::finding::{Finding, Location, TestPlan};
use crate::project::World;
use crate::rules::{RootReport, RuleSet, Trainable};
use crate::syntax::{FileId, Name, Place, Queries, UnitId, Words};
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

/// The analysis of one root, for the rules that could fire there.
pub type CheckRoot = fn(&dyn World, UnitId, RuleSet) -> RootReport;

/// What the engine is told about the analysis that it runs.
#[derive(Clone)]
pub struct Analysis {
    /// Words that make a segment interesting.
    pub words: Arc<Words>,
    /// Queries of local rules.
    pub queries: Arc<Queries>,
    /// What the rules need to fire.
    pub needs: Arc<NeedTable>,
    /// Evaluates one root.
    pub check_root: CheckRoot,
}

/// Nested code is analysed by recursion: threads that ask a [`Snapshot`] need a stack of this size.
pub const STACK_BYTES: usize = 64 << 20;

/// The engine: texts in, findings out.
///
/// A file has one path: it is known under the path by which it is named, `.` segments apart. Imports are followed only from
/// files whose folders [`Files`] can list, so paths should be absolute.
///
/// Changing it cancels snapshots that are still in use: their queries unwind with a payload that
/// [`is_cancellation`] recognises, and the change waits until they are dropped. So a thread must not hold a snapshot
/// while it changes the engine.
pub struct Engine {
    database: Database,
}

/// An immutable view of the engine, to be sent to another thread. Drop it inside the job that uses it.
#[derive(Clone)]
pub struct Snapshot {
    database: Database,
}

impl Engine {
    /// An engine that reads through `files`.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self::with_analysis(files, stubs::analysis())
    }

    /// An engine with another analysis, for tests.
    pub fn with_analysis(files: Arc<dyn Files>, analysis: Analysis) -> Self {
        Self { database: Database::new(files, analysis) }
    }

    /// Lets the editor's text stand for the file at `path`; `None` goes back to what is stored.
    /// A path need not exist (`untitled:Untitled-1`).
    pub fn set_overlay(&mut self, path: &Path, text: Option<Arc<str>>) {
        self.database.set_overlay(&plain(path), text);
    }

    /// Says that the file or folder at `path` was changed, made or deleted on disk.
    pub fn refresh(&mut self, path: &Path) {
        self.database.refresh(&plain(path));
    }

    /// Sets what the front end was given in place of, or beside, the settings files of projects.
    pub fn configure(&mut self, given: settings::Given) {
        self.database.configure(given);
    }

    /// A view of the present state.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { database: self.database.clone() }
    }
}

impl Snapshot {
    /// The findings of the file at `path`.
    pub fn check(&self, path: &Path) -> Report {
        self.query(path, |database, file| report::report(database, file).clone())
    }

    /// What trains in the file at `path`, with the name that is defined, or the call that trains.
    pub fn trainables(&self, path: &Path) -> Vec<(Trainable, Location)> {
        self.query(path, training::trainables)
    }

    /// The tests of what is called `name` in the file at `path`: a model, a builder, a training function, one of their methods, or
    /// `__main__`. `None` if nothing of that name trains.
    pub fn training_tests(&self, path: &Path, name: &str) -> Option<Vec<TestPlan>> {
        self.query(path, |database, file| Some(training::tests(database, file, &training::trainable(database, file, name)?)))
    }

    /// The text of the file at `path`, decoded; `None` if it cannot be read or is no text.
    pub fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.query(path, |database, file| source::source(database, file).text.clone())
    }

    /// The number under which the analysis knows the file at `path`.
    pub fn file(&self, path: &Path) -> FileId {
        self.query(path, |_, file| file.number())
    }

    /// The dotted name under which the file at `path` is imported from the root of its project or its `src`.
    pub fn module_name(&self, path: &Path) -> Name {
        self.query(path, folders::module_name)
    }

    /// The root of the project to which the file at `path` belongs.
    pub fn project_root(&self, path: &Path) -> PathBuf {
        self.query(path, |database, file| {
            folders::project_root(database, folders::folder_of(database, file)).path(database).to_path_buf()
        })
    }

    /// What is wrong with the settings of the project to which the file at `path` belongs.
    pub fn settings_problems(&self, path: &Path) -> Vec<settings::Problem> {
        self.query(path, |database, file| settings::problems(database, folders::project_root(database, folders::folder_of(database, file))).to_vec())
    }

    /// The files that hold settings and rules of the project to which the file at `path` belongs, or would.
    pub fn settings_files(&self, path: &Path) -> Vec<PathBuf> {
        self.query(path, |database, file| settings::files(database, folders::project_root(database, folders::folder_of(database, file))))
    }

    /// The folder into which tests of the code in the file at `path` are written.
    pub fn test_folder(&self, path: &Path) -> PathBuf {
        self.query(path, |database, file| settings::of_file(database, file).test_folder())
    }

    /// Whether the settings say that the file at `path` has no findings.
    pub fn is_excluded(&self, path: &Path) -> bool {
        self.query(path, |database, file| settings::of_file(database, file).excludes(file.path(database)))
    }

    /// The unit that holds byte `offset` of the file at `path`: a method rather than its class.
    pub fn unit_at(&self, path: &Path, offset: u32) -> Option<UnitId> {
        self.query(path, |database, file| {
            let unit = units::layout(database, file).unit_at(offset)?;
            Some(UnitId { file: file.number(), name: unit.name, ordinal: unit.ordinal })
        })
    }

    /// Where `place` stands in the present text; `None` in stubs and for what is no longer there.
    pub fn location(&self, place: Place) -> Option<Location> {
        self.unless_cancelled(|database| report::location(database, place))
    }

    /// The units of the file at `path` from which evaluation starts.
    pub fn roots(&self, path: &Path) -> Vec<UnitId> {
        self.query(path, |database, file| {
            roots::roots(database, file).iter().map(|&(name, ordinal)| UnitId { file: file.number(), name, ordinal }).collect()
        })
    }

    /// Lets `question` look at the files as the analysis does.
    pub fn ask<Answer>(&self, question: impl FnOnce(&dyn World) -> Answer) -> Answer {
        self.unless_cancelled(|database| question(&DatabaseWorld::new(database)))
    }

    fn query<Answer>(&self, path: &Path, question: impl FnOnce(&dyn Db, SourceFile) -> Answer) -> Answer {
        self.unless_cancelled(|database| question(database, database.source_file(&plain(path))))
    }

    /// Answers, or unwinds with a payload that says whether a change or a bug is the cause: a thread that waited for
    /// another is told of a panic in both cases.
    fn unless_cancelled<Answer>(&self, question: impl FnOnce(&dyn Db) -> Answer) -> Answer {
        catch_unwind(AssertUnwindSafe(|| question(&self.database))).unwrap_or_else(|payload| {
            if payload.is::<salsa::Cancelled>() {
                self.database.unwind_if_revision_cancelled();
            }
            resume_unwind(payload)
        })
    }
}

/// Whether the payload of a caught panic says that a newer change cancelled the query.
pub fn is_cancellation(payload: &(dyn std::any::Any + Send)) -> bool {
    matches!(payload.downcast_ref::<salsa::Cancelled>(), Some(salsa::Cancelled::PendingWrite | salsa::Cancelled::Local))
}

/// `path` without `.` segments, so that one file has one name.
fn plain(path: &Path) -> PathBuf {
    path.components().collect()
}
