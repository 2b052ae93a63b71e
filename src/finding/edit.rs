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
    let Some(call) = Arguments::of(&text[place.indices()]) else {
        return insertion(place.end, argument.to_owned());
    };
    let at = place.start + call.last_token as u32;
    if call.is_empty {
        return insertion(at, argument.to_owned());
    }
    let before = &text[..at as usize];
    let line = &before[before.rfind(['\n', '\r']).map_or(0, |end| end + 1)..];
    let indentation = &line[..line.len() - line.trim_start().len()];
    // An argument that starts its line, after the opening bracket, stands in a column of arguments.
    let is_column = call.last_argument_starts_line;
    let separator = match (call.has_comma, is_column) {
        (false, false) => ", ".to_owned(),
        (true, false) => " ".to_owned(),
        (false, true) => format!(",{}{indentation}", line_break(before)),
        (true, true) => format!("{}{indentation}", line_break(before)),
    };
    let trailing = if call.has_comma && is_column { "," } else { "" };
    insertion(at, format!("{separator}{argument}{trailing}"))
}

/// The line break that `text` ends its lines with.
fn line_break(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// The arguments of a call, as far as an insertion needs them. Offsets count from the start of the call.
struct Arguments {
    /// One past the last token inside the brackets, or past the opening bracket if there is none.
    last_token: usize,
    is_empty: bool,
    /// Whether the last token is a comma.
    has_comma: bool,
    /// Whether the line that `last_token` is on starts inside the brackets with an argument.
    last_argument_starts_line: bool,
}

impl Arguments {
    /// Reads `call`, whose last bracket closes its arguments. `None` if it has no such bracket.
    fn of(call: &str) -> Option<Self> {
        let bytes = call.as_bytes();
        if bytes.last() != Some(&b')') {
            return None;
        }
        let mut open: Vec<Frame> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            match bytes[at] {
                b'#' => {
                    at = line_end(bytes, at);
                    continue;
                }
                b'\n' | b'\r' => {
                    at += 1;
                    if let Some(frame) = open.last_mut() {
                        frame.at_line_start = true;
                    }
                    continue;
                }
                b' ' | b'\t' | b'\x0c' | b'\\' => {
                    at += 1;
                    continue;
                }
                b'\'' | b'"' => at = string_end(bytes, at),
                b')' | b']' | b'}' => {
                    at += 1;
                    let closed = open.pop()?;
                    if at == bytes.len() {
                        return Some(closed.arguments());
                    }
                }
                _ => at += 1,
            }
            if let Some(frame) = open.last_mut() {
                frame.token(at, bytes[start]);
            }
            if matches!(bytes[start], b'(' | b'[' | b'{') {
                open.push(Frame::opened(at));
            }
        }
        None
    }
}

/// What was seen inside one open bracket.
struct Frame {
    last_token: usize,
    is_empty: bool,
    has_comma: bool,
    at_line_start: bool,
    argument_starts_line: bool,
    after_comma: bool,
}

impl Frame {
    fn opened(at: usize) -> Self {
        Self { last_token: at, is_empty: true, has_comma: false, at_line_start: false, argument_starts_line: false, after_comma: true }
    }

    fn token(&mut self, end: usize, byte: u8) {
        let is_comma = byte == b',';
        if self.after_comma && !is_comma {
            self.argument_starts_line = self.at_line_start;
        }
        self.after_comma = is_comma;
        self.has_comma = is_comma;
        self.at_line_start = false;
        self.is_empty = false;
        self.last_token = end;
    }

    fn arguments(self) -> Arguments {
        Arguments {
            last_token: self.last_token,
            is_empty: self.is_empty,
            has_comma: self.has_comma,
            last_argument_starts_line: self.argument_starts_line,
        }
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
