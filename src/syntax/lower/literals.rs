//! Constants: numbers, strings with their escapes, f-strings.

use std::sync::Arc;

use super::cursor::Lowering;
use super::grammar::{Field, Kind};
use crate::syntax::hir::{Expr, ExprId, Literal, TextPart};

/// The value of an integer as it is written, Python 2's octals and longs included.
pub(super) fn integer(source: &str) -> Literal {
    let digits: String = source.chars().filter(|&character| character != '_').collect();
    let digits = digits.trim_end_matches(['l', 'L']);
    let lower = digits.to_ascii_lowercase();
    let value = match lower.get(..2) {
        Some("0x") => i64::from_str_radix(&lower[2..], 16),
        Some("0o") => i64::from_str_radix(&lower[2..], 8),
        Some("0b") => i64::from_str_radix(&lower[2..], 2),
        Some(_) if lower.starts_with('0') && lower.bytes().any(|digit| digit != b'0') => i64::from_str_radix(&lower, 8),
        _ => lower.parse(),
    };
    value.map_or(Literal::Other, Literal::Int)
}

/// The value of a float as it is written.
pub(super) fn float(source: &str) -> Literal {
    let digits: String = source.chars().filter(|&character| character != '_').collect();
    digits.parse::<f64>().map_or(Literal::Other, |value| Literal::Float(value.to_bits()))
}

/// Adjacent strings put together.
#[derive(Default)]
pub(super) struct Joined {
    parts: Vec<TextPart>,
    text: String,
    /// Whether one of them is no text: bytes, or Python 2's backticks.
    is_other: bool,
}

impl Lowering<'_> {
    /// One string.
    pub(super) fn string(&mut self) -> ExprId {
        let mut joined = Joined::default();
        self.add_string(&mut joined);
        self.add_expr(joined.finish(), self.span())
    }

    /// Strings side by side.
    pub(super) fn concatenated_string(&mut self) -> ExprId {
        let mut joined = Joined::default();
        self.each_child(|this, child| {
            if child.kind == Kind::String {
                this.add_string(&mut joined);
            }
        });
        self.add_expr(joined.finish(), self.span())
    }

    fn add_string(&mut self, joined: &mut Joined) {
        let mut prefix = "";
        self.each_child(|this, child| match child.kind {
            Kind::StringStart => {
                prefix = this.source();
                joined.begin(prefix);
            }
            Kind::StringContent => joined.add_text(prefix, this.source()),
            Kind::Interpolation => {
                if let Some(value) = this.interpolation() {
                    joined.add_value(value);
                }
            }
            // Escapes alone are part of a raw string's end to the grammar.
            Kind::StringEnd => {
                let quotes = prefix.trim_start_matches(char::is_alphabetic).len();
                let end = this.source();
                joined.add_text(prefix, end.get(..end.len().saturating_sub(quotes)).unwrap_or_default());
            }
            _ => {}
        });
    }

    /// `{value!r:format}`
    fn interpolation(&mut self) -> Option<ExprId> {
        let mut value = None;
        self.each_child(|this, child| {
            if child.field == Field::Expression {
                value = Some(this.expr());
            }
        });
        value
    }
}

impl Joined {
    /// A string begins with these letters.
    pub(super) fn begin(&mut self, prefix: &str) {
        self.is_other |= prefix.contains(['b', 'B', '`']);
    }

    pub(super) fn add_value(&mut self, value: ExprId) {
        self.end_text();
        self.parts.push(TextPart::Value(value));
    }

    pub(super) fn add_text(&mut self, prefix: &str, content: &str) {
        let content = if content.contains('\r') { content.replace("\r\n", "\n") } else { content.to_owned() };
        let text = if prefix.contains(['r', 'R']) { content } else { unescaped(&content) };
        if prefix.contains(['f', 'F', 't', 'T']) {
            self.text.push_str(&text.replace("{{", "{").replace("}}", "}"));
        } else {
            self.text.push_str(&text);
        }
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(TextPart::Text(Arc::from(std::mem::take(&mut self.text))));
        }
    }

    pub(super) fn finish(mut self) -> Expr {
        if self.is_other {
            return Expr::Literal(Literal::Other);
        }
        if self.parts.is_empty() {
            return Expr::Literal(Literal::Str(Arc::from(self.text)));
        }
        self.end_text();
        Expr::FormattedText(self.parts)
    }
}

/// `content` with its escapes resolved. Escapes that Python does not know stay as they are, `\N{…}` too.
fn unescaped(content: &str) -> String {
    let mut text = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match escape(rest) {
            Some((character, length)) => {
                text.extend(character);
                rest = &rest[length..];
            }
            None => text.push('\\'),
        }
    }
    text.push_str(rest);
    text
}

/// What the escape stands for that begins behind a backslash, nothing for an escaped line break, and its length.
/// `None` if it is no escape.
fn escape(rest: &str) -> Option<(Option<char>, usize)> {
    let numbered = |start: usize, length: usize, radix: u32| {
        let code = u32::from_str_radix(rest.get(start..start + length)?, radix).ok()?;
        // Lone surrogates are no characters here; they never matter.
        Some((Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)), start + length))
    };
    let plain = |character| Some((Some(character), 1));
    match rest.bytes().next()? {
        b'\n' => Some((None, 1)),
        quoted @ (b'\\' | b'\'' | b'"') => plain(char::from(quoted)),
        b'n' => plain('\n'),
        b't' => plain('\t'),
        b'r' => plain('\r'),
        b'a' => plain('\x07'),
        b'b' => plain('\x08'),
        b'f' => plain('\x0c'),
        b'v' => plain('\x0b'),
        b'x' => numbered(1, 2, 16),
        b'u' => numbered(1, 4, 16),
        b'U' => numbered(1, 8, 16),
        b'0'..=b'7' => numbered(0, rest.bytes().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count(), 8),
        _ => None,
    }
}
