//! Comments that silence findings: `# backprobe: ignore[rule, rule]`, and `# backprobe: ignore-file[rule]` for a whole file.
//!
//! Behind a statement, or on lines of its own before it, such a comment speaks of the whole statement; behind a line inside
//! brackets it speaks of that line. That for a file stands on a line of its own above the first statement, and speaks of nothing elsewhere.
//! Knows which comment speaks of which place; the rules are names to it.

mod edit;

use memchr::memmem;

use super::segments::{LogicalLine, LogicalLines, Recovery, string_end};
use crate::text::TextRange;

pub use edit::{suppressed, suppressed_in_file};

/// The comments of one text that silence findings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suppressions {
    comments: Vec<Suppression>,
}

/// A comment that silences findings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppression {
    /// From its `#` to its closing bracket.
    pub range: TextRange,
    /// What it speaks of; `None` for one that is meant for a file and does not stand at its top.
    pub scope: Option<TextRange>,
    /// The rules that it names.
    pub rules: Vec<SuppressedRule>,
}

/// A rule that a comment names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuppressedRule {
    /// Where.
    pub range: TextRange,
    /// The name.
    pub name: String,
}

impl Suppressions {
    /// Reads the comments of `text`.
    pub fn of(text: &str) -> Self {
        if memmem::find(text.as_bytes(), TOOL.as_bytes()).is_none() {
            return Self::default();
        }
        let mut comments = Vec::new();
        let mut above = 0;
        let whole = range(0, text.len());
        for line in LogicalLines::new(text, 0, Recovery::None) {
            let statement = range(line.start, line.end);
            let top = (above == 0).then_some(whole);
            let own_lines = physical_lines(text, above, line.start).filter_map(|line| own_line_comment(text, line));
            comments.extend(own_lines.filter_map(|comment| Suppression::read(text, comment, statement, top)));
            comments.extend(comments_of(text, line).filter_map(|comment| {
                let is_inside = (comment.end as usize) < line.code_end;
                Suppression::read(text, comment, if is_inside { physical_line(text, comment.start as usize) } else { statement }, None)
            }));
            above = line.end;
        }
        // Below the last statement there is nothing to silence.
        let nothing = range(text.len(), text.len());
        let own_lines = physical_lines(text, above, text.len()).filter_map(|line| own_line_comment(text, line));
        comments.extend(own_lines.filter_map(|comment| Suppression::read(text, comment, nothing, None)));
        Self { comments }
    }

    /// The comments in the order of the text.
    pub fn comments(&self) -> &[Suppression] {
        &self.comments
    }

    /// Where a comment names `rule` and speaks of byte `offset`.
    pub fn silencing(&self, rule: &str, offset: u32) -> impl Iterator<Item = TextRange> {
        let comments = self.comments.iter().filter(move |comment| comment.scope.is_some_and(|scope| scope.touches(offset)));
        comments.flat_map(|comment| &comment.rules).filter(move |silent| silent.name == rule).map(|silent| silent.range)
    }
}

impl Suppression {
    /// The comment at `comment`, if it silences something: what it is behind or before, or the file if it stands at its `top`.
    fn read(text: &str, comment: TextRange, scope: TextRange, top: Option<TextRange>) -> Option<Self> {
        let Found { start, list, is_for_file } = find(text, comment)?;
        let mut rules = Vec::new();
        let mut at = list.start;
        for part in text[list.indices()].split(',') {
            let name = part.trim();
            let start = at + (part.len() - part.trim_start().len()) as u32;
            at += part.len() as u32 + 1;
            if !name.is_empty() {
                rules.push(SuppressedRule { range: TextRange::new(start, start + name.len() as u32), name: name.to_owned() });
            }
        }
        let statement = TextRange::new(scope.start, scope.end.saturating_sub(1).max(scope.start));
        Some(Self { range: TextRange::new(start, list.end + 1), scope: if is_for_file { top } else { Some(statement) }, rules })
    }
}

/// What begins each of our comments.
const TOOL: &str = "backprobe:";
/// What silences rules at a place, and in a file.
const FORMS: [(&str, bool); 2] = [("ignore[", false), ("ignore-file[", true)];

/// One of our comments, somewhere in a comment.
struct Found {
    /// Its `#`.
    start: u32,
    /// What stands between its brackets.
    list: TextRange,
    /// Whether it is meant for the whole file.
    is_for_file: bool,
}

/// What of `comment` is ours.
fn find(text: &str, comment: TextRange) -> Option<Found> {
    let content = &text[comment.indices()];
    content.match_indices('#').find_map(|(at, _)| {
        let rest = content[at + 1..].trim_start().strip_prefix(TOOL)?.trim_start();
        let (list, is_for_file) = FORMS.iter().find_map(|(form, is_for_file)| Some((rest.strip_prefix(form)?, *is_for_file)))?;
        let start = comment.end - list.len() as u32;
        Some(Found { start: comment.start + at as u32, list: TextRange::new(start, start + list.find(']')? as u32), is_for_file })
    })
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
    use super::Suppressions;

    /// Whether the rule `r` is silent at the mark `|`.
    fn is_silent(text: &str) -> bool {
        let offset = text.find('|').unwrap();
        Suppressions::of(&text.replacen('|', "", 1)).silencing("r", offset as u32).next().is_some()
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

    #[test]
    fn a_comment_for_the_file_stands_at_its_top() {
        assert!(is_silent("# backprobe: ignore-file[r]\nx\n|a\n"));
        assert!(is_silent("#!/usr/bin/env python\n\n# why\n# backprobe: ignore-file[x, r]\n\nx\n|a\n"));
        assert!(!is_silent("x\n# backprobe: ignore-file[r]\n|a\n"));
        assert!(!is_silent("x  # backprobe: ignore-file[r]\n|a\n"));
    }

    #[test]
    fn places_are_those_of_the_names() {
        let text = "x\ny  # why  # backprobe: ignore[ a,b-c , ] more\n# backprobe: ignore[d]\n";
        let suppressions = Suppressions::of(text);
        let names = suppressions.comments().iter().map(|comment| comment.rules.iter().map(|rule| &text[rule.range.indices()]).collect());
        assert_eq!(names.collect::<Vec<Vec<&str>>>(), [vec!["a", "b-c"], vec!["d"]]);
        assert_eq!(&text[suppressions.comments()[0].range.indices()], "# backprobe: ignore[ a,b-c , ]");
    }
}
