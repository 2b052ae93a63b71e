//! The text of a file: read, decoded, and refused where it is no source code that somebody wrote.

use std::io;
use std::sync::Arc;

use super::database::{Db, SourceFile};
use crate::text::decode;

/// Larger files are generated or data.
const MAX_BYTES: usize = 1 << 20;
const TOO_LARGE: &str = "larger than 1 MB";
/// Files with longer lines are generated or data.
const MAX_LINE_BYTES: usize = 20_000;

/// The text of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Source {
    /// The text, if there is one.
    pub(super) text: Option<Arc<str>>,
    /// Why the file is not analysed, if so.
    pub(super) problem: Option<String>,
}

impl Source {
    /// The text, if it is to be analysed.
    pub(super) fn analysed(&self) -> Option<&Arc<str>> {
        self.text.as_ref().filter(|_| self.problem.is_none())
    }
}

/// The editor's text of `file`, or the stored one.
#[salsa::tracked(returns(ref))]
pub(super) fn source(db: &dyn Db, file: SourceFile) -> Source {
    if let Some(text) = file.overlay(db) {
        return Source { problem: problem_of(text).map(str::to_owned), text: Some(Arc::clone(text)) };
    }
    // The stored text may only change with this number.
    file.revision(db);
    match db.files().read(file.path(db)) {
        Ok(bytes) => decoded(&bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Source::default(),
        Err(error) => Source { text: None, problem: Some(format!("cannot be read: {error}")) },
    }
}

fn decoded(bytes: &[u8]) -> Source {
    match decode(bytes) {
        Ok(decoded) => Source { problem: problem_of(&decoded.text).map(str::to_owned), text: Some(decoded.text.into()) },
        Err(_) if bytes.len() > MAX_BYTES => Source { text: None, problem: Some(TOO_LARGE.to_owned()) },
        Err(error) => Source { text: None, problem: Some(error.to_string()) },
    }
}

fn problem_of(text: &str) -> Option<&'static str> {
    if text.len() > MAX_BYTES {
        return Some(TOO_LARGE);
    }
    let ends = memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).chain([text.len()]);
    let is_long = |start: &mut usize, end: usize| Some(end - std::mem::replace(start, end) > MAX_LINE_BYTES);
    ends.scan(0, is_long).any(|is_long| is_long).then_some("a line is longer than 20,000 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(bytes: &[u8]) -> Option<String> {
        decoded(bytes).problem
    }

    #[test]
    fn data_and_generated_code_are_refused() {
        assert_eq!(problem(b"x = 1\n"), None);
        assert_eq!(problem(&b"x = 1\n".repeat(200_000)).as_deref(), Some("larger than 1 MB"));
        assert_eq!(problem("x".repeat(20_001).as_bytes()).as_deref(), Some("a line is longer than 20,000 bytes"));
        assert_eq!(problem("x".repeat(20_000).as_bytes()), None);
    }

    #[test]
    fn what_is_no_text_is_refused_with_the_reason() {
        assert_eq!(problem(b"name = '\xe9'\n").as_deref(), Some("not UTF-8"));
        let source = decoded(b"# -*- coding: latin-1 -*-\nname = '\xe9'\n");
        assert!(source.analysed().is_some_and(|text| text.ends_with("name = 'é'\n")));
    }
}
