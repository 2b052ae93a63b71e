//! Lines and columns of a text that is not edited.

use memchr::memchr2_iter;

use super::{Position, PositionEncoding};

/// Where the lines of one text start.
///
/// It does not hold the text: every question is asked with the text from which it was built. With another text the
/// answers are meaningless but still within that text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineIndex {
    /// First byte of each line; the first is 0.
    starts: Vec<u32>,
}

/// A line and a column in characters, both from 1, as people and terminals count.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl LineIndex {
    /// The index of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            // The CR of a CRLF breaks nothing by itself.
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        Self { starts }
    }

    /// The number of lines: one more than there are line breaks.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The line (from 0) that holds byte `offset`.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1) as u32
    }

    /// First byte of `line` (from 0); the end of the text for lines that do not exist.
    pub fn line_start(&self, text: &str, line: u32) -> u32 {
        self.starts.get(line as usize).copied().unwrap_or(text.len() as u32).min(text.len() as u32)
    }

    /// The text of `line` without its line break; empty for lines that do not exist.
    pub fn line<'text>(&self, text: &'text str, line: u32) -> &'text str {
        let start = self.line_start(text, line) as usize;
        let end = self.line_start(text, line.saturating_add(1)) as usize;
        text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// The position of byte `offset`.
    ///
    /// Offsets past the end are the end, offsets inside a character its start, the offset inside a CRLF the line's end.
    pub fn position(&self, text: &str, offset: u32, encoding: PositionEncoding) -> Position {
        let offset = offset.min(text.len() as u32);
        let line = self.line_of(offset);
        let column = encoding.column(self.line(text, line), (offset - self.starts[line as usize]) as usize);
        Position::new(line, column)
    }

    /// The byte at `position`. Columns past the end of a line are its end, lines past the last are the end of the text.
    pub fn offset(&self, text: &str, position: Position, encoding: PositionEncoding) -> u32 {
        let start = self.line_start(text, position.line);
        start + encoding.byte_of(self.line(text, position.line), position.character) as u32
    }

    /// Line and column of byte `offset`, for people.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let Position { line, character } = self.position(text, offset, PositionEncoding::Utf32);
        LineColumn { line: line + 1, column: character + 1 }
    }
}
