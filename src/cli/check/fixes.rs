//! `backprobe check --fix`: what fixes make of files, and how that is written or shown.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use similar::TextDiff;

use crate::cli::failure::Failure;
use crate::cli::store::store;
use crate::cli::targets::CurrentFolder;
use crate::finding::{Applicability, Finding, Fix};
use crate::syntax::Edited;
use crate::text::{self, Edit};

/// What fixes make of files.
#[derive(Default)]
pub(super) struct Changes {
    files: BTreeMap<PathBuf, Change>,
}

/// The text of a file, as it is and as it is to be.
struct Change {
    before: Arc<str>,
    after: Arc<str>,
    /// How many fixes change it, each counted in one file.
    fixes: usize,
}

/// What one round of fixes did.
#[derive(Default)]
pub(super) struct Round {
    /// The files that changed, with their texts.
    pub(super) texts: BTreeMap<PathBuf, Arc<str>>,
    /// The findings whose fix would leave code that does not parse.
    pub(super) refused: Vec<Finding>,
}

impl Changes {
    /// Applies the fixes of `findings`, as far as they do not touch each other: what is left is found again in the new texts.
    /// `text_of` gives the texts in which they were found.
    pub(super) fn apply<'a>(&mut self, findings: impl Iterator<Item = &'a Finding>, text_of: &dyn Fn(&Path) -> Option<Arc<str>>, are_unsafe: bool) -> Round {
        let mut edited: BTreeMap<PathBuf, Edited> = BTreeMap::new();
        let mut fixes: BTreeMap<PathBuf, usize> = BTreeMap::new();
        let mut round = Round::default();
        for finding in findings {
            let Some(fix) = finding.fix.as_ref().filter(|fix| are_unsafe || fix.applicability == Applicability::Safe) else { continue };
            let Some(edits) = edits_by_file(fix, text_of) else { continue };
            let with_fix = edits.into_iter().map(|(path, (text, edits))| {
                let file = edited.get(&path).cloned().unwrap_or_else(|| Edited::new(text));
                Some((path, file.with(edits)?))
            });
            let Some(with_fix) = with_fix.collect::<Option<Vec<_>>>() else { continue };
            if with_fix.iter().all(|(_, file)| file.parses_as_before()) {
                edited.extend(with_fix);
                *fixes.entry(finding.primary.path.to_path_buf()).or_insert(0) += 1;
            } else {
                round.refused.push(finding.clone());
            }
        }
        for (path, file) in edited {
            let after: Arc<str> = Arc::from(file.text());
            round.texts.insert(path.clone(), Arc::clone(&after));
            let fixes = fixes.get(&path).copied().unwrap_or(0);
            let change = self.files.entry(path).or_insert(Change { before: file.into_before(), after: Arc::clone(&after), fixes: 0 });
            change.after = after;
            change.fixes += fixes;
        }
        round
    }

    /// How many files change, and how many fixes change them.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.files.len(), self.files.values().map(|change| change.fixes).sum())
    }

    /// The text that `path` is to have, if it changes.
    pub(super) fn text(&self, path: &Path) -> Option<&str> {
        self.files.get(path).map(|change| change.after.as_ref())
    }

    /// Writes every file but `except`. What changed since it was checked is left as it is, and counts no longer.
    pub(super) fn write(&mut self, except: Option<&Path>) -> Vec<Failure> {
        let mut failures = Vec::new();
        self.files.retain(|path, change| {
            let written = if Some(path.as_path()) == except { Ok(()) } else { change.write(path) };
            let is_written = written.is_ok();
            failures.extend(written.err());
            is_written
        });
        failures
    }

    /// Shows what would be written, as unified diffs.
    pub(super) fn show(&self, folder: &CurrentFolder, output: &mut dyn Write) -> io::Result<()> {
        for (path, Change { before, after, .. }) in &self.files {
            let name = folder.name(path);
            let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
            write!(output, "{}", diff.unified_diff().header(&name, &name))?;
        }
        Ok(())
    }
}

impl Change {
    fn write(&self, path: &Path) -> Result<(), Failure> {
        let bytes = fs::read(path).map_err(|source| Failure::Unreadable { path: path.to_owned(), source })?;
        let encoding = match text::decode(&bytes) {
            Ok(decoded) if decoded.text == *self.before => decoded.encoding,
            _ => return Err(Failure::ChangedMeanwhile(path.to_owned())),
        };
        let content = encoding.encode(&self.after).ok_or_else(|| Failure::Unencodable(path.to_owned()))?;
        store(path, &content).map_err(|source| Failure::Unwritable { path: path.to_owned(), source })
    }
}

/// A text and the edits that a fix makes in it, by file.
type EditsByFile = BTreeMap<PathBuf, (Arc<str>, Vec<Edit>)>;

/// The edits of a fix; `None` if a text is not known.
fn edits_by_file(fix: &Fix, text_of: &dyn Fn(&Path) -> Option<Arc<str>>) -> Option<EditsByFile> {
    let mut by_file = EditsByFile::new();
    for edit in &fix.edits {
        let path = edit.place.path.as_path();
        let text = text_of(path)?;
        let resolved = edit.resolved(&text);
        by_file.entry(path.to_owned()).or_insert_with(|| (text, Vec::new())).1.push(resolved);
    }
    Some(by_file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Anchor, Confidence, Family, Location, Severity};
    use crate::text::TextRange;

    const TEXT: &str = "y = f(x)\nz = g(y)\n";

    fn finding(replaced: &str, text: &str, applicability: Applicability) -> Finding {
        let start = TEXT.find(replaced).expect("the text holds it") as u32;
        let place = Location { path: Arc::new(PathBuf::from("a.py")), range: TextRange::new(start, start + replaced.len() as u32) };
        let edit = crate::finding::Edit { place: place.clone(), anchor: Anchor::Replace, text: text.to_owned() };
        Finding {
            rule: "r",
            family: Family::Modes,
            severity: Severity::Warning,
            confidence: Confidence::High,
            primary: place,
            message: String::new(),
            why: String::new(),
            help: String::new(),
            labels: Vec::new(),
            fix: Some(Fix { title: String::new(), applicability, edits: vec![edit] }),
            plan: None,
        }
    }

    /// The text after the fixes, how many were applied, and how many refused.
    fn fixed(findings: &[Finding], are_unsafe: bool) -> (String, usize, usize) {
        let mut changes = Changes::default();
        let round = changes.apply(findings.iter(), &|_| Some(Arc::from(TEXT)), are_unsafe);
        (changes.text(Path::new("a.py")).unwrap_or(TEXT).to_owned(), changes.counts().1, round.refused.len())
    }

    #[test]
    fn only_safe_fixes_are_applied_unasked() {
        let findings = [finding("f(x)", "f(1)", Applicability::Safe), finding("g(y)", "g(1)", Applicability::Unsafe)];
        assert_eq!(fixed(&findings, false), ("y = f(1)\nz = g(y)\n".to_owned(), 1, 0));
        assert_eq!(fixed(&findings, true), ("y = f(1)\nz = g(1)\n".to_owned(), 2, 0));
    }

    #[test]
    fn fixes_that_touch_each_other_wait_for_the_next_round() {
        let findings = [finding("f(x)", "f(1)", Applicability::Safe), finding("(x)", "(2)", Applicability::Safe)];
        assert_eq!(fixed(&findings, false), ("y = f(1)\nz = g(y)\n".to_owned(), 1, 0));
    }

    #[test]
    fn a_fix_that_does_not_parse_is_refused_alone() {
        let findings = [finding("f(x)", "f(1", Applicability::Safe), finding("g(y)", "g(1)", Applicability::Safe)];
        assert_eq!(fixed(&findings, false), ("y = f(x)\nz = g(1)\n".to_owned(), 1, 1));
    }

    #[test]
    fn what_changed_meanwhile_is_left_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("a.py");
        fs::write(&path, "y = f(x)\nz = h(y)\n").expect("a file can be written");
        let change = Change { before: Arc::from(TEXT), after: Arc::from("y = f(1)\n"), fixes: 1 };
        let mut changes = Changes { files: BTreeMap::from([(path.clone(), change)]) };
        assert!(matches!(changes.write(None).as_slice(), [Failure::ChangedMeanwhile(_)]));
        assert_eq!(changes.counts(), (0, 0));
        assert_eq!(fs::read_to_string(&path).expect("the file is there"), "y = f(x)\nz = h(y)\n");
    }
}
