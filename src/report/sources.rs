//! The texts that findings point into, under the names that are shown.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::Edit;
use crate::text::{self, LineColumn, LineIndex, TextRange};

/// The texts of files, by the path that findings give.
pub struct Sources {
    folder: PathBuf,
    files: BTreeMap<PathBuf, Source>,
}

/// One file: its name for the reader, and its text.
pub struct Source {
    name: String,
    text: Arc<str>,
    lines: LineIndex,
}

impl Sources {
    /// No texts yet. Names are relative to `folder`, which is absolute.
    pub const fn below(folder: PathBuf) -> Self {
        Self { folder, files: BTreeMap::new() }
    }

    /// The folder that names are relative to.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

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

    /// `edit` in terms of the text of its file.
    pub(super) fn resolved(&self, edit: &Edit) -> text::Edit {
        edit.resolved(self.get(&edit.place.path).map_or("", Source::text))
    }
}

impl Source {
    fn new(name: String, text: Arc<str>) -> Self {
        let lines = LineIndex::new(&text);
        Self { name, text, lines }
    }

    /// The file's name for the reader.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of the byte at `offset`, for people.
    pub fn position(&self, offset: u32) -> LineColumn {
        self.lines.line_column(&self.text, offset)
    }

    /// The line that holds the byte at `offset`, without its end.
    pub(super) fn line(&self, offset: u32) -> &str {
        self.lines.line(&self.text, self.lines.line_of(offset.min(self.text.len() as u32)))
    }

    /// The whole lines that `range` touches, and the number of the first, from 1.
    pub(super) fn lines(&self, range: TextRange) -> (u32, TextRange) {
        let first = self.lines.line_of(range.start.min(self.text.len() as u32));
        let after = self.lines.line_of(range.end) + 1;
        let whole = TextRange::new(self.lines.line_start(&self.text, first), self.lines.line_start(&self.text, after));
        (first + 1, whole)
    }
}
