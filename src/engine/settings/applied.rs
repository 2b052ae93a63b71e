//! What settings make of the findings of a file.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{Selector, Settings};
use crate::finding::Finding;

/// The folder of tests where none is set.
const TEST_FOLDER: &str = "tests";

/// Settings, ready to be applied to the files of a project.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Applied {
    settings: Settings,
    /// What patterns and paths are relative to.
    folder: PathBuf,
    excluded: Patterns,
    per_file: Vec<(Patterns, Vec<Selector>)>,
}

impl PartialEq for Applied {
    fn eq(&self, other: &Self) -> bool {
        // The rest follows from these.
        (&self.settings, &self.folder) == (&other.settings, &other.folder)
    }
}

impl Eq for Applied {}

impl Applied {
    /// These settings, of a file in `folder`, and the patterns that are none: they are left out.
    pub(super) fn new(settings: Settings, folder: PathBuf) -> (Self, Vec<WrongPattern>) {
        let mut wrong = Vec::new();
        let exclude: Vec<&str> = settings.exclude.iter().flatten().map(String::as_str).collect();
        let excluded = Patterns::new("exclude", &exclude, &mut wrong);
        let tables = settings.per_file_ignores.iter().flatten();
        let per_file = tables.map(|(pattern, rules)| (Patterns::new("per-file-ignores", &[pattern], &mut wrong), rules.clone())).collect();
        (Self { settings, folder, excluded, per_file }, wrong)
    }

    /// Whether the file at `path` has no findings.
    pub(in crate::engine) fn excludes(&self, path: &Path) -> bool {
        self.excluded.include(path, &self.folder)
    }

    /// The findings of the file at `path` that are shown, as bad as they are to be.
    pub(in crate::engine) fn select(&self, path: &Path, findings: &mut Vec<Finding>) {
        let silent: Vec<&Selector> = self.per_file.iter().filter(|(patterns, _)| patterns.include(path, &self.folder)).flat_map(|(_, rules)| rules).collect();
        findings.retain(|finding| self.speaks(finding) && !silent.iter().any(|rule| rule.includes(finding.rule, finding.family)));
        for finding in findings {
            if let Some(level) = self.settings.severity.as_ref().and_then(|severity| severity.get(finding.rule)) {
                finding.severity = level.0;
            }
        }
    }

    fn speaks(&self, finding: &Finding) -> bool {
        let includes = |rules: &[Selector]| rules.iter().any(|rule| rule.includes(finding.rule, finding.family));
        self.settings.select.as_deref().is_none_or(includes) && !self.settings.ignore.as_deref().is_some_and(includes)
    }

    /// The folder that tests are written into.
    pub(in crate::engine) fn test_folder(&self) -> PathBuf {
        self.folder.join(self.settings.test_directory.as_deref().unwrap_or(TEST_FOLDER))
    }

    /// The folders of stubs of the project, the first before the others.
    pub(super) fn stub_folders(&self) -> Vec<PathBuf> {
        below(&self.folder, self.settings.stubs.as_ref())
    }
}

/// The paths of `folders`, which are relative to `folder`.
pub(super) fn below(folder: &Path, folders: Option<&Vec<String>>) -> Vec<PathBuf> {
    folders.into_iter().flatten().map(|other| folder.join(other).components().collect()).collect()
}

/// A pattern that is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct WrongPattern {
    /// The setting that holds it.
    pub(super) key: &'static str,
    /// The pattern.
    pub(super) pattern: String,
    /// Why it is none.
    pub(super) reason: String,
}

/// Patterns as in `.gitignore`.
#[derive(Clone, Debug)]
struct Patterns(Gitignore);

impl Patterns {
    fn new(key: &'static str, patterns: &[&str], wrong: &mut Vec<WrongPattern>) -> Self {
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            if let Err(error) = builder.add_line(None, pattern) {
                wrong.push(WrongPattern { key, pattern: (*pattern).to_owned(), reason: error.to_string() });
            }
        }
        Self(builder.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    /// Whether they are about the file at `path`, seen from `folder`.
    fn include(&self, path: &Path, folder: &Path) -> bool {
        path.strip_prefix(folder).is_ok_and(|relative| !relative.has_root() && self.0.matched_path_or_any_parents(relative, false).is_ignore())
    }
}
