//! From an edit that names a place to the bytes it replaces and the text it puts there.

use super::{Anchor, Edit};
use crate::text::{self, TextRange};

impl Edit {
    /// The edit in terms of `text`, the text of the file that it names.
    ///
    /// A place outside the text is clamped to it.
    pub fn resolved(&self, text: &str) -> text::Edit {
        let place = clamped(self.place.range, text);
        match self.anchor {
            Anchor::Replace => text::Edit { range: place, text: self.text.clone() },
            Anchor::Before => insertion(place.start, self.text.clone()),
            Anchor::After => insertion(place.end, self.text.clone()),
            Anchor::LastArgument => last_argument(place, text, &self.text),
        }
    }
}

fn insertion(at: u32, text: String) -> text::Edit {
    text::Edit { range: TextRange::new(at, at), text }
}

/// `range` moved into `text` and onto character boundaries.
fn clamped(range: TextRange, text: &str) -> TextRange {
    let end = text.floor_char_boundary(range.end as usize);
    let start = text.floor_char_boundary(range.start as usize).min(end);
    TextRange::new(start as u32, end as u32)
}

/// The insertion that makes `argument` the last argument of the call at `place`.
fn last_argument(place: TextRange, text: &str, argument: &str) -> text::Edit {
    let Some(arguments) = Brackets::of_call(&text[place.indices()]) else {
        return insertion(place.end, argument.to_owned());
    };
    let at = place.start + arguments.end_of_last;
    let before = &text[..at as usize];
    // An argument that starts its line stands in a column of arguments.
    let break_line = || format!("{}{}", line_break(before), indentation(before));
    let text = match (arguments.last, arguments.argument_starts_line) {
        (Token::Opening, _) => argument.to_owned(),
        (Token::Comma, false) => format!(" {argument}"),
        (Token::Comma, true) => format!("{}{argument},", break_line()),
        (Token::Other, false) => format!(", {argument}"),
        (Token::Other, true) => format!(",{}{argument}", break_line()),
    };
    insertion(at, text)
}

/// The white space that the last line of `text` begins with.
fn indentation(text: &str) -> &str {
    let line = &text[text.rfind(['\n', '\r']).map_or(0, |end| end + 1)..];
    &line[..line.len() - line.trim_start().len()]
}

/// The line break that `text` ends its lines with.
fn line_break(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// What stands inside a pair of brackets, as far as an insertion needs it.
struct Brackets {
    /// One past the last token, counted from the start of the call.
    end_of_last: u32,
    last: Token,
    /// Whether nothing but white space stands before the next token in its line.
    at_line_start: bool,
    /// Whether the last argument is the first thing in its line.
    argument_starts_line: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Opening,
    Comma,
    Other,
}

impl Brackets {
    fn opened(at: usize) -> Self {
        Self { end_of_last: at as u32, last: Token::Opening, at_line_start: false, argument_starts_line: false }
    }

    /// The arguments of `call`, whose last bracket closes them. `None` if it has no such bracket.
    fn of_call(call: &str) -> Option<Self> {
        let bytes = call.as_bytes();
        // The callee stands outside all brackets; what is known of it is never asked for.
        let mut outer = Vec::new();
        let mut inner = Self::opened(0);
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            at = match byte {
                b'#' => line_end(bytes, at),
                b'\'' | b'"' => string_end(bytes, at),
                _ => at + 1,
            };
            match byte {
                b'#' | b' ' | b'\t' | b'\x0c' | b'\\' => {}
                b'\n' | b'\r' => inner.at_line_start = true,
                b'(' | b'[' | b'{' => {
                    inner.token(Token::Other, at);
                    outer.push(std::mem::replace(&mut inner, Self::opened(at)));
                }
                b')' | b']' | b'}' => {
                    if at == bytes.len() && outer.len() == 1 {
                        return Some(inner);
                    }
                    inner = outer.pop()?;
                    inner.token(Token::Other, at);
                }
                b',' => inner.token(Token::Comma, at),
                _ => inner.token(Token::Other, at),
            }
        }
        None
    }

    /// Takes in the token that ends at `end`.
    fn token(&mut self, token: Token, end: usize) {
        let starts_argument = self.last != Token::Other && token == Token::Other;
        if starts_argument {
            self.argument_starts_line = self.at_line_start;
        }
        self.at_line_start = false;
        self.last = token;
        self.end_of_last = end as u32;
    }
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |length| from + length)
}

/// One past the string that starts at `from`, or the end of `bytes` if nothing closes it.
fn string_end(bytes: &[u8], from: usize) -> usize {
    let quote = bytes[from];
    let triple = [quote; 3];
    let delimiter: &[u8] = if bytes[from..].starts_with(&triple) { &triple } else { &triple[..1] };
    let mut at = from + delimiter.len();
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at..].starts_with(delimiter) {
            return at + delimiter.len();
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use crate::finding::{Anchor, Edit, Location};
    use crate::text::TextRange;

    /// `text` after `training` became the last argument of the call between the marks `‹` and `›`.
    fn with_argument(marked: &str) -> String {
        let start = marked.find('‹').expect("the call is marked");
        let text = marked.replace('‹', "");
        let end = text.find('›').expect("the call is marked");
        let text = text.replace('›', "");
        let place = Location { path: Arc::new(PathBuf::from("a.py")), range: TextRange::new(start as u32, end as u32) };
        let edit = Edit { place, anchor: Anchor::LastArgument, text: "training=on".to_owned() };
        apply(&text, &edit)
    }

    fn apply(text: &str, edit: &Edit) -> String {
        let resolved = edit.resolved(text);
        format!("{}{}{}", &text[..resolved.range.start as usize], resolved.text, &text[resolved.range.end as usize..])
    }

    #[test]
    fn last_argument_gets_a_comma_where_one_is_needed() {
        assert_eq!(with_argument("y = ‹f()›"), "y = f(training=on)");
        assert_eq!(with_argument("y = ‹f(x)› + 1"), "y = f(x, training=on) + 1");
        assert_eq!(with_argument("‹f(x,)›"), "f(x, training=on)");
        assert_eq!(with_argument("‹f(g(x), [1, 2])›"), "f(g(x), [1, 2], training=on)");
        assert_eq!(with_argument("‹f(x)(y)›"), "f(x)(y, training=on)");
    }

    #[test]
    fn last_argument_sees_neither_strings_nor_comments() {
        assert_eq!(with_argument("‹f(')', \"(,\")›"), "f(')', \"(,\", training=on)");
        assert_eq!(with_argument("‹f(x  # why, )\n)›"), "f(x, training=on  # why, )\n)");
        assert_eq!(with_argument("‹f('''(\n'''\n)›"), "f('''(\n''', training=on\n)");
        assert_eq!(with_argument("‹f(  # nothing\n)›"), "f(training=on  # nothing\n)");
    }

    #[test]
    fn last_argument_joins_a_column_of_arguments() {
        assert_eq!(with_argument("‹f(\n    x,\n    y,  # why\n)›"), "f(\n    x,\n    y,\n    training=on,  # why\n)");
        assert_eq!(with_argument("‹f(\n    x,\n    y\n)›"), "f(\n    x,\n    y,\n    training=on\n)");
        assert_eq!(with_argument("‹f(x,\r\n  y)›"), "f(x,\r\n  y,\r\n  training=on)");
        assert_eq!(with_argument("‹f(x, y,\n  z=1, w=2)›"), "f(x, y,\n  z=1, w=2, training=on)");
    }

    #[test]
    fn places_outside_the_text_are_clamped() {
        let place = Location { path: Arc::new(PathBuf::from("a.py")), range: TextRange::new(90, 95) };
        for anchor in [Anchor::Replace, Anchor::Before, Anchor::After, Anchor::LastArgument] {
            let edit = Edit { place: place.clone(), anchor, text: "!".to_owned() };
            assert_eq!(apply("é", &edit), "é!");
        }
    }
}
