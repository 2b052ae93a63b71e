//! Logical lines: what Python's tokenizer would end with a NEWLINE, found without a parser.

use memchr::memchr2;

use super::magics::is_magic_line;
use super::strings::{Recovery, starts_definition, starts_named_definition, string_end};

/// One logical line. All offsets are bytes of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LogicalLine {
    /// First byte of its first physical line, before the indentation.
    pub(crate) start: usize,
    /// First byte of its code.
    pub(crate) first: usize,
    /// One past the last byte of its code: before a comment at its end.
    pub(crate) code_end: usize,
    /// One past the line break of its last physical line.
    pub(crate) end: usize,
    /// Columns of indentation, tabs to multiples of eight.
    pub(crate) indent: u32,
}

/// The logical lines of a text, in order. Blank lines and lines that hold only a comment are passed over.
///
/// Between two lines there is no state but the offset, so that the lines of a text that begins at a line's end are the
/// rest of the lines.
pub(crate) struct LogicalLines<'text> {
    bytes: &'text [u8],
    at: usize,
    recovery: Recovery,
    /// Whether a triple-quoted string reached the end of the text.
    pub(crate) ended_in_string: bool,
    /// Whether the end of some string depended on text behind it.
    pub(crate) looked_ahead: bool,
}

/// The code of each logical line of `text`.
pub fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    LogicalLines::new(text, 0, Recovery::None).map(|line| &text[line.first..line.code_end])
}

/// Bytes that mean something between strings and comments.
static MEANS_SOMETHING: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b"\n\r#\"'\\()[]{}";
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
};

impl<'text> LogicalLines<'text> {
    /// The lines from byte `at`, which must be the start of a line outside any string or bracket.
    pub(crate) fn new(text: &'text str, at: usize, recovery: Recovery) -> Self {
        Self { bytes: text.as_bytes(), at, recovery, ended_in_string: false, looked_ahead: false }
    }

    /// Moves to the next physical line that holds code; gives its first code byte and its indentation.
    fn find_code(&mut self) -> Option<(usize, u32)> {
        loop {
            let (mut at, mut indent) = (self.at, 0);
            if at == 0 && self.bytes.starts_with("\u{feff}".as_bytes()) {
                at = 3;
            }
            loop {
                match self.bytes.get(at)? {
                    b' ' => indent += 1,
                    b'\t' => indent = indent / 8 * 8 + 8,
                    // Python counts columns anew after a form feed.
                    0x0c => indent = 0,
                    b'#' => {
                        self.at = line_end(self.bytes, at);
                        break;
                    }
                    b'\n' | b'\r' => {
                        self.at = at + 1;
                        break;
                    }
                    _ => return Some((at, indent)),
                }
                at += 1;
            }
        }
    }

    /// The end of the logical line whose code begins at `first`: one past its code, one past its line break.
    fn find_end(&mut self, first: usize) -> (usize, usize) {
        let (bytes, mut at, mut depth) = (self.bytes, first, 0u32);
        if is_magic_line(bytes, first) {
            let next = continued_line_end(bytes, first);
            return (trimmed(bytes, first, next), next);
        }
        let mut comment = None;
        loop {
            while at < bytes.len() && !MEANS_SOMETHING[bytes[at] as usize] {
                at += 1;
            }
            let Some(&byte) = bytes.get(at) else { break };
            match byte {
                b'\n' | b'\r' => {
                    let next = line_end(bytes, at);
                    if depth == 0 || breaks_off(&bytes[next..]) {
                        return (trimmed(bytes, first, comment.unwrap_or(at)), next);
                    }
                    comment = None;
                    at = next;
                }
                b'#' => {
                    comment = Some(at);
                    at = memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |found| at + found);
                }
                b'\\' => {
                    at += 1;
                    if matches!(bytes.get(at), Some(b'\n' | b'\r')) {
                        let next = line_end(bytes, at);
                        if starts_definition(&bytes[next..]) {
                            return (trimmed(bytes, first, at - 1), next);
                        }
                        at = next;
                    }
                }
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    at += 1;
                }
                b')' | b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    at += 1;
                }
                _ => {
                    let string = string_end(bytes, at, self.recovery);
                    let is_triple = bytes[at..].starts_with(&[byte; 3]);
                    self.ended_in_string |= is_triple && !string.is_closed && string.end == bytes.len();
                    self.looked_ahead |= string.is_misread;
                    at = string.end;
                }
            }
        }
        (trimmed(bytes, first, comment.unwrap_or(bytes.len())), bytes.len())
    }
}

impl Iterator for LogicalLines<'_> {
    type Item = LogicalLine;

    fn next(&mut self) -> Option<LogicalLine> {
        let (first, indent) = self.find_code()?;
        let start = self.at;
        let (code_end, end) = self.find_end(first);
        self.at = end;
        Some(LogicalLine { start, first, code_end, end, indent })
    }
}

/// One past the line break of the physical line that holds byte `at`.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let Some(found) = memchr2(b'\n', b'\r', &bytes[at..]) else { return bytes.len() };
    let is_pair = bytes[at + found..].starts_with(b"\r\n");
    at + found + if is_pair { 2 } else { 1 }
}

/// As [`line_end`], for a line that a backslash at its end continues, whatever else it holds.
fn continued_line_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let end = line_end(bytes, at);
        if end == bytes.len() || !bytes[at..end].trim_ascii_end().ends_with(b"\\") {
            return end;
        }
        at = end;
    }
}

/// Whether a line inside brackets shows that the bracket was never closed.
fn breaks_off(line: &[u8]) -> bool {
    let indent = line.iter().position(|byte| !b" \t\x0c".contains(byte)).unwrap_or(line.len());
    match line.get(indent) {
        Some(b'd' | b'c' | b'a') => starts_named_definition(&line[indent..]),
        Some(b'@') => indent == 0 && starts_definition(line),
        _ => false,
    }
}

fn trimmed(bytes: &[u8], first: usize, end: usize) -> usize {
    first + bytes[first..end].trim_ascii_end().len()
}
