//! Where the comment goes that silences a finding.
//!
//! At the end of the line if a comment can stand there; otherwise, where the line ends in a backslash or inside a string,
//! on a line of its own before the statement.

use crate::text::Edit as TextEdit;
use crate::text::TextRange;

/// What opens the comment.
const OPENING: &str = "# backprobe: ignore[";

/// The edit that makes `rule` be ignored at byte `offset` of `text`.
pub(super) fn comment(text: &str, offset: u32, rule: &str) -> TextEdit {
    let lines = lines_up_to(text, offset as usize);
    let Some(line) = lines.last() else { return insertion(0, format!("{OPENING}{rule}]\n")) };
    if line.takes_comment {
        return at_end(text, line, rule);
    }
    let statement = lines.iter().rev().find(|line| line.starts_statement).unwrap_or(line);
    before(text, statement, &lines, rule)
}

fn at_end(text: &str, line: &Line, rule: &str) -> TextEdit {
    let comment = line.comment.map_or("", |start| &text[start..line.end]);
    if let Some(edit) = extended(comment, line.comment.unwrap_or(line.end), rule) {
        return edit;
    }
    let written = text[line.start..line.end].trim_end();
    insertion(line.start + written.len(), format!("  {OPENING}{rule}]"))
}

fn before(text: &str, statement: &Line, lines: &[Line], rule: &str) -> TextEdit {
    let above = lines.iter().rev().find(|line| line.end < statement.start);
    if let Some(edit) = above.and_then(|line| own_line_comment(text, line)).and_then(|(at, comment)| extended(comment, at, rule)) {
        return edit;
    }
    let content = &text[statement.start..statement.end];
    let indentation = &content[..content.len() - content.trim_start_matches([' ', '\t']).len()];
    insertion(statement.start, format!("{indentation}{OPENING}{rule}]{}", line_break(text)))
}

/// The comment of a line that holds nothing else.
fn own_line_comment<'text>(text: &'text str, line: &Line) -> Option<(usize, &'text str)> {
    let start = line.comment?;
    text[line.start..start].trim().is_empty().then(|| (start, &text[start..line.end]))
}

/// The edit that adds `rule` to the list in `comment`, which begins at byte `at`; `None` if it holds no list.
fn extended(comment: &str, at: usize, rule: &str) -> Option<TextEdit> {
    let list = comment.find(OPENING)? + OPENING.len();
    let end = list + comment[list..].find(']')?;
    let names = comment[list..end].trim_end();
    let separator = if names.is_empty() || names.ends_with(',') { "" } else { ", " };
    Some(insertion(at + list + names.len(), format!("{separator}{rule}")))
}

fn insertion(at: usize, text: String) -> TextEdit {
    TextEdit { range: TextRange::new(at as u32, at as u32), text }
}

fn line_break(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// A line of the text, in bytes.
struct Line {
    start: usize,
    /// Where its line break is.
    end: usize,
    /// Where its comment begins.
    comment: Option<usize>,
    /// Whether no string, bracket or backslash reaches into it from above.
    starts_statement: bool,
    /// Whether a comment may stand at its end.
    takes_comment: bool,
}

/// The lines of `text` up to the one that holds byte `offset`.
fn lines_up_to(text: &str, offset: usize) -> Vec<Line> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, depth: 0, string: None, is_continued: false };
    let mut lines = Vec::new();
    loop {
        let line = scanner.line();
        let is_last = offset <= line.end || scanner.at >= text.len();
        lines.push(line);
        if is_last {
            return lines;
        }
    }
}

/// Follows strings, brackets and backslashes from line to line.
struct Scanner<'text> {
    bytes: &'text [u8],
    at: usize,
    depth: usize,
    /// The quote that closes the present string: once, or three times.
    string: Option<(u8, bool)>,
    is_continued: bool,
}

impl Scanner<'_> {
    /// Reads one line and its line break.
    fn line(&mut self) -> Line {
        let start = self.at;
        let starts_statement = self.depth == 0 && self.string.is_none() && !self.is_continued;
        self.is_continued = false;
        let mut comment = None;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => break,
                b'\\' if self.ends_line(self.at + 1) => {
                    self.is_continued = true;
                    self.at += 1;
                }
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                _ if self.string.is_some() => self.step_in_string(byte),
                b'#' => {
                    comment = Some(self.at);
                    self.skip_to_line_end();
                }
                b'\'' | b'"' => self.open_string(byte),
                b'(' | b'[' | b'{' => self.step(1),
                b')' | b']' | b'}' => self.step(-1),
                _ => self.at += 1,
            }
        }
        let end = self.at;
        // A string in single quotes ends with its line, closed or not.
        if matches!(self.string, Some((_, false))) && !self.is_continued {
            self.string = None;
        }
        let takes_comment = self.string.is_none() && !self.is_continued;
        self.at += match self.bytes.get(end..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        Line { start, end, comment, starts_statement, takes_comment }
    }

    fn ends_line(&self, at: usize) -> bool {
        self.bytes.get(at).is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
    }

    fn skip_to_line_end(&mut self) {
        while !self.ends_line(self.at) {
            self.at += 1;
        }
    }

    fn step(&mut self, by: isize) {
        self.depth = self.depth.saturating_add_signed(by);
        self.at += 1;
    }

    fn is_triple(&self, quote: u8) -> bool {
        self.bytes[self.at..].starts_with(&[quote; 3])
    }

    fn open_string(&mut self, quote: u8) {
        let is_triple = self.is_triple(quote);
        self.string = Some((quote, is_triple));
        self.at += if is_triple { 3 } else { 1 };
    }

    fn step_in_string(&mut self, byte: u8) {
        match self.string {
            Some((quote, false)) if byte == quote => {
                self.string = None;
                self.at += 1;
            }
            Some((quote, true)) if self.is_triple(quote) => {
                self.string = None;
                self.at += 3;
            }
            _ => self.at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::comment;

    /// The text after ignoring `r` at `|`.
    fn ignored(marked: &str) -> String {
        let offset = marked.find('|').expect("the text marks a place");
        let mut text = marked.replacen('|', "", 1);
        let edit = comment(&text, offset as u32, "r");
        text.replace_range(edit.range.indices(), &edit.text);
        text
    }

    #[test]
    fn a_line_gets_a_comment_at_its_end() {
        assert_eq!(ignored("a = 1\nb = |f(x)  \nc"), "a = 1\nb = f(x)  # backprobe: ignore[r]  \nc");
        assert_eq!(ignored("b = |f(x)"), "b = f(x)  # backprobe: ignore[r]");
        assert_eq!(ignored("|"), "  # backprobe: ignore[r]");
        assert_eq!(ignored("b = |f('#', \"'\")\r\nc"), "b = f('#', \"'\")  # backprobe: ignore[r]\r\nc");
        assert_eq!(ignored("b = |f(x)  # why\nc"), "b = f(x)  # why  # backprobe: ignore[r]\nc");
    }

    #[test]
    fn a_list_is_extended() {
        assert_eq!(ignored("|b  # backprobe: ignore[a]\n"), "b  # backprobe: ignore[a, r]\n");
        assert_eq!(ignored("|b  # backprobe: ignore[]\n"), "b  # backprobe: ignore[r]\n");
        assert_eq!(ignored("# backprobe: ignore[a]\nb = |c \\\n  + d\n"), "# backprobe: ignore[a, r]\nb = c \\\n  + d\n");
    }

    #[test]
    fn a_line_inside_brackets_gets_its_own_comment() {
        assert_eq!(ignored("a = f(\n    |b,\n)\n"), "a = f(\n    b,  # backprobe: ignore[r]\n)\n");
    }

    #[test]
    fn where_no_comment_fits_it_stands_before_the_statement() {
        assert_eq!(ignored("if x:\n    a = |b + \\\n        c\n"), "if x:\n    # backprobe: ignore[r]\n    a = b + \\\n        c\n");
        assert_eq!(ignored("a = f(\n  |b, '''x\n''')\n"), "# backprobe: ignore[r]\na = f(\n  b, '''x\n''')\n");
        assert_eq!(ignored("\ta = '''\n|x\ny''', b\n"), "\t# backprobe: ignore[r]\n\ta = '''\nx\ny''', b\n");
    }

    #[test]
    fn the_last_line_of_a_string_takes_a_comment() {
        assert_eq!(ignored("a = '''\nx''', |b\n"), "a = '''\nx''', b  # backprobe: ignore[r]\n");
    }
}
