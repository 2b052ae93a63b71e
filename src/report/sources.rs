//! The texts that findings point into, under the names that are shown.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::text::TextRange;

/// The texts of files, by the path that findings give.
#[derive(Default)]
pub struct Sources {
    files: BTreeMap<PathBuf, Source>,
}

/// One file: its name for the reader, and its text.
pub struct Source {
    name: String,
    text: Arc<str>,
    line_starts: Vec<usize>,
}

/// A line and a column, from 1. Columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Sources {
    /// Adds the file at `path`, shown as `name`.
    pub fn insert(&mut self, path: PathBuf, name: String, text: Arc<str>) {
        self.files.insert(path, Source::new(name, text));
    }

    /// Whether the file at `path` is known.
    pub fn contains(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    /// The file at `path`, if it was added.
    pub fn get(&self, path: &Path) -> Option<&Source> {
        self.files.get(path)
    }
}

impl Source {
    fn new(name: String, text: Arc<str>) -> Self {
        let line_starts = line_starts(&text);
        Self { name, text, line_starts }
    }

    /// The file's name for the reader.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of the byte at `offset`, which is clamped to the text.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.text.floor_char_boundary(offset as usize);
        let line = self.line_of(offset);
        let before = &self.text[self.line_starts[line]..offset];
        Position { line: line + 1, column: before.chars().count() + 1 }
    }

    /// The whole lines that `range` touches, and the number of the first, from 1.
    pub(super) fn lines(&self, range: TextRange) -> (usize, TextRange) {
        let first = self.line_of(self.text.floor_char_boundary(range.start as usize));
        let last = self.line_of(self.text.floor_char_boundary(range.end as usize));
        let end = self.line_starts.get(last + 1).copied().unwrap_or(self.text.len());
        (first + 1, TextRange::new(self.line_starts[first] as u32, end as u32))
    }

    /// The line, from 0, that the byte at `offset` is on.
    fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }
}

/// Where lines start. A line ends with a line feed, a carriage return, or both.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let is_inside_break = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        if !is_inside_break {
            starts.push(at + 1);
        }
    }
    starts
}
