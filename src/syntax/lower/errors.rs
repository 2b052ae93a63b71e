//! Where a tree is broken.

use tree_sitter::{Tree, TreeCursor};

use crate::text::TextRange;

/// As many errors are reported for one segment: the first tells what is wrong.
const MAX_ERRORS: usize = 8;

/// Ranges of the outermost errors of `tree`, at most `length`.
pub(super) fn errors(tree: &Tree, length: usize) -> impl Iterator<Item = TextRange> {
    let mut ranges = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let is_error = node.is_error() || node.is_missing();
        if is_error {
            ranges.push(node.byte_range());
        }
        let descends = !is_error && node.has_error() && cursor.goto_first_child();
        if ranges.len() == MAX_ERRORS || !(descends || goes_on(&mut cursor)) {
            break;
        }
    }
    ranges.into_iter().map(move |range| TextRange::new(range.start.min(length) as u32, range.end.min(length) as u32))
}

/// Moves to the next node that is not below the present one.
fn goes_on(cursor: &mut TreeCursor<'_>) -> bool {
    while !cursor.goto_next_sibling() {
        if !cursor.goto_parent() {
            return false;
        }
    }
    true
}
