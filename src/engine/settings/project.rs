//! The settings of a project: those of its file, and those that the front end was given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::read::{Read, read};
use super::{Applied, FILES, Settings, TABLE};
use crate::engine::database::{Db, Folder, SourceFile};
use crate::engine::folders::{folder_of, project_root};
use crate::engine::source::source;
use crate::text::TextRange;

/// Settings that do not stand in the files of projects.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Given {
    /// The file that is read instead of those of projects.
    pub file: Option<PathBuf>,
    /// What counts more than the files of projects.
    pub over: Settings,
    /// What counts less than the files of projects, for the projects in these folders.
    pub under: Vec<(PathBuf, Settings)>,
}

/// The settings that the front end was given.
#[salsa::input(singleton)]
pub(in crate::engine) struct GivenSettings {
    #[returns(ref)]
    pub(in crate::engine) given: Arc<Given>,
}

/// Something wrong with the settings of a project.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Problem {
    /// The file and the place in it; `None` for what the front end was given.
    pub place: Option<(PathBuf, TextRange)>,
    /// What is wrong, and what was probably meant.
    pub message: String,
    /// Whether the settings are none because of it; otherwise it is worth knowing only.
    pub is_fatal: bool,
}

/// What the front end was given.
fn given(db: &dyn Db) -> Arc<Given> {
    Arc::clone(GivenSettings::get(db).given(db))
}

/// What the settings file at `file` says.
#[salsa::tracked(returns(ref))]
fn file_settings(db: &dyn Db, file: SourceFile) -> Read {
    let Some(text) = &source(db, file).text else { return Read::default() };
    let is_own = file.path(db).file_name().is_none_or(|name| name != FILES[1]);
    let table: Vec<&str> = if is_own { Vec::new() } else { TABLE.split('.').collect() };
    read(text, &table)
}

/// The settings files of the project at `root` that exist, the one that counts first.
fn files(db: &dyn Db, root: Folder) -> Vec<(SourceFile, &Read)> {
    let paths: Vec<PathBuf> = match &given(db).file {
        Some(file) => vec![file.clone()],
        None => FILES.iter().map(|name| root.path(db).join(name)).collect(),
    };
    let files = paths.iter().map(|path| db.source_file(path)).map(|file| (file, file_settings(db, file)));
    files.filter(|(_, read)| read.table.is_some() || !read.faults.is_empty()).collect()
}

/// The settings of a project and what is wrong with them.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Judged {
    applied: Arc<Applied>,
    problems: Vec<Problem>,
}

/// Which of the settings count, and whether they can.
#[salsa::tracked(returns(ref))]
fn judged(db: &dyn Db, root: Folder) -> Judged {
    let files = files(db, root);
    let mut problems = Vec::new();
    let mut settings = Settings::default();
    let mut folder = root.path(db).to_path_buf();
    if let Some((file, read)) = files.first() {
        let path: &Path = file.path(db);
        settings = read.settings.clone();
        folder = path.parent().unwrap_or(path).to_path_buf();
        let fatal = |fault: &super::read::Fault| Problem { place: Some((path.to_path_buf(), fault.range)), message: fault.message.clone(), is_fatal: true };
        problems.extend(read.faults.iter().map(fatal));
    }
    for (file, read) in files.iter().skip(1) {
        let place = Some((file.path(db).to_path_buf(), read.table.unwrap_or_default()));
        let message = format!("`[{TABLE}]` is not read, since there is a `{}`", FILES[0]);
        problems.push(Problem { place, message, is_fatal: false });
    }
    let given = given(db);
    let nearest = given.under.iter().filter(|(under, _)| root.path(db).starts_with(under)).max_by_key(|(under, _)| under.as_os_str().len());
    for outer in [Some(&given.over), nearest.map(|(_, settings)| settings)].into_iter().flatten() {
        problems.extend(outer.unknown_names().into_iter().map(|name| Problem { place: None, message: format!("`{}`: {}", name.key, name.message), is_fatal: true }));
    }
    let settings = given.over.clone().or(&settings);
    let settings = nearest.map_or(settings.clone(), |(_, under)| settings.or(under));
    let (applied, wrong) = Applied::new(settings, folder);
    problems.extend(wrong.into_iter().map(|wrong| Problem {
        place: files.first().map(|(file, _)| (file.path(db).to_path_buf(), place_of(db, *file, &wrong.pattern))),
        message: format!("`{}`: `{}` is no pattern: {}", wrong.key, wrong.pattern, wrong.reason),
        is_fatal: true,
    }));
    Judged { applied: Arc::new(applied), problems }
}

/// Where `word` stands in a settings file.
fn place_of(db: &dyn Db, file: SourceFile, word: &str) -> TextRange {
    let text = source(db, file).text.as_deref().unwrap_or_default();
    text.find(word).map_or(TextRange::default(), |at| TextRange::new(at as u32, (at + word.len()) as u32))
}

/// The settings of the project to which `file` belongs.
pub(in crate::engine) fn of_file(db: &dyn Db, file: SourceFile) -> &Applied {
    &judged(db, project_root(db, folder_of(db, file))).applied
}

/// The folders in which the project at `root` keeps stubs. The analysis rests on these alone of all settings.
#[salsa::tracked(returns(deref))]
pub(in crate::engine) fn stub_folders(db: &dyn Db, root: Folder) -> Vec<PathBuf> {
    judged(db, root).applied.stub_folders()
}

/// What is wrong with the settings of the project at `root`.
pub(in crate::engine) fn problems(db: &dyn Db, root: Folder) -> &[Problem] {
    &judged(db, root).problems
}
