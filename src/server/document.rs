//! One open document: its text, and the findings that are known of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::analysis::{Change, Checked, Edition, Outcome, Project, Trained};
use super::overlay::{self, Replacement};
use crate::finding::Finding;
use crate::text::{Edit, Position, PositionEncoding, Text, TextRange};

/// The client's name of a document, as the client spells it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Name(pub(super) Arc<str>);

/// One change of a document, as the client counts places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ContentChange {
    /// What is replaced; `None` is everything.
    pub(super) range: Option<(Position, Position)>,
    /// The new text.
    pub(super) text: String,
}

/// A document, as a client has it open.
pub(super) struct Document {
    /// The client's name of it.
    pub(super) name: Name,
    /// What the engine knows it by.
    pub(super) path: Arc<Path>,
    /// The client's number of the text.
    pub(super) version: i32,
    /// The text, with all changes that have arrived.
    pub(super) text: Text,
    /// When it was opened; older results are not of it.
    opened: Edition,
    /// The changes that its findings have seen.
    checked: Option<Edition>,
    known: Known,
    /// The changes since the text of `known`.
    journal: Vec<(Edition, i32, Replacement)>,
    /// When it was saved, until the findings of then are known.
    saved: Option<Edition>,
    /// How many parts did not parse when it was opened or saved. Only what breaks later is half-typed.
    accepted: usize,
}

/// What is known of a document, by the last pass over it.
struct Known {
    /// The text of then.
    text: Text,
    version: i32,
    /// What the engine says of that text.
    analysed: Arc<[Finding]>,
    /// How many of its parts do not parse.
    broken: usize,
    /// What is shown: the same, and the last good ones while the text does not parse.
    shown: Arc<[Finding]>,
    /// The texts of other files that the findings point to.
    texts: Arc<HashMap<PathBuf, Text>>,
    /// The project.
    project: Option<Arc<Project>>,
    /// What trains in that text.
    trained: Arc<[Trained]>,
}

/// A document at one moment, with the findings known of it. What an answer is made of.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// The client's name of the document.
    pub(super) name: Name,
    /// What the engine knows it by.
    pub(super) path: Arc<Path>,
    /// The client's number of the text.
    pub(super) version: i32,
    /// The text.
    pub(super) text: Text,
    /// The findings, with places in `text` or in one of `texts`.
    pub(super) findings: Arc<[Finding]>,
    /// The texts of other files that the findings point to.
    pub(super) texts: Arc<HashMap<PathBuf, Text>>,
    /// The project; `None` if it is not known, or if the document is no file.
    pub(super) project: Option<Arc<Project>>,
    /// What trains, with places in `text`; nothing while that is not known of it.
    pub(super) trained: Arc<[Trained]>,
    /// All documents that are open, to find out whether a file is one of them.
    pub(super) open: Arc<[Neighbour]>,
}

/// What is to be shown of a document.
pub(super) struct News {
    /// The document at the moment that was analysed.
    pub(super) view: View,
    /// Whether its text is new, or only the findings.
    pub(super) is_new_text: bool,
}

/// An open document, as others see it.
#[derive(Clone, Debug)]
pub(super) struct Neighbour {
    /// The client's name of it.
    pub(super) name: Name,
    /// What the engine knows it by.
    pub(super) path: Arc<Path>,
    /// The client's number of the text.
    pub(super) version: i32,
    /// The text.
    pub(super) text: Text,
}

impl View {
    /// The document as others see it.
    pub(super) fn as_neighbour(&self) -> Neighbour {
        let Self { name, path, version, text, .. } = self;
        Neighbour { name: name.clone(), path: Arc::clone(path), version: *version, text: text.clone() }
    }
}

impl Document {
    /// A document that was just opened.
    pub(super) fn new(name: Name, path: Arc<Path>, version: i32, text: Text, opened: Edition) -> Self {
        let known = Known {
            text: text.clone(),
            version,
            analysed: Arc::default(),
            broken: 0,
            shown: Arc::default(),
            texts: Arc::default(),
            project: None,
            trained: Arc::default(),
        };
        let saved = Some(opened);
        Self { name, path, version, text, opened, checked: None, known, journal: Vec::new(), saved, accepted: 0 }
    }

    /// Applies a change of the client.
    pub(super) fn change(&mut self, change: &ContentChange, version: i32, encoding: PositionEncoding, edition: Edition) {
        let range = match change.range {
            None => TextRange::new(0, self.text.len()),
            Some((start, end)) => {
                let start = self.text.offset(start, encoding);
                TextRange::new(start, self.text.offset(end, encoding).max(start))
            }
        };
        let edit = Edit { range, text: change.text.clone() };
        let before = self.text.clone();
        self.text.apply(&edit);
        self.version = version;
        self.journal.push((edition, version, Replacement::new(&edit, &before, &self.text)));
    }

    /// Takes in the result of a pass. Returns what is to be shown now, if that is something new.
    pub(super) fn take(&mut self, outcome: Outcome) -> Option<News> {
        let Outcome { edition, text, result, .. } = outcome;
        if edition < self.opened || self.checked.is_some_and(|checked| edition < checked) {
            return None;
        }
        let Checked { report, texts, project, trained, .. } = result.unwrap_or_else(|_| Checked::default());
        let analysed: Arc<[Finding]> = report.findings.into();
        let broken = report.unanalysed.iter().filter(|part| part.range.is_some()).count();
        let was_saved = self.saved.take_if(|saved| *saved <= edition).is_some();
        self.accepted = if was_saved { broken } else { self.accepted.min(broken) };
        let shown = if broken > self.accepted {
            overlay::merge(&analysed, &self.shown_at(edition)).into()
        } else {
            Arc::clone(&analysed)
        };
        let version = self.version_at(edition);
        let is_new_text = self.checked.is_none() || version != self.known.version;
        let is_news = is_new_text || shown != self.known.shown;
        self.journal.retain(|(made, ..)| *made > edition);
        self.checked = Some(edition);
        self.known = Known { text, version, analysed, broken, shown, texts: Arc::new(texts), project, trained: trained.into() };
        is_news.then(|| News { view: self.known_view(), is_new_text })
    }

    /// The document was saved: findings that only half-typed code kept go. Returns what is to be shown if that changes it.
    pub(super) fn save(&mut self, edition: Edition) -> Option<News> {
        if !self.journal.is_empty() {
            self.saved = Some(edition);
            return None;
        }
        self.accepted = self.known.broken;
        if self.known.shown == self.known.analysed {
            return None;
        }
        self.known.shown = Arc::clone(&self.known.analysed);
        Some(News { view: self.known_view(), is_new_text: false })
    }

    /// Whether the findings have seen every change up to `edition`.
    pub(super) fn is_checked(&self, edition: Edition) -> bool {
        self.checked >= Some(edition)
    }

    /// The document now; findings of an older text are shifted.
    pub(super) fn view(&self, open: Arc<[Neighbour]>) -> View {
        View {
            version: self.version,
            text: self.text.clone(),
            findings: self.shown_at(Edition(u64::MAX)).into(),
            trained: if self.journal.is_empty() { Arc::clone(&self.known.trained) } else { Arc::default() },
            open,
            ..self.known_view()
        }
    }

    /// What the analysis has to know of it.
    pub(super) fn as_change(&self) -> Change {
        Change::Text { path: Arc::clone(&self.path), text: self.text.clone() }
    }

    /// The document as others see it.
    pub(super) fn neighbour(&self) -> Neighbour {
        let Self { name, path, version, text, .. } = self;
        Neighbour { name: name.clone(), path: Arc::clone(path), version: *version, text: text.clone() }
    }

    fn known_view(&self) -> View {
        View {
            name: self.name.clone(),
            path: Arc::clone(&self.path),
            version: self.known.version,
            text: self.known.text.clone(),
            findings: Arc::clone(&self.known.shown),
            texts: Arc::clone(&self.known.texts),
            project: self.known.project.clone(),
            trained: Arc::clone(&self.known.trained),
            open: Arc::default(),
        }
    }

    /// What is shown, shifted by the changes up to `edition`.
    fn shown_at(&self, edition: Edition) -> Vec<Finding> {
        let changes = self.journal.iter().take_while(|(made, ..)| *made <= edition);
        changes.fold(self.known.shown.to_vec(), |findings, (_, _, replacement)| overlay::shift(&findings, &self.path, *replacement))
    }

    fn version_at(&self, edition: Edition) -> i32 {
        let made = self.journal.iter().take_while(|(made, ..)| *made <= edition).last();
        made.map_or(self.known.version, |(_, version, _)| *version)
    }
}
