//! Settings files while they are edited: what is wrong with them is shown, and the last good text counts until it is mended.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::analysis::{Analyser, Checker};
use crate::engine::settings::{FILES, Problem};
use crate::text::Text;

/// What is wrong with one settings file.
#[derive(Clone, Debug)]
pub(super) struct SettingsReport {
    /// The file.
    pub(super) path: PathBuf,
    /// Its text.
    pub(super) text: Text,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

impl SettingsReport {
    /// What is wrong with each settings file of the project at `root`.
    pub(super) fn of_project(view: &impl Checker, root: &Path) -> Vec<Self> {
        let any = root.join(FILES[0]);
        let problems = view.settings_problems(&any);
        view.settings_files(&any).into_iter().map(|path| Self::of(view, path, &problems)).collect()
    }

    fn of(view: &impl Checker, path: PathBuf, problems: &[Problem]) -> Self {
        let problems: Vec<Problem> = problems.iter().filter(|problem| problem.place.as_ref().is_some_and(|(other, _)| *other == path)).cloned().collect();
        // A text that nobody points into is not needed.
        let text = if problems.is_empty() { None } else { view.text(&path) };
        Self { text: Text::new(&text.unwrap_or_default()), path, problems }
    }

    fn is_faulty(&self) -> bool {
        self.problems.iter().any(|problem| problem.is_fatal)
    }
}

/// The settings files that have faults, and for which their last good text stands.
#[derive(Default)]
pub(super) struct Faulty {
    files: HashMap<PathBuf, (Arc<str>, SettingsReport)>,
}

impl Faulty {
    /// Lets the engine know that the file at `path` changed.
    pub(super) fn refresh(&mut self, analyser: &mut impl Analyser, path: &Path) {
        if !path.file_name().is_some_and(|name| FILES.iter().any(|known| name == *known)) {
            analyser.refresh(path);
            return;
        }
        let good = match self.files.remove(path) {
            Some((good, _)) => {
                analyser.set_overlay(path, None);
                Some(good)
            }
            None => last_good(&analyser.view(), path),
        };
        analyser.refresh(path);
        let report = report(&analyser.view(), path);
        if let Some(good) = good.filter(|_| report.is_faulty()) {
            analyser.set_overlay(path, Some(Arc::clone(&good)));
            self.files.insert(path.to_path_buf(), (good, report));
        }
    }

    /// What is wrong with a file itself, whatever stands for it.
    pub(super) fn correct(&self, reports: &mut [SettingsReport]) {
        for report in reports {
            if let Some((_, own)) = self.files.get(&report.path) {
                *report = own.clone();
            }
        }
    }
}

/// The text that the engine knows of a file, if it is good.
fn last_good(view: &impl Checker, path: &Path) -> Option<Arc<str>> {
    if report(view, path).is_faulty() { None } else { view.text(path) }
}

fn report(view: &impl Checker, path: &Path) -> SettingsReport {
    SettingsReport::of(view, path.to_path_buf(), &view.settings_problems(path))
}
