//! The last good findings of a document, moved along with its text.
//!
//! Half-typed code has no findings of its own: what was known before the edit stays, shifted, until the text parses or is
//! saved. What an edit touched is no longer known and goes.

use std::path::Path;
use std::sync::Arc;

use crate::finding::{self, Finding, Fix, Label, Location};
use crate::text::{Edit, Text, TextRange};

/// A replacement of a range by other text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Replacement {
    /// What was replaced, in the text before.
    range: TextRange,
    /// The length of the new text.
    inserted: u32,
    /// Whether a word now runs across the start of the new text.
    joins_before: bool,
    /// Whether a word now runs across the end of the new text.
    joins_after: bool,
}

impl Replacement {
    /// What `edit` does to `before`, which it turns into `after`. Clients may send whole lines or texts: what stays the same
    /// at either end of those is not replaced.
    pub(super) fn new(edit: &Edit, before: &Text, after: &Text) -> Self {
        let replaced = before.slice(edit.range);
        let same = |(old, new): &(char, char)| old == new;
        let prefix: usize = replaced.chars().zip(edit.text.chars()).take_while(same).map(|(same, _)| same.len_utf8()).sum();
        let ends = replaced[prefix..].chars().rev().zip(edit.text[prefix..].chars().rev());
        let suffix: usize = ends.take_while(same).map(|(same, _)| same.len_utf8()).sum();
        let range = TextRange::new(edit.range.start + prefix as u32, edit.range.end - suffix as u32);
        let inserted = (edit.text.len() - prefix - suffix) as u32;
        let (joins_before, joins_after) = (is_in_word(after, range.start), is_in_word(after, range.start + inserted));
        Self { range, inserted, joins_before, joins_after }
    }

    /// Where `range` lies after the replacement; `None` if its text was touched.
    fn shift(self, range: TextRange) -> Option<TextRange> {
        let is_after = self.range.end <= range.start;
        let is_before = range.end <= self.range.start;
        // What borders the new text is touched if it became part of another word.
        let is_joined = (self.joins_after && self.range.end == range.start) || (self.joins_before && range.end == self.range.start);
        if is_joined || !(is_after || is_before) {
            return None;
        }
        if is_after {
            let shift = |offset: u32| offset - self.range.len() + self.inserted;
            return Some(TextRange::new(shift(range.start), shift(range.end)));
        }
        Some(range)
    }
}

/// Whether byte `offset` has a letter, digit or underscore on both sides.
fn is_in_word(text: &Text, offset: u32) -> bool {
    // No character is longer than four bytes.
    let before = text.slice(TextRange::new(offset.saturating_sub(4), offset));
    let after = text.slice(TextRange::new(offset, offset + 4));
    let is_word = |character: Option<char>| character.is_some_and(|character| character.is_alphanumeric() || character == '_');
    is_word(before.chars().next_back()) && is_word(after.chars().next())
}

/// The findings of the file at `path` after `replacement`.
pub(super) fn shift(findings: &[Finding], path: &Path, replacement: Replacement) -> Vec<Finding> {
    let place = |place: &Location| -> Option<Location> {
        if place.path.as_path() != path {
            return Some(place.clone());
        }
        Some(Location { path: Arc::clone(&place.path), range: replacement.shift(place.range)? })
    };
    let fix = |fix: &Fix| -> Option<Fix> {
        let edit = |edit: &finding::Edit| Some(finding::Edit { place: place(&edit.place)?, ..edit.clone() });
        let edits = fix.edits.iter().map(edit).collect::<Option<_>>()?;
        Some(Fix { edits, ..fix.clone() })
    };
    let label = |label: &Label| Some(Label { place: place(&label.place)?, message: label.message.clone() });
    let finding = |finding: &Finding| {
        Some(Finding {
            primary: place(&finding.primary)?,
            labels: finding.labels.iter().filter_map(label).collect(),
            fix: finding.fix.as_ref().and_then(fix),
            ..finding.clone()
        })
    };
    findings.iter().filter_map(finding).collect()
}

/// The findings of broken code together with the last good ones, sorted by place and rule.
pub(super) fn merge(new: &[Finding], last_good: &[Finding]) -> Vec<Finding> {
    let key = |finding: &Finding| (finding.primary.range, finding.rule);
    let mut merged = new.to_vec();
    for finding in last_good {
        if !new.iter().any(|other| key(other) == key(finding)) {
            merged.push(finding.clone());
        }
    }
    merged.sort_by_key(key);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The replacement of bytes of `before` by `text`.
    fn replacement(before: &str, start: u32, end: u32, text: &str) -> Replacement {
        let edit = Edit { range: TextRange::new(start, end), text: text.to_owned() };
        let before = Text::new(before);
        let mut after = before.clone();
        after.apply(&edit);
        Replacement::new(&edit, &before, &after)
    }

    fn replace(start: u32, end: u32, inserted: usize) -> Replacement {
        replacement(&" ".repeat(40), start, end, &"-".repeat(inserted))
    }

    #[test]
    fn a_range_moves_with_edits_around_it_and_goes_with_edits_inside() {
        let range = TextRange::new(10, 14);
        assert_eq!(replace(0, 0, 3).shift(range), Some(TextRange::new(13, 17)));
        assert_eq!(replace(2, 6, 1).shift(range), Some(TextRange::new(7, 11)));
        assert_eq!(replace(10, 10, 2).shift(range), Some(TextRange::new(12, 16)));
        assert_eq!(replace(14, 14, 2).shift(range), Some(range));
        assert_eq!(replace(20, 30, 2).shift(range), Some(range));
        assert_eq!(replace(11, 11, 1).shift(range), None);
        assert_eq!(replace(8, 11, 3).shift(range), None);
        assert_eq!(replace(0, 30, 0).shift(range), None);
    }

    #[test]
    fn a_word_that_grows_is_another_word() {
        let inserted = |at: u32, new: &str| replacement("a bc d", at, at, new);
        let word = TextRange::new(2, 4);
        assert_eq!(inserted(4, "x").shift(word), None);
        assert_eq!(inserted(2, "x").shift(word), None);
        assert_eq!(inserted(4, "(").shift(word), Some(word));
        assert_eq!(inserted(2, "é ").shift(word), Some(TextRange::new(5, 7)));
        assert_eq!(inserted(5, "x").shift(word), Some(word));
    }

    #[test]
    fn what_stays_the_same_is_not_replaced() {
        let word = TextRange::new(2, 4);
        assert_eq!(replacement("a bc d", 0, 6, "a bc de").shift(word), Some(word));
        assert_eq!(replacement("a bc d", 0, 6, "é\na bc d").shift(word), Some(TextRange::new(5, 7)));
        assert_eq!(replacement("a bc d", 0, 6, "a b d").shift(word), None);
    }
}
