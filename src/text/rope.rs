//! A document that is edited.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use ropey::{Rope, RopeSlice};

use super::{Position, PositionEncoding, TextRange};

/// The text of a document. Clones share their content, so that a snapshot costs nothing and an edit costs the edit.
#[derive(Clone, Default)]
pub struct Text {
    rope: Rope,
}

/// One change: the bytes of `range` are replaced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced, in bytes of the text before the change.
    pub range: TextRange,
    /// The new text.
    pub text: String,
}

impl Text {
    /// A document with this text.
    pub fn new(text: &str) -> Self {
        Self { rope: Rope::from_str(text) }
    }

    /// The number of bytes.
    pub fn len(&self) -> u32 {
        self.rope.len_bytes() as u32
    }

    /// Whether the document holds no byte.
    pub fn is_empty(&self) -> bool {
        self.rope.len_bytes() == 0
    }

    /// The number of lines: one more than there are line breaks.
    pub fn line_count(&self) -> u32 {
        self.rope.len_lines() as u32
    }

    /// The whole text, for those who need it in one piece.
    pub fn to_shared(&self) -> Arc<str> {
        Arc::from(self.to_string())
    }

    /// The text in `range`, clamped to the document and to whole characters.
    pub fn slice(&self, range: TextRange) -> String {
        let start = self.char_at(range.start);
        let end = self.char_at(range.end).max(start);
        self.rope.slice(start..end).to_string()
    }

    /// The position of byte `offset`.
    ///
    /// Offsets past the end are the end, offsets inside a character its start, the offset inside a CRLF the line's end.
    pub fn position(&self, offset: u32, encoding: PositionEncoding) -> Position {
        let offset = offset.min(self.len()) as usize;
        let line = self.rope.byte_to_line(offset);
        let start = self.rope.line_to_byte(line);
        let column = encoding.column(&self.line(line), offset - start);
        Position::new(line as u32, column)
    }

    /// The byte at `position`. Columns past the end of a line are its end, lines past the last are the end of the text.
    pub fn offset(&self, position: Position, encoding: PositionEncoding) -> u32 {
        let line = position.line as usize;
        if line >= self.rope.len_lines() {
            return self.len();
        }
        let column = encoding.byte_of(&self.line(line), position.character);
        (self.rope.line_to_byte(line) + column) as u32
    }

    /// Applies `edit`. A range past the end, inside a character or upside down is clamped.
    pub fn apply(&mut self, edit: &Edit) {
        let start = self.char_at(edit.range.start);
        let end = self.char_at(edit.range.end).max(start);
        self.rope.remove(start..end);
        self.rope.insert(start, &edit.text);
    }

    /// The character that holds byte `offset`, or the number of characters past the end.
    fn char_at(&self, offset: u32) -> usize {
        self.rope.byte_to_char(offset.min(self.len()) as usize)
    }

    /// The text of `line` without its line break.
    fn line(&self, line: usize) -> Cow<'_, str> {
        match Cow::from(self.rope.line(line)) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches(['\n', '\r'])),
            Cow::Owned(mut text) => {
                text.truncate(text.trim_end_matches(['\n', '\r']).len());
                Cow::Owned(text)
            }
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.rope == other.rope
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.rope == RopeSlice::from(other)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rope.chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}
