//! The last good findings of a document, moved along with its text.
//!
//! Half-typed code has no findings of its own: what was known before the edit stays, shifted, until the text parses or is
//! saved. What an edit touched is no longer known and goes.

use std::path::Path;
use std::sync::Arc;

use crate::finding::{Edit, Finding, Fix, Label, Location};
use crate::text::TextRange;

/// A replacement of a range by as many bytes as `inserted`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Replacement {
    /// What was replaced, in the text before.
    pub(super) range: TextRange,
    /// The length of the new text.
    pub(super) inserted: u32,
}

impl Replacement {
    /// Where `range` lies after the replacement; `None` if its text was touched.
    fn shift(self, range: TextRange) -> Option<TextRange> {
        if self.range.end <= range.start {
            let shift = |offset: u32| offset - self.range.len() + self.inserted;
            return Some(TextRange::new(shift(range.start), shift(range.end)));
        }
        (range.end <= self.range.start).then_some(range)
    }
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
        let edit = |edit: &Edit| Some(Edit { place: place(&edit.place)?, ..edit.clone() });
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

    fn replace(start: u32, end: u32, inserted: u32) -> Replacement {
        Replacement { range: TextRange::new(start, end), inserted }
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
}
