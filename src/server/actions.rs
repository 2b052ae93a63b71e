//! What can be done about a finding: mend it, prove it with a unit test, ignore it; and about what trains: write its training test.
//!
//! Actions are plain data: which files change and how. Nothing is written here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::analysis::Trained;
use super::document::{Neighbour, View};
use super::proof::{ReadText, TestFile, WriteTest, write_tests};
use crate::engine::Files;
use crate::finding::{Applicability, Finding, Fix, TestPlan};
use crate::syntax::{Edited, suppressed, suppressed_in_file};
use crate::text::{Edit, PositionEncoding, Text, TextRange, decode};

/// What an action does about a finding, or about all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// Mends the finding.
    Fix,
    /// Writes the test that proves it, or shows it if it is written.
    Test,
    /// Silences it where it is.
    Ignore,
    /// Silences its rule in the file.
    IgnoreInFile,
    /// Writes the tests of something that trains.
    Train,
    /// Mends all findings that can be mended safely.
    FixAll,
}

impl Kind {
    /// The kinds that are about one finding, the most useful first.
    const OF_ONE: [Self; 4] = [Self::Fix, Self::Test, Self::Ignore, Self::IgnoreInFile];
    /// All kinds.
    pub(super) const ALL: [Self; 6] = [Self::Fix, Self::Test, Self::Ignore, Self::IgnoreInFile, Self::Train, Self::FixAll];
}

/// An offer to change files because of a finding.
#[derive(Clone, Debug)]
pub(super) struct Action {
    /// What it does.
    pub(super) kind: Kind,
    /// The same, for a menu.
    pub(super) title: String,
    /// Whether it is the obvious thing to do, and may be done unseen.
    pub(super) is_preferred: bool,
    /// Whether it changes nothing but what it says.
    pub(super) is_safe: bool,
    /// The finding it is about; `None` if it is about all, or about something that trains.
    pub(super) finding: Option<Finding>,
    /// The name of what trains.
    pub(super) trained: Option<&'static str>,
    /// What changes, file by file.
    pub(super) changes: Vec<FileChange>,
    /// What is shown once that is done.
    pub(super) shows: Option<Place>,
}

/// A place to be shown.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The file.
    pub(super) file: File,
    /// Its text then.
    pub(super) text: Text,
    /// Bytes of that text.
    pub(super) range: TextRange,
}

/// The edits of one file.
#[derive(Clone, Debug)]
pub(super) struct FileChange {
    /// The file.
    pub(super) file: File,
    /// Its edits, none of which overlap.
    pub(super) edits: Vec<Edit>,
}

/// A file that an action changes.
#[derive(Clone, Debug)]
pub(super) enum File {
    /// It is open, and the edits are for this version of it.
    Open(Neighbour),
    /// It is stored, with this text.
    Stored(PathBuf, Text),
    /// It does not exist.
    New(PathBuf),
}

impl File {
    fn path(&self) -> PathBuf {
        match self {
            Self::Open(document) => document.path.to_path_buf(),
            Self::Stored(path, _) | Self::New(path) => path.clone(),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Open(document) => document.text.to_string(),
            Self::Stored(_, text) => text.to_string(),
            Self::New(_) => String::new(),
        }
    }
}

/// Where actions get what the document does not hold.
#[derive(Clone)]
pub(super) struct Sources {
    /// Files that are not open.
    pub(super) files: Arc<dyn Files>,
    /// Writes tests.
    pub(super) write_test: WriteTest,
}

/// Which actions are wanted.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Actions of these kinds.
    pub(super) kinds: Vec<Kind>,
    /// Findings that touch these bytes.
    pub(super) range: TextRange,
    /// Findings of these rules on these lines, which the client shows there.
    pub(super) shown: Vec<(String, u32)>,
}

impl Wanted {
    /// Whether a place is in the lines that are meant.
    fn reaches(&self, place: TextRange, text: &Text) -> bool {
        let line = |offset| text.position(offset, PositionEncoding::Utf8).line;
        line(place.start) <= line(self.range.end) && line(self.range.start) <= line(place.end)
    }

    fn includes(&self, finding: &Finding, text: &Text) -> bool {
        let place = finding.primary.range;
        let line = || text.position(place.start, PositionEncoding::Utf8).line;
        place.overlaps(self.range) || self.shown.iter().any(|(rule, at)| rule == finding.rule && *at == line())
    }
}

/// The wanted actions of a document, for each finding the most useful first.
pub(super) fn at(view: &View, wanted: &Wanted, sources: &Sources) -> Vec<Action> {
    let findings = view.findings.iter().filter(|finding| wanted.includes(finding, &view.text));
    let kinds = Kind::OF_ONE.into_iter().filter(|kind| wanted.kinds.contains(kind));
    let of_one = findings.flat_map(|finding| kinds.clone().filter_map(|kind| of(kind, finding, view, sources)));
    let of_trained = view.trained.iter().filter(|trained| wanted.kinds.contains(&Kind::Train) && wanted.reaches(trained.range, &view.text));
    let of_all = wanted.kinds.contains(&Kind::FixAll).then(|| fix_all(view)).flatten();
    told_apart(of_one.chain(of_trained.map(|trained| train(trained, Vec::new()))).chain(of_all).collect())
}

/// The same actions; those that would read alike name their rule.
fn told_apart(actions: Vec<Action>) -> Vec<Action> {
    let titles: Vec<String> = actions.iter().map(|action| action.title.clone()).collect();
    let is_unique = |action: &Action| titles.iter().filter(|title| **title == action.title).count() == 1;
    let named = |action: Action| match &action.finding {
        Some(finding) if !is_unique(&action) => Action { title: format!("{} ({})", action.title, finding.rule), ..action },
        _ => action,
    };
    actions.into_iter().map(named).collect()
}

/// The action that writes the tests of `trained`.
fn train(trained: &Trained, changes: Vec<FileChange>) -> Action {
    let title = format!("Write a training test for `{}`", trained.name);
    Action { kind: Kind::Train, title, is_preferred: false, is_safe: true, finding: None, trained: Some(trained.name), changes, shows: None }
}

/// The same with what it changes and shows, once its tests are planned. `None` if they cannot be added to the tests that are there.
pub(super) fn trained(view: &View, name: &str, plans: &[TestPlan], sources: &Sources) -> Option<Action> {
    let trained = view.trained.iter().find(|trained| trained.name == name)?;
    let project = view.project.as_deref()?;
    let Test { missing, place } = written(view, sources, &|read| write_tests(trained.name, plans, &view.path, project, read))?;
    Some(Action { shows: Some(place), ..train(trained, missing.into_iter().collect()) })
}

/// The action of this kind about the finding of a rule that begins at a byte, or about all.
pub(super) fn again(view: &View, kind: Kind, finding: Option<(&str, u32)>, sources: &Sources) -> Option<Action> {
    let Some((rule, start)) = finding else { return fix_all(view) };
    let finding = view.findings.iter().find(|finding| finding.rule == rule && finding.primary.range.start == start)?;
    of(kind, finding, view, sources)
}

/// The action of a kind for one finding.
fn of(kind: Kind, finding: &Finding, view: &View, sources: &Sources) -> Option<Action> {
    let rule = finding.rule;
    let mut is_preferred = false;
    let mut is_safe = true;
    let mut shows = None;
    let (title, changes) = match kind {
        Kind::Fix => {
            let fix = finding.fix.as_ref()?;
            is_safe = fix.applicability == Applicability::Safe;
            is_preferred = is_safe;
            (fix.title.clone(), fix_changes(fix, view)?)
        }
        Kind::Test => {
            let Test { missing, place } = test(finding, view, sources)?;
            shows = Some(place);
            let title = if missing.is_some() { "Write a unit test for this finding" } else { "Show the unit test of this finding" };
            (title.to_owned(), missing.into_iter().collect())
        }
        Kind::Ignore => (format!("Ignore {rule} here"), vec![own_change(view, suppressed(&view.text.to_string(), finding.primary.range.start, rule))]),
        Kind::IgnoreInFile => (format!("Ignore {rule} in this file"), vec![own_change(view, suppressed_in_file(&view.text.to_string(), rule))]),
        Kind::FixAll | Kind::Train => return None,
    };
    Some(Action { kind, title, is_preferred, is_safe, finding: Some(finding.clone()), trained: None, changes, shows })
}

/// An edit of the document itself.
fn own_change(view: &View, edit: Edit) -> FileChange {
    FileChange { file: File::Open(view.as_neighbour()), edits: vec![edit] }
}

/// The action that applies all safe fixes, as far as they do not touch each other and leave code that parses; `None` if there are none.
fn fix_all(view: &View) -> Option<Action> {
    let mut edited: BTreeMap<PathBuf, (File, Edited)> = BTreeMap::new();
    let fixes = view.findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.applicability == Applicability::Safe);
    for changes in fixes.filter_map(|fix| fix_changes(fix, view)) {
        let with_fix = changes.into_iter().map(|change| {
            let path = change.file.path();
            let before = edited.get(&path).map_or_else(|| Edited::new(change.file.text().into()), |(_, edited)| edited.clone());
            Some((path, (change.file, before.with(change.edits)?)))
        });
        let Some(with_fix) = with_fix.collect::<Option<Vec<_>>>() else { continue };
        if with_fix.iter().all(|(_, (_, edited))| edited.parses_as_before()) {
            edited.extend(with_fix);
        }
    }
    let changes: Vec<FileChange> = edited.into_values().map(|(file, edited)| FileChange { file, edits: edited.edits().to_vec() }).collect();
    let title = "Apply all safe fixes of backprobe".to_owned();
    (!changes.is_empty()).then_some(Action { kind: Kind::FixAll, title, is_preferred: false, is_safe: true, finding: None, trained: None, changes, shows: None })
}

/// The edits of a fix, by file; `None` if a file cannot be read.
fn fix_changes(fix: &Fix, view: &View) -> Option<Vec<FileChange>> {
    let mut by_path: BTreeMap<&Path, Vec<_>> = BTreeMap::new();
    for edit in &fix.edits {
        by_path.entry(edit.place.path.as_path()).or_default().push(edit);
    }
    let change = |(path, edits): (&Path, Vec<&crate::finding::Edit>)| {
        let (file, text) = if *path == *view.path {
            (File::Open(view.as_neighbour()), view.text.clone())
        } else {
            // Byte offsets hold for the text that was analysed, and for no other.
            let analysed = view.texts.get(path)?;
            match neighbour(view, path) {
                Some(open) if open.text == *analysed => (File::Open(open.clone()), analysed.clone()),
                Some(_) => return None,
                None => (File::Stored(path.to_path_buf(), analysed.clone()), analysed.clone()),
            }
        };
        let text = text.to_string();
        Some(FileChange { file, edits: edits.into_iter().map(|edit| edit.resolved(&text)).collect() })
    };
    let changes: Vec<_> = by_path.into_iter().map(change).collect::<Option<_>>()?;
    (!changes.is_empty()).then_some(changes)
}

/// A test that is wanted.
struct Test {
    /// How it is written, if it is not there.
    missing: Option<FileChange>,
    /// Where its name is then.
    place: Place,
}

/// The test of a finding; `None` if no test proves it.
fn test(finding: &Finding, view: &View, sources: &Sources) -> Option<Test> {
    written(view, sources, &|read| (sources.write_test)(finding, view.project.as_deref()?, read))
}

/// The test that `write` writes.
fn written(view: &View, sources: &Sources, write: &dyn Fn(ReadText<'_>) -> Option<TestFile>) -> Option<Test> {
    let read = |path: &Path| match neighbour(view, path) {
        Some(open) => Some(open.text.to_string()),
        None => stored(&*sources.files, path),
    };
    let test = write(&read)?;
    let (file, before) = match (neighbour(view, &test.path), stored(&*sources.files, &test.path)) {
        (Some(open), _) => (File::Open(open.clone()), open.text.to_string()),
        (None, Some(before)) => (File::Stored(test.path, Text::new(&before)), before),
        (None, None) => (File::New(test.path), String::new()),
    };
    let place = Place { file: file.clone(), text: Text::new(&test.text), range: test.test };
    Some(Test { missing: difference(&before, &test.text).map(|edit| FileChange { file, edits: vec![edit] }), place })
}

fn neighbour<'view>(view: &'view View, path: &Path) -> Option<&'view Neighbour> {
    view.open.iter().find(|open| *open.path == *path)
}

fn stored(files: &dyn Files, path: &Path) -> Option<String> {
    let bytes = files.read(path).ok()?;
    decode(&bytes).ok().map(|decoded| decoded.text)
}

/// The one edit that turns `before` into `after`; `None` if they are equal.
fn difference(before: &str, after: &str) -> Option<Edit> {
    if before == after {
        return None;
    }
    let same = |(a, b): &(char, char)| a == b;
    let prefix: usize = before.chars().zip(after.chars()).take_while(same).map(|(a, _)| a.len_utf8()).sum();
    let ends = before[prefix..].chars().rev().zip(after[prefix..].chars().rev());
    let suffix: usize = ends.take_while(same).map(|(a, _)| a.len_utf8()).sum();
    let range = TextRange::new(prefix as u32, (before.len() - suffix) as u32);
    Some(Edit { range, text: after[prefix..after.len() - suffix].to_owned() })
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_is_one_edit() {
        for (before, after) in [("", "a"), ("a", ""), ("aba", "aa"), ("aa", "aba"), ("aé", "aè"), ("import a\n", "import a\nimport b\n")] {
            let edit = difference(before, after).expect("they differ");
            let mut text = before.to_owned();
            text.replace_range(edit.range.indices(), &edit.text);
            assert_eq!(text, after);
        }
        assert_eq!(difference("a", "a"), None);
    }
}
