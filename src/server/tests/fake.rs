//! An engine whose findings can be read off the text.
//!
//! - A word that begins with `BUG` is a finding. Its fix removes the word, and is safe if the word ends in `safe`.
//! - The first word `OTHER` of the file is its label, and so is the word `OTHER` of `/p/other.py`.
//! - From `(((` on the text does not parse.
//! - The word `Net` trains, and its test asks for all.
//! - A text with the word `PANIC` panics.
//! - A text with the word `WAIT` is not done before the engine is released.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};

use super::super::proof::{ReadText, TestFile};
use super::super::analysis::{Analyser, Checker, Project, Trained};
use crate::engine::settings::{Given, Problem};
use crate::engine::{Files, Memory, Report, Unanalysed};
use crate::finding::{Anchor, Applicability, Confidence, Edit, Family, Finding, Fix, Label, Location, Loss, Property, Severity, Style, Subject, TestPlan};
use crate::text::TextRange;

/// The file that findings point to.
pub(super) const OTHER: &str = "/p/other.py";

/// The texts that the fake engine was told of, to be looked at from outside.
pub(super) type Overlays = Arc<Mutex<HashMap<PathBuf, Arc<str>>>>;

/// Set, and told, once texts that wait may be done.
pub(super) type Released = Arc<(Mutex<bool>, Condvar)>;

/// The engine.
#[derive(Clone, Default)]
pub(super) struct Fake {
    pub(super) overlays: Overlays,
    /// Whether texts that wait may be done.
    pub(super) released: Released,
    pub(super) files: Memory,
}

/// A view of it.
pub(super) struct FakeView {
    released: Released,
    overlays: HashMap<PathBuf, Arc<str>>,
    files: Memory,
}

impl Analyser for Fake {
    type View = FakeView;

    fn set_overlay(&mut self, path: &Path, text: Option<Arc<str>>) {
        let mut overlays = self.overlays.lock().expect("nobody panics with the lock");
        match text {
            Some(text) => overlays.insert(path.to_path_buf(), text),
            None => overlays.remove(path),
        };
    }

    fn refresh(&mut self, _: &Path) {}

    fn configure(&mut self, _: Given) {}

    fn view(&self) -> FakeView {
        FakeView { released: Arc::clone(&self.released), overlays: self.overlays.lock().expect("nobody panics with the lock").clone(), files: self.files.clone() }
    }
}

impl Checker for FakeView {
    fn check(&self, path: &Path) -> Report {
        let text = self.text(path).unwrap_or_default();
        assert!(!text.contains("PANIC"), "the text wants a panic");
        let (is_released, released) = &*self.released;
        let guard = is_released.lock().expect("nobody panics with the lock");
        drop(released.wait_while(guard, |is_released| !*is_released && text.contains("WAIT")).expect("nobody panics with the lock"));
        let broken = text.find("(((");
        let label = |path: &Path, text: &str| {
            let place = word(text, "OTHER").map(|range| location(path, range))?;
            Some(Label { place, message: "see here".to_owned() })
        };
        let own = label(path, &text);
        let other = self.text(Path::new(OTHER)).and_then(|text| label(Path::new(OTHER), &text));
        let labels: Vec<_> = own.into_iter().chain(other.filter(|_| path != Path::new(OTHER))).collect();
        let bugs = bugs(&text).into_iter().filter(|range| broken.is_none_or(|broken| (range.end as usize) < broken));
        Report {
            findings: bugs.map(|range| finding(path, &text, range, &labels)).collect(),
            unanalysed: broken
                .map(|at| Unanalysed { range: Some(TextRange::new(at as u32, text.len() as u32)), reason: "syntax error".to_owned() })
                .into_iter()
                .collect(),
        }
    }

    fn trained(&self, path: &Path) -> Vec<Trained> {
        let text = self.text(path).unwrap_or_default();
        word(&text, "Net").map(|range| Trained { name: "Net", range }).into_iter().collect()
    }

    fn training_tests(&self, _: &Path, name: &str) -> Vec<TestPlan> {
        let subject = Subject::Unreachable { name: name.to_owned(), missing: "all".to_owned() };
        let (style, loss, property) = (Style::Objects, Loss::Probe, Property::Trains(Vec::new()));
        vec![TestPlan { style, has_state: false, module: "it".to_owned(), subject, inputs: Vec::new(), loss, optimizer: None, property }]
    }

    fn project(&self, _: &Path) -> Project {
        Project { root: PathBuf::from("/p"), tests: PathBuf::from("/p/tests"), rules: Vec::new() }
    }

    fn settings_files(&self, _: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    fn settings_problems(&self, _: &Path) -> Vec<Problem> {
        Vec::new()
    }

    fn text(&self, path: &Path) -> Option<Arc<str>> {
        let stored = || String::from_utf8(self.files.read(path).ok()?).ok().map(Arc::from);
        self.overlays.get(path).cloned().or_else(stored)
    }
}

fn finding(path: &Path, text: &str, range: TextRange, labels: &[Label]) -> Finding {
    let word = &text[range.indices()];
    let applicability = if word.ends_with("safe") { Applicability::Safe } else { Applicability::Unsafe };
    let edit = Edit { place: location(path, range), anchor: Anchor::Replace, text: String::new() };
    Finding {
        rule: "a-bug",
        family: Family::Layers,
        severity: Severity::Warning,
        confidence: Confidence::High,
        primary: location(path, range),
        message: format!("`{word}` is a bug"),
        why: "bugs are bad".to_owned(),
        help: "remove it".to_owned(),
        labels: labels.to_vec(),
        fix: Some(Fix { title: format!("Remove `{word}`"), applicability, edits: vec![edit] }),
        plan: None,
    }
}

fn location(path: &Path, range: TextRange) -> Location {
    Location { path: Arc::new(path.to_path_buf()), range }
}

/// The words that begin with `BUG`.
pub(super) fn bugs(text: &str) -> Vec<TextRange> {
    words(text).filter(|range| text[range.indices()].starts_with("BUG")).collect()
}

fn word(text: &str, word: &str) -> Option<TextRange> {
    words(text).find(|range| text[range.indices()] == *word)
}

fn words(text: &str) -> impl Iterator<Item = TextRange> {
    let mut start = 0;
    text.split(|character: char| !character.is_ascii_alphanumeric()).filter_map(move |word| {
        let range = TextRange::new(start, start + word.len() as u32);
        start = range.end + text[range.end as usize..].chars().next().map_or(0, char::len_utf8) as u32;
        (!word.is_empty()).then_some(range)
    })
}

/// Writes a test: a line for each finding, after what is there. The word `UNTESTED` in the file refuses it.
pub(super) fn write_test(finding: &Finding, project: &Project, read: ReadText<'_>) -> Option<TestFile> {
    let path = project.tests.join("test_it.py");
    if read(&finding.primary.path)?.contains("UNTESTED") {
        return None;
    }
    let before = read(&path).unwrap_or_default();
    let line = format!("# {}\n", finding.message);
    let text = if before.contains(&line) { before } else { before + &line };
    let start = text.find(&line)? as u32;
    Some(TestFile { path, text, test: TextRange::new(start, start + 1) })
}
