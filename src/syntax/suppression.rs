//! Comments that silence findings: `# backprobe: ignore[rule, rule]`.
//!
//! Behind a statement, or on lines of its own before it, such a comment speaks of the whole statement; behind a line inside
//! brackets it speaks of that line. Knows which comment speaks of which place; the rules are names to it.

use memchr::memmem;

use super::segments::{LogicalLine, LogicalLines, Recovery, string_end};
use crate::text::{Edit, TextRange};

/// The comments of one text that silence findings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suppressions {
    comments: Vec<Suppression>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Suppression {
    /// What it speaks of.
    scope: TextRange,
    rules: Vec<String>,
}

impl Suppressions {
    /// Reads the comments of `text`.
    pub fn of(text: &str) -> Self {
        if memmem::find(text.as_bytes(), b"ignore[").is_none() {
            return Self::default();
        }
        let mut comments = Vec::new();
        let mut above = 0;
        for line in LogicalLines::new(text, 0, Recovery::None) {
            let statement = range(line.start, line.end);
            let own_lines = physical_lines(text, above, line.start).filter_map(|line| own_line_comment(text, line));
            comments.extend(own_lines.filter_map(|comment| Suppression::read(text, comment, statement)));
            comments.extend(comments_of(text, line).filter_map(|comment| {
                let is_inside = (comment.end as usize) < line.code_end;
                Suppression::read(text, comment, if is_inside { physical_line(text, comment.start as usize) } else { statement })
            }));
            above = line.end;
        }
        Self { comments }
    }

    /// Whether `rule` is silent at byte `offset`.
    pub fn cover(&self, rule: &str, offset: u32) -> bool {
        self.comments.iter().any(|comment| comment.scope.touches(offset) && comment.rules.iter().any(|silent| silent == rule))
    }
}

impl Suppression {
    fn read(text: &str, comment: TextRange, scope: TextRange) -> Option<Self> {
        let names = &text[list(text, comment)?.indices()];
        let rules = names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Some(Self { scope: TextRange::new(scope.start, scope.end.saturating_sub(1).max(scope.start)), rules })
    }
}

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
    // The line break of the line that cannot take the comment itself.
    let line_break = match text.get(line.start..line.end).and_then(|line| line.find(['\n', '\r']).map(|at| &line[at..])) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    };
    let indentation = &text[line.start..line.first];
    insertion(line.start as u32, format!("{indentation}# backprobe: ignore[{rule}]{line_break}"))
}

/// The edit that adds `rule` to the list of `comment`; `None` if it holds none.
fn extended(text: &str, comment: TextRange, rule: &str) -> Option<Edit> {
    let list = list(text, comment)?;
    let names = text[list.indices()].trim_end();
    let separator = if names.is_empty() || names.ends_with(',') { "" } else { ", " };
    Some(insertion(list.start + names.len() as u32, format!("{separator}{rule}")))
}

fn insertion(at: u32, text: String) -> Edit {
    Edit { range: TextRange::new(at, at), text }
}

/// What stands between the brackets of `comment`, if it is one of ours.
fn list(text: &str, comment: TextRange) -> Option<TextRange> {
    let content = &text[comment.indices()];
    let lists = content.match_indices('#').filter_map(|(at, _)| {
        let rest = content[at + 1..].trim_start().strip_prefix("backprobe:")?;
        rest.trim_start().strip_prefix("ignore[")
    });
    let list = { lists }.next()?;
    let start = comment.end - list.len() as u32;
    Some(TextRange::new(start, start + list.find(']')? as u32))
}

/// The comment of a line that holds nothing else.
fn own_line_comment(text: &str, line: TextRange) -> Option<TextRange> {
    let content = text[line.indices()].trim_start_matches(['\u{feff}', ' ', '\t', '\x0c']);
    content.starts_with('#').then(|| TextRange::new(line.end - content.len() as u32, line.end))
}

/// What is not plain code in a logical line.
enum Part {
    Comment(TextRange),
    String(TextRange),
    /// A backslash that continues the line.
    Continuation(u32),
}

fn comments_of(text: &str, line: LogicalLine) -> impl Iterator<Item = TextRange> {
    parts(text, line).filter_map(|part| if let Part::Comment(range) = part { Some(range) } else { None })
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

fn parts(text: &str, line: LogicalLine) -> impl Iterator<Item = Part> {
    let bytes = &text.as_bytes()[..line.end];
    let mut at = line.first;
    std::iter::from_fn(move || {
        loop {
            let start = at;
            match *bytes.get(at)? {
                b'#' => {
                    at = line_end(bytes, at);
                    return Some(Part::Comment(range(start, at)));
                }
                b'"' | b'\'' => {
                    at = string_end(bytes, at, Recovery::None).end;
                    return Some(Part::String(range(start, at)));
                }
                b'\\' => {
                    at += 1;
                    if matches!(bytes.get(at), Some(b'\n' | b'\r')) {
                        return Some(Part::Continuation(start as u32));
                    }
                }
                _ => at += 1,
            }
        }
    })
}

/// The physical line that holds byte `at`, without its line break.
fn physical_line(text: &str, at: usize) -> TextRange {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let start = memchr::memrchr2(b'\n', b'\r', &bytes[..at]).map_or(0, |found| found + 1);
    range(start, line_end(bytes, at))
}

/// The physical lines of the bytes from `start` to `end`, without their line breaks.
fn physical_lines(text: &str, start: usize, end: usize) -> impl Iterator<Item = TextRange> {
    let mut at = start;
    std::iter::from_fn(move || {
        (at < end).then(|| {
            let line = range(at, line_end(text.as_bytes(), at));
            at = line.end as usize + 1;
            line
        })
    })
}

/// Where the line break of the line that holds byte `at` stands.
fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |found| at + found)
}

fn range(start: usize, end: usize) -> TextRange {
    TextRange::new(start as u32, end as u32)
}

#[cfg(test)]
mod tests {
    use super::{Suppressions, suppressed};

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
        assert!(Suppressions::of(&text).cover("r", offset + moved), "{text}");
        text
    }

    fn is_silent(text: &str) -> bool {
        let (text, offset) = marked(text);
        Suppressions::of(&text).cover("r", offset)
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
    fn a_comment_speaks_of_its_statement_or_its_line() {
        assert!(is_silent("a = f(\n  |b,\n)  # backprobe: ignore[x, r]\n"));
        assert!(is_silent("# backprobe: ignore[r]\n# more\n\na = f(\n  |b,\n)\n"));
        assert!(is_silent("def f():  # backprobe: ignore[r]\n    a = |b  # backprobe: ignore[r]\n"));
        assert!(!is_silent("def f():  # backprobe: ignore[r]\n    a = |b\n"));
        assert!(!is_silent("# backprobe: ignore[r]\na\n|b\n"));
        assert!(!is_silent("a = f(\n  |b,\n  c,  # backprobe: ignore[r]\n)\n"));
        assert!(!is_silent("|a  # backprobe: ignore[rr]\n"));
        assert!(!is_silent("|a  # ignore[r]\n"));
        assert!(!is_silent("|a = '# backprobe: ignore[r]'\n"));
    }
}
