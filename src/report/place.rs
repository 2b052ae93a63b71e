//! Where something is, as programs are told.

use serde::Serialize;

use super::Sources;
use crate::finding::Location;
use crate::text::{LineColumn, TextRange};

/// Lines and columns count from 1, columns in characters; an end is one past the last character.
#[derive(Serialize)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

impl Place {
    pub(super) fn of(location: &Location, sources: &Sources) -> Self {
        Self::in_file(location, location.range, sources)
    }

    /// The place of `range` in the file of `location`.
    pub(super) fn in_file(location: &Location, range: TextRange, sources: &Sources) -> Self {
        let Some(source) = sources.get(&location.path) else {
            let start = LineColumn { line: 1, column: 1 };
            return Self::between(location.path.display().to_string(), start, start);
        };
        let start = source.position(range.start);
        Self::between(source.name().to_owned(), start, source.position(range.end).max(start))
    }

    fn between(path: String, start: LineColumn, end: LineColumn) -> Self {
        Self { path, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}
