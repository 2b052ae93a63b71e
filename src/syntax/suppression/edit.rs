//! Edits that write and delete comments that silence findings.

use super::{Found, LogicalLine, LogicalLines, Part, Recovery, Suppression, comments_of, find, own_line_comment, parts, physical_line, physical_lines};
use crate::text::{Edit, TextRange};

/// The edit that silences `rule` at byte `offset` of `text`: a comment at the end of the line if one can stand there, else
/// before the statement.
pub fn suppressed(text: &str, offset: u32, rule: &str) -> Edit {
    let offset = offset as usize;
    let mut above = 0;
    let mut statement = None;
    for line in LogicalLines::new(text, 0, Recovery::None) {
        if line.end > offset {
            statement = Some(line);
            break;
        }
        above = line.end;
    }
    let here = physical_line(text, offset);
    match statement {
        Some(line) if line.start <= offset && !takes_comment(text, line, here.end as usize) => before(text, line, above, rule),
        Some(line) => behind(text, here, comments_of(text, line).find(|comment| here.touches(comment.start)), rule),
        None => behind(text, here, own_line_comment(text, here), rule),
    }
}

/// A comment at the end of the line `here`, or its rule in the comment that is there.
fn behind(text: &str, here: TextRange, comment: Option<TextRange>, rule: &str) -> Edit {
    if let Some(edit) = comment.and_then(|comment| extended(text, comment, rule)) {
        return edit;
    }
    let written = text[here.indices()].trim_end().len() as u32;
    insertion(here.start + written, format!("  # backprobe: ignore[{rule}]"))
}

/// A comment on a line of its own before the statement `line`, or its rule in the comment that is there.
fn before(text: &str, line: LogicalLine, above: usize, rule: &str) -> Edit {
    let mut own_lines = physical_lines(text, above, line.start).filter_map(|line| own_line_comment(text, line));
    if let Some(edit) = own_lines.find_map(|comment| extended(text, comment, rule)) {
        return edit;
    }
    // That of the line which cannot take the comment itself.
    let line_break = line_break(&text[line.start..line.end]);
    let indentation = &text[line.start..line.first];
    insertion(line.start as u32, format!("{indentation}# backprobe: ignore[{rule}]{line_break}"))
}

/// The edit that adds `rule` to the list of `comment`; `None` if it holds none.
fn extended(text: &str, comment: TextRange, rule: &str) -> Option<Edit> {
    let list = find(text, comment).filter(|found| !found.is_for_file)?.list;
    Some(with(text, list, rule))
}

/// The edit that adds `rule` to a list.
fn with(text: &str, list: TextRange, rule: &str) -> Edit {
    let names = text[list.indices()].trim_end();
    let separator = if names.is_empty() || names.ends_with(',') { "" } else { ", " };
    insertion(list.start + names.len() as u32, format!("{separator}{rule}"))
}

fn insertion(at: u32, text: String) -> Edit {
    Edit { range: TextRange::new(at, at), text }
}

/// Whether a comment may stand at byte `end`, where a physical line of `line` ends.
fn takes_comment(text: &str, line: LogicalLine, end: usize) -> bool {
    let end = end as u32;
    !parts(text, line).any(|part| match part {
        Part::Comment(_) => false,
        Part::String(range) => range.start < end && end < range.end,
        Part::Continuation(at) => at + 1 == end,
    })
}

/// The edit that silences `rule` in the whole of `text`.
pub fn suppressed_in_file(text: &str, rule: &str) -> Edit {
    let first = LogicalLines::new(text, 0, Recovery::None).next().map_or(text.len(), |line| line.start);
    let comments = || physical_lines(text, 0, first).filter_map(|line| own_line_comment(text, line));
    if let Some(found) = comments().find_map(|comment| find(text, comment).filter(|found: &Found| found.is_for_file)) {
        return with(text, found.list, rule);
    }
    // What must come first says how the file is run and read.
    let is_first = |comment: &TextRange| {
        let content = &text[comment.indices()];
        content.starts_with("#!") || content.contains("coding:") || content.contains("coding=")
    };
    let start = if text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    let behind = comments().take(2).filter(is_first).last().map_or(start, |comment| after_line(text, comment.end as usize));
    let is_open = behind > 0 && !text[..behind].ends_with(['\n', '\r', MARK]);
    let line_break = line_break(text);
    let before = if is_open { line_break } else { "" };
    insertion(behind as u32, format!("{before}# backprobe: ignore-file[{rule}]{line_break}"))
}

/// The byte order mark.
const MARK: char = '\u{feff}';

/// The first line break of `text`.
fn line_break(text: &str) -> &'static str {
    match text.find(['\n', '\r']).map(|at| &text[at..]) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// The byte behind the line break of the line that ends at `end`.
fn after_line(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let length = if rest.starts_with("\r\n") { 2 } else { rest.chars().next().map_or(0, char::len_utf8) };
    end + length
}

impl Suppression {
    /// The edit that deletes those rules from the comment that `is_gone` says; with the last of them the comment goes.
    pub fn without(&self, text: &str, is_gone: impl Fn(&str) -> bool) -> Edit {
        let kept: Vec<&str> = self.rules.iter().map(|rule| rule.name.as_str()).filter(|name| !is_gone(name)).collect();
        if let (Some(first), Some(last), false) = (self.rules.first(), self.rules.last(), kept.is_empty()) {
            return Edit { range: TextRange::new(first.range.start, last.range.end), text: kept.join(", ") };
        }
        let line = physical_line(text, self.range.start as usize);
        let before = text[line.start as usize..self.range.start as usize].trim_end();
        let after = text[self.range.end as usize..line.end as usize].trim_start();
        let (start, end) = match (before.is_empty(), after.starts_with('#')) {
            // Another comment stays where it is.
            (_, true) => (self.range.start, line.end - after.len() as u32),
            // What stands behind it explains it.
            (true, false) => (line.start, after_line(text, line.end as usize) as u32),
            (false, false) => (line.start + before.len() as u32, line.end),
        };
        Edit { range: TextRange::new(start, end), text: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Suppressions;
    use super::{suppressed, suppressed_in_file};

    /// The text and the byte that is marked in it by `|`.
    fn marked(text: &str) -> (String, u32) {
        let offset = text.find('|').unwrap();
        (text.replacen('|', "", 1), offset as u32)
    }

    /// The text after silencing `r` at the mark. That it is silent there is checked here.
    fn silenced(text: &str) -> String {
        let (mut text, offset) = marked(text);
        let edit = suppressed(&text, offset, "r");
        text.replace_range(edit.range.indices(), &edit.text);
        let moved = if edit.range.start <= offset { edit.text.len() as u32 } else { 0 };
        assert!(Suppressions::of(&text).silencing("r", offset + moved).next().is_some(), "{text}");
        text
    }

    #[test]
    fn a_line_gets_a_comment_at_its_end() {
        assert_eq!(silenced("a = 1\nb = |f(x)  \nc"), "a = 1\nb = f(x)  # backprobe: ignore[r]  \nc");
        assert_eq!(silenced("b = |f(x)"), "b = f(x)  # backprobe: ignore[r]");
        assert_eq!(silenced("b = |f('#', \"'\")\r\nc"), "b = f('#', \"'\")  # backprobe: ignore[r]\r\nc");
        assert_eq!(silenced("b = |f(x)  # why\nc"), "b = f(x)  # why  # backprobe: ignore[r]\nc");
        assert_eq!(silenced("if a:\n\n    b = '''x\n'''; |c\n"), "if a:\n\n    b = '''x\n'''; c  # backprobe: ignore[r]\n");
    }

    #[test]
    fn a_list_is_extended() {
        assert_eq!(silenced("|b  # backprobe: ignore[a]\n"), "b  # backprobe: ignore[a, r]\n");
        assert_eq!(silenced("|b  # backprobe: ignore[]\n"), "b  # backprobe: ignore[r]\n");
        assert_eq!(silenced("|b  #backprobe:ignore[a ,] # é\n"), "b  #backprobe:ignore[a ,r] # é\n");
        assert_eq!(silenced("# backprobe: ignore[a]\nb = |c \\\n  + d\n"), "# backprobe: ignore[a, r]\nb = c \\\n  + d\n");
    }

    #[test]
    fn a_line_inside_brackets_gets_its_own_comment() {
        assert_eq!(silenced("a = f(\n    |b,\n)\n"), "a = f(\n    b,  # backprobe: ignore[r]\n)\n");
    }

    #[test]
    fn where_no_comment_fits_it_stands_before_the_statement() {
        assert_eq!(silenced("if x:\n    a = |b + \\\n        c\n"), "if x:\n    # backprobe: ignore[r]\n    a = b + \\\n        c\n");
        assert_eq!(silenced("a = f(\n  |b, '''x\n''')\n"), "# backprobe: ignore[r]\na = f(\n  b, '''x\n''')\n");
        assert_eq!(silenced("\ta = '''\r\n|x\r\ny''', b\r\n"), "\t# backprobe: ignore[r]\r\n\ta = '''\r\nx\r\ny''', b\r\n");
    }

    #[test]
    fn broken_code_and_empty_lines_do_no_harm() {
        for text in ["|", "a\n|\nb", "|'''", "f(|", "f(\n|\n", "\\|", "# x\n|", "\u{feff}|a"] {
            let (text, offset) = marked(text);
            let edit = suppressed(&text, offset, "r");
            assert!(text.get(edit.range.indices()).is_some());
        }
    }

    #[test]
    fn a_file_gets_a_comment_at_its_top() {
        for (text, expected) in [
            ("a\n", "# backprobe: ignore-file[r]\na\n"),
            ("", "# backprobe: ignore-file[r]\n"),
            ("\u{feff}a\r\nb", "\u{feff}# backprobe: ignore-file[r]\r\na\r\nb"),
            ("#!/bin/python\n# -*- coding: utf-8 -*-\n# Licence\na\n", "#!/bin/python\n# -*- coding: utf-8 -*-\n# backprobe: ignore-file[r]\n# Licence\na\n"),
            ("#!/bin/python", "#!/bin/python\n# backprobe: ignore-file[r]\n"),
            ("# why\n# backprobe: ignore-file[x]\na\n", "# why\n# backprobe: ignore-file[x, r]\na\n"),
            ("a\n# backprobe: ignore-file[x]\n", "# backprobe: ignore-file[r]\na\n# backprobe: ignore-file[x]\n"),
        ] {
            let mut edited = text.to_owned();
            let edit = suppressed_in_file(text, "r");
            edited.replace_range(edit.range.indices(), &edit.text);
            assert_eq!(edited, expected);
            assert!(Suppressions::of(&format!("{edited}\nx\n")).silencing("r", edited.len() as u32).next().is_some(), "{edited}");
        }
    }

    /// The text after the rules `x` and `y` are deleted from its comment.
    fn without(text: &str) -> String {
        let mut text = text.to_owned();
        let edit = Suppressions::of(&text).comments()[0].without(&text, |rule| rule == "x" || rule == "y");
        text.replace_range(edit.range.indices(), &edit.text);
        text
    }

    #[test]
    fn rules_go_and_with_the_last_the_comment() {
        assert_eq!(without("a  # backprobe: ignore[x, b , y]\n"), "a  # backprobe: ignore[b]\n");
        assert_eq!(without("a  # backprobe: ignore[x,y] because\nb"), "a\nb");
        assert_eq!(without("a  # why  # backprobe: ignore[x]\n"), "a  # why\n");
        assert_eq!(without("a  # backprobe: ignore[]  # why\n"), "a  # why\n");
        assert_eq!(without("    # backprobe: ignore[x]\r\n    a\r\n"), "    a\r\n");
        assert_eq!(without("# backprobe: ignore-file[x]\na"), "a");
    }
}
