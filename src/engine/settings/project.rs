//! The settings of a project: those of its file, and those that the front end was given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::applied::below;
use super::own::own_rules;
use super::read::{Fault, Read, read};
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
fn settings_files(db: &dyn Db, root: Folder) -> Vec<(SourceFile, &Read)> {
    let paths: Vec<PathBuf> = match &given(db).file {
        Some(file) => vec![file.clone()],
        None => FILES.iter().map(|name| root.path(db).join(name)).collect(),
    };
    let files = paths.iter().map(|path| db.source_file(path)).map(|file| (file, file_settings(db, file)));
    files.filter(|(_, read)| read.table.is_some() || !read.faults.is_empty()).collect()
}

/// What the front end was given for the project at `root` that counts less than its file.
fn under<'given>(db: &dyn Db, root: Folder, given: &'given Given) -> Option<&'given Settings> {
    let around = given.under.iter().filter(|(folder, _)| root.path(db).starts_with(folder));
    around.max_by_key(|(folder, _)| folder.as_os_str().len()).map(|(_, settings)| settings)
}

/// The settings `own` of the file of the project at `root`, with what the front end was given over and under them.
fn merged(db: &dyn Db, root: Folder, own: &Settings) -> Settings {
    let given = given(db);
    let settings = given.over.clone().or(own);
    match under(db, root, &given) {
        Some(under) => settings.or(under),
        None => settings,
    }
}

/// The folder to which the settings of the project at `root` are relative.
fn folder_of_settings(db: &dyn Db, root: Folder) -> PathBuf {
    let file = settings_files(db, root).first().and_then(|(file, _)| file.path(db).parent().map(Path::to_path_buf));
    file.unwrap_or_else(|| root.path(db).to_path_buf())
}

/// The folders in which the project at `root` keeps its own rules.
#[salsa::tracked(returns(deref))]
pub(super) fn query_folders(db: &dyn Db, root: Folder) -> Vec<PathBuf> {
    let own = settings_files(db, root).first().map(|(_, read)| read.settings.clone()).unwrap_or_default();
    below(&folder_of_settings(db, root), merged(db, root, &own).queries.as_ref())
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
    let files = settings_files(db, root);
    let own_rules = own_rules(db, root);
    let mut problems = own_rules.problems.clone();
    let mut own = Settings::default();
    if let Some((file, read)) = files.first() {
        let faults: Vec<Fault> = read.faults.iter().cloned().chain(read.unknown_names(&own_rules.names)).collect();
        if faults.is_empty() {
            own = read.settings.clone();
        }
        problems.extend(faults.into_iter().map(|fault| Problem { place: Some((file.path(db).to_path_buf(), fault.range)), message: fault.message, is_fatal: true }));
    }
    for (file, read) in files.iter().skip(1) {
        let place = Some((file.path(db).to_path_buf(), read.table.unwrap_or_default()));
        let message = format!("`[{TABLE}]` is not read, since there is a `{}`", FILES[0]);
        problems.push(Problem { place, message, is_fatal: false });
    }
    let given = given(db);
    for outer in [Some(&given.over), under(db, root, &given)].into_iter().flatten() {
        let unknown = outer.unknown_names(&own_rules.names).into_iter();
        problems.extend(unknown.map(|name| Problem { place: None, message: format!("`{}`: {}", name.key, name.message), is_fatal: true }));
    }
    let (applied, wrong) = Applied::new(merged(db, root, &own), folder_of_settings(db, root));
    problems.extend(wrong.into_iter().map(|wrong| Problem {
        place: files.first().map(|(file, _)| (file.path(db).to_path_buf(), place_of(db, *file, &wrong.pattern))),
        message: format!("`{}`: `{}` is no pattern: {}", wrong.key, wrong.pattern, wrong.reason),
        is_fatal: true,
    }));
    Judged { applied: Arc::new(applied), problems }
}

/// The files that hold settings and rules of the project at `root`, or would.
pub(in crate::engine) fn files(db: &dyn Db, root: Folder) -> Vec<PathBuf> {
    let own = FILES.iter().map(|name| root.path(db).join(name));
    own.chain(own_rules(db, root).files.iter().cloned()).collect()
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
