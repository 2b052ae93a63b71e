//! Text cut into segments before parsing: the statements at the top of a module and the members of its classes.
//!
//! A pure function of the text. An opened bracket or quote costs the segment it stands in, not the file, and segments
//! that cannot matter are never parsed.

mod edited;
mod lines;
mod magics;
mod strings;

pub use lines::code_lines;
pub(crate) use lines::{LogicalLine, LogicalLines};
pub(crate) use magics::masked;
pub(crate) use strings::{Recovery, is_identifier, string_end};

use crate::text::TextRange;

/// The segments of one text, in order. Comments and blank lines between them belong to none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segments {
    segments: Vec<Segment>,
    recovery: Recovery,
    /// Whether the end of some string depended on text behind it.
    looked_ahead: bool,
}

/// One statement at the top of a module with its decorators, or what looks like one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    /// From the start of its first line to the line break of its last line of code.
    pub range: TextRange,
    /// What it is.
    pub kind: SegmentKind,
}

/// What a segment is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SegmentKind {
    /// `def`, with decorators.
    Function {
        /// Where its name stands.
        name: TextRange,
    },
    /// `class`, with decorators.
    Class {
        /// Where its name stands.
        name: TextRange,
        /// Its decorators and the line that begins with `class`, with a body that stands on this line.
        header: TextRange,
        /// The statements of its body.
        members: Vec<Member>,
    },
    /// Any other statement, and definitions without a name.
    Statement,
}

/// One statement of a class body, with its decorators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// From the start of its first line to the line break of its last line of code.
    pub range: TextRange,
    /// Where the name of a method stands; `None` for other statements.
    pub method: Option<TextRange>,
}

impl Segments {
    /// Cuts `text`.
    pub fn new(text: &str) -> Self {
        Self::cut(text).unwrap_or_else(|| {
            // Some triple-quoted string is not closed: no string reaches over a definition in column 0.
            let mut builder = Builder::default();
            LogicalLines::new(text, 0, Recovery::AtDefinitions).for_each(|line| builder.add(text, line));
            Self { segments: builder.segments, recovery: Recovery::AtDefinitions, looked_ahead: true }
        })
    }

    /// `None` if the text ends inside a string.
    fn cut(text: &str) -> Option<Self> {
        let mut builder = Builder::default();
        let mut lines = LogicalLines::new(text, 0, Recovery::None);
        lines.by_ref().for_each(|line| builder.add(text, line));
        let looked_ahead = lines.looked_ahead;
        (!lines.ended_in_string).then_some(Self { segments: builder.segments, recovery: Recovery::None, looked_ahead })
    }

    /// The segments, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Segment> {
        self.segments.iter()
    }
}

impl<'segments> IntoIterator for &'segments Segments {
    type Item = &'segments Segment;
    type IntoIter = std::slice::Iter<'segments, Segment>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What the first words of a line say about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LineKind {
    /// It cannot begin a statement: `else`, a closing bracket.
    Continues,
    /// `@`
    Decorator,
    /// `def name` or `async def name`.
    Function(TextRange),
    /// `class Name`
    Class(TextRange),
    /// Anything else.
    Other,
}

impl LineKind {
    pub(crate) fn of(text: &str, line: LogicalLine) -> Self {
        let code = &text.as_bytes()[line.first..line.code_end];
        let (word, rest) = first_word(code);
        let name = |rest: &[u8]| {
            let start = code.len() - rest.trim_ascii_start().len();
            let end = start + first_word(&code[start..]).0.len();
            (start < end).then(|| TextRange::new((line.first + start) as u32, (line.first + end) as u32))
        };
        match word {
            b"" if matches!(code.first(), Some(b')' | b']' | b'}')) => Self::Continues,
            b"" if code.first() == Some(&b'@') => Self::Decorator,
            b"else" | b"elif" | b"except" | b"finally" => Self::Continues,
            b"def" => name(rest).map_or(Self::Other, Self::Function),
            b"class" => name(rest).map_or(Self::Other, Self::Class),
            b"async" => match first_word(rest.trim_ascii_start()) {
                (b"def", rest) => name(rest).map_or(Self::Other, Self::Function),
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// The identifier at the start of `code`, and the rest.
fn first_word(code: &[u8]) -> (&[u8], &[u8]) {
    code.split_at(code.iter().position(|&byte| !is_identifier(byte)).unwrap_or(code.len()))
}

/// Puts logical lines together to segments.
#[derive(Default)]
struct Builder {
    segments: Vec<Segment>,
    /// Whether the last line in column 0 was a decorator, whose definition is still to come.
    is_decorating: bool,
    members: Members,
}

/// Puts the logical lines of a class body together to members.
#[derive(Default)]
struct Members {
    /// Columns of indentation of the first member.
    indent: Option<u32>,
    /// Whether the last line was a decorator of a member.
    is_decorating: bool,
}

impl Builder {
    fn add(&mut self, text: &str, line: LogicalLine) {
        if line.indent > 0
            && let Some(last) = self.segments.last_mut()
        {
            last.range.end = line.end as u32;
            if let SegmentKind::Class { members, .. } = &mut last.kind {
                self.members.add(members, text, line);
            }
            return;
        }
        let kind = LineKind::of(text, line);
        if (self.is_decorating || kind == LineKind::Continues)
            && let Some(last) = self.segments.last_mut()
        {
            last.range.end = line.end as u32;
        } else {
            self.segments.push(Segment { range: range(line), kind: SegmentKind::Statement });
        }
        self.define(kind);
    }

    /// Says what the last segment is, now that its first line after the decorators is known.
    fn define(&mut self, line: LineKind) {
        if line == LineKind::Continues {
            return;
        }
        self.is_decorating = line == LineKind::Decorator;
        let Some(last) = self.segments.last_mut() else { return };
        last.kind = match line {
            LineKind::Function(name) => SegmentKind::Function { name },
            LineKind::Class(name) => {
                self.members = Members::default();
                SegmentKind::Class { name, header: last.range, members: Vec::new() }
            }
            _ => SegmentKind::Statement,
        };
    }
}

impl Members {
    fn add(&mut self, members: &mut Vec<Member>, text: &str, line: LogicalLine) {
        let is_member = line.indent <= *self.indent.get_or_insert(line.indent);
        let kind = if is_member { LineKind::of(text, line) } else { LineKind::Continues };
        match members.last_mut() {
            Some(last) if self.is_decorating || kind == LineKind::Continues => last.range.end = line.end as u32,
            _ => members.push(Member { range: range(line), method: None }),
        }
        if kind == LineKind::Continues {
            return;
        }
        self.is_decorating = kind == LineKind::Decorator;
        if let (Some(last), LineKind::Function(name)) = (members.last_mut(), kind) {
            last.method = Some(name);
        }
    }
}

fn range(line: LogicalLine) -> TextRange {
    TextRange::new(line.start as u32, line.end as u32)
}
