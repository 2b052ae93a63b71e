//! Calls that queries of local rules match, found while the call is under the cursor.

use tree_sitter::{Node, QueryCursor, QueryMatch, StreamingIterator};

use super::cursor::Lowering;
use super::grammar::{GRAMMAR, Kind};
use crate::syntax::hir::ExprId;
use crate::syntax::{Candidate, Name};
use crate::text::TextRange;

impl Lowering<'_> {
    /// Tries the queries at `call`, whose expressions are those from number `first` on.
    pub(super) fn find_candidates(&mut self, call: ExprId, first: usize) {
        for query in 0..self.queries.len() as u32 {
            let Some(compiled) = self.queries.compiled(query, &GRAMMAR.language) else { continue };
            let mut cursor = QueryCursor::new();
            cursor.set_max_start_depth(Some(0));
            let mut matches = cursor.matches(compiled, self.cursor.node(), self.text.as_bytes());
            while let Some(found) = matches.next() {
                let captures = self.captures_of(found, compiled.capture_names(), first);
                let candidate = Candidate { query, pattern: found.pattern_index as u32, call, captures };
                if self.lowered.candidates.last() != Some(&candidate) {
                    self.lowered.candidates.push(candidate);
                }
            }
        }
    }

    fn captures_of(&self, found: &QueryMatch<'_, '_>, names: &[&str], first: usize) -> Vec<(Name, ExprId)> {
        let captures = found.captures().iter();
        captures.filter_map(|it| Some((Name::new(names.get(it.index as usize)?), self.expr_at(it.node, first)?))).collect()
    }

    /// The expression that `node` was lowered to, among those from number `first` on.
    fn expr_at(&self, node: Node<'_>, first: usize) -> Option<ExprId> {
        let mut node = node;
        while GRAMMAR.kind(node.kind_id()) == Kind::ParenthesizedExpression {
            node = node.named_child(0)?;
        }
        let range = TextRange::new(node.start_byte() as u32, node.end_byte() as u32);
        let spans = &self.lowered.spans.exprs[first..];
        spans.iter().rposition(|span| span.range == range).map(|position| ExprId((first + position) as u32))
    }
}
