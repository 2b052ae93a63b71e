//! Lines and columns, and how columns are counted.

/// What one step of a column is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum PositionEncoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16: two for characters outside the basic plane.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

/// A line and a column, both from 0; the column counts in some [`PositionEncoding`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// Column within the line, from 0.
    pub character: u32,
}

impl Position {
    /// The position at `line` and `character`.
    pub const fn new(line: u32, character: u32) -> Self {
        Self { line, character }
    }
}

impl PositionEncoding {
    /// The width of `character`.
    const fn width_of(self, character: char) -> u32 {
        match self {
            Self::Utf8 => character.len_utf8() as u32,
            Self::Utf16 => character.len_utf16() as u32,
            Self::Utf32 => 1,
        }
    }

    /// The width of the characters of `line` before byte `offset`. An offset inside a character counts as its start.
    pub(super) fn column(self, line: &str, offset: usize) -> u32 {
        line.char_indices()
            .take_while(|(start, character)| start + character.len_utf8() <= offset)
            .map(|(_, character)| self.width_of(character))
            .sum()
    }

    /// The byte at which `column` begins in `line`, at most the length of the line.
    ///
    /// A column inside a character (a lone half of a surrogate pair) counts as the character's start.
    pub(super) fn byte_of(self, line: &str, column: u32) -> usize {
        let mut passed = 0;
        for (start, character) in line.char_indices() {
            let next = passed + self.width_of(character);
            if next > column {
                return start;
            }
            passed = next;
        }
        line.len()
    }
}
