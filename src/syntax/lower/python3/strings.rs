//! Strings, put together from their source as the tolerant parser's are.

use ruff_python_ast::{ExprFString, FStringPart, InterpolatedStringElement};
use ruff_text_size::Ranged;

use super::Reader;
use crate::syntax::hir::ExprId;
use crate::syntax::lower::literals::Joined;

impl Reader<'_> {
    /// A string without expressions: text or bytes.
    pub(super) fn plain_string(&mut self, node: &impl Ranged, parts: impl Iterator<Item: Ranged>) -> ExprId {
        let mut joined = Joined::default();
        for part in parts {
            self.add_plain(&mut joined, &part);
        }
        self.add_expr(joined.finish(), self.span(node))
    }

    /// An f-string, perhaps beside plain ones.
    pub(super) fn formatted_string(&mut self, node: &ExprFString) -> Option<ExprId> {
        let mut joined = Joined::default();
        for part in &node.value {
            match part {
                FStringPart::Literal(literal) => self.add_plain(&mut joined, literal),
                FStringPart::FString(formatted) => {
                    let prefix = prefix_and_quotes(self.source(formatted)).0;
                    joined.begin(prefix);
                    for element in &formatted.elements {
                        match element {
                            InterpolatedStringElement::Literal(literal) => joined.add_text(prefix, self.source(literal)),
                            InterpolatedStringElement::Interpolation(interpolation) => {
                                // `:=` is no assignment here.
                                if self.text[interpolation.expression.end().to_usize()..].starts_with(":=") {
                                    return None;
                                }
                                let value = self.expr(&interpolation.expression)?;
                                joined.add_value(value);
                            }
                        }
                    }
                }
            }
        }
        Some(self.add_expr(joined.finish(), self.span(node)))
    }

    fn add_plain(&self, joined: &mut Joined, part: &impl Ranged) {
        let source = self.source(part);
        let (prefix, quotes) = prefix_and_quotes(source);
        joined.begin(prefix);
        if let Some(content) = source.get(prefix.len() + quotes..source.len() - quotes).filter(|content| !content.is_empty()) {
            joined.add_text(prefix, content);
        }
    }
}

/// The letters before the quotes of a string, and the number of its quotes.
fn prefix_and_quotes(source: &str) -> (&str, usize) {
    let (prefix, rest) = source.split_at(source.find(['"', '\'']).unwrap_or(source.len()));
    let quotes = if rest.starts_with("\"\"\"") || rest.starts_with("'''") { 3 } else { 1 };
    (prefix, quotes)
}
