//! Edits of code that come from many sides: whether they go together, and whether the code still parses.

use std::sync::Arc;

use super::{Words, errors, outline};
use crate::text::{Edit, TextRange};

/// A text with the edits that it is to get, none of which touch.
#[derive(Clone, Debug)]
pub struct Edited {
    before: Arc<str>,
    edits: Vec<Edit>,
}

impl Edited {
    /// No edits yet.
    pub fn new(before: Arc<str>) -> Self {
        Self { before, edits: Vec::new() }
    }

    /// The same with more edits; `None` if they touch one that it has.
    pub fn with(mut self, more: Vec<Edit>) -> Option<Self> {
        for edit in more {
            let is_apart = |other: &Edit| edit.range.end < other.range.start || other.range.end < edit.range.start;
            if !self.edits.iter().all(is_apart) {
                return None;
            }
            self.edits.push(edit);
        }
        self.edits.sort_by_key(|edit| edit.range.start);
        Some(self)
    }

    /// The edits, in the order of the text.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The text without its edits.
    pub fn into_before(self) -> Arc<str> {
        self.before
    }

    /// The text with its edits.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut at = 0;
        for Edit { range, text: new } in &self.edits {
            text.push_str(&self.before[TextRange::new(at, range.start).indices()]);
            text.push_str(new);
            at = range.end;
        }
        text.push_str(&self.before[at as usize..]);
        text
    }

    /// Whether the edits leave no more errors than there were.
    pub fn parses_as_before(&self) -> bool {
        let count = |text: &str| errors(text, &outline(text, &Words::new([""; 0])).1).len();
        count(&self.text()) <= count(&self.before)
    }
}
