//! Where string literals end.

use memchr::{memchr2, memchr3};

/// How far a string literal reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StringEnd {
    /// One past its closing quote, or where it stops counting as a string: a line break, a definition, the text's end.
    pub(crate) end: usize,
    /// Whether a closing quote was found.
    pub(crate) is_closed: bool,
    /// Whether it was first read as an f-string, looking beyond `end`, and made no sense as such.
    pub(crate) is_misread: bool,
}

impl StringEnd {
    const fn closed(end: usize) -> Self {
        Self { end, is_closed: true, is_misread: false }
    }

    const fn open(end: usize) -> Self {
        Self { end, is_closed: false, is_misread: false }
    }
}

/// What happens to a triple-quoted string that meets a definition in column 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Recovery {
    /// It goes on: the text of strings is free.
    None,
    /// It ends there: some string of the text is not closed, and nobody can tell which.
    AtDefinitions,
}

/// Letters before the quote at `quote`, if they are a prefix of the string.
fn prefix(bytes: &[u8], quote: usize) -> &[u8] {
    let nearest = quote.saturating_sub(4);
    let start = bytes[nearest..quote].iter().rposition(|&byte| !is_identifier(byte)).map_or(nearest, |before| nearest + before + 1);
    let letters = &bytes[start..quote];
    let is_prefix = letters.len() <= 3 && letters.iter().all(|byte| b"rbuftRBUFT".contains(byte));
    if is_prefix { letters } else { &[] }
}

/// Whether `byte` can be part of an identifier.
#[inline]
pub(crate) fn is_identifier(byte: u8) -> bool {
    IN_IDENTIFIERS[byte as usize]
}

static IN_IDENTIFIERS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < u8::MAX {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        byte += 1;
    }
    table[u8::MAX as usize] = true;
    table
};

/// The end of the string whose opening quote stands at `quote`.
pub(crate) fn string_end(bytes: &[u8], quote: usize, recovery: Recovery) -> StringEnd {
    let literal = Formatted::at(bytes, quote).filter(|_| recovery == Recovery::None);
    if let Some(end) = literal.and_then(|literal| literal.end(quote + literal.quotes())) {
        return StringEnd::closed(end);
    }
    // Half-typed fields make no sense of their own: such a string is taken as a plain one.
    StringEnd { is_misread: literal.is_some(), ..unformatted_end(bytes, quote, recovery) }
}

fn unformatted_end(bytes: &[u8], quote: usize, recovery: Recovery) -> StringEnd {
    let mark = bytes[quote];
    if bytes[quote..].starts_with(&[mark; 3]) {
        triple_end(bytes, quote + 3, mark, recovery)
    } else {
        plain_end(bytes, quote + 1, mark)
    }
}

fn plain_end(bytes: &[u8], mut at: usize, mark: u8) -> StringEnd {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at = skip_escape(bytes, at),
            b'\n' | b'\r' => return StringEnd::open(at),
            _ if byte == mark => return StringEnd::closed(at + 1),
            _ => at += 1,
        }
    }
    StringEnd::open(bytes.len())
}

fn triple_end(bytes: &[u8], mut at: usize, mark: u8, recovery: Recovery) -> StringEnd {
    let line_break = if recovery == Recovery::None { mark } else { b'\n' };
    while let Some(found) = memchr3(mark, b'\\', line_break, &bytes[at.min(bytes.len())..]) {
        at += found;
        match bytes[at] {
            b'\\' => at = skip_escape(bytes, at),
            b'\n' if starts_definition(&bytes[at + 1..]) => return StringEnd::open(at),
            _ if bytes[at..].starts_with(&[mark; 3]) => return StringEnd::closed(at + 3),
            _ => at += 1,
        }
    }
    StringEnd::open(bytes.len())
}

/// One past the backslash at `at` and what it escapes.
fn skip_escape(bytes: &[u8], at: usize) -> usize {
    let escaped = if bytes[at + 1..].starts_with(b"\r\n") { 2 } else { 1 };
    (at + 1 + escaped).min(bytes.len())
}

/// Whether a line that begins with `line` begins a definition: `def name(`, `class Name:`, `@name`.
///
/// The test is narrow because prose that begins with "class" must not pass. It looks at no other line.
pub(crate) fn starts_definition(line: &[u8]) -> bool {
    if let Some(name) = line.strip_prefix(b"@") {
        return name.first().is_some_and(|&byte| is_identifier(byte) && !byte.is_ascii_digit());
    }
    starts_named_definition(line)
}

/// Whether `line`, without indentation, begins `def name(` or `class Name:`. Neither can stand inside brackets.
pub(crate) fn starts_named_definition(line: &[u8]) -> bool {
    if !line.starts_with(b"def ") && !line.starts_with(b"class ") && !line.starts_with(b"async ") {
        return false;
    }
    let line = memchr2(b'\n', b'\r', line).map_or(line, |end| &line[..end]);
    let rest = line.strip_prefix(b"async ").map_or(line, <[u8]>::trim_ascii_start);
    let (rest, closers): (_, &[u8]) = if let Some(rest) = rest.strip_prefix(b"def ") {
        (rest, b"([")
    } else if let Some(rest) = line.strip_prefix(b"class ") {
        (rest, b"(:[")
    } else {
        return false;
    };
    let rest = rest.trim_ascii_start();
    let name = rest.iter().position(|&byte| !is_identifier(byte)).unwrap_or(rest.len());
    name > 0 && rest[name..].trim_ascii_start().first().is_some_and(|byte| closers.contains(byte))
}

/// An f-string or template string, in which fields may hold strings with the same quotes (Python 3.12).
#[derive(Clone, Copy)]
struct Formatted<'text> {
    bytes: &'text [u8],
    mark: u8,
    is_triple: bool,
    is_raw: bool,
    depth: u32,
}

impl<'text> Formatted<'text> {
    /// Fields nest as deep as this; beyond, the string is not understood.
    const MAX_DEPTH: u32 = 8;
    /// A string is as long as this; beyond, its fields are not looked at.
    const MAX_LENGTH: usize = 64 * 1024;

    /// The string whose opening quote stands at `quote`, if its prefix says that it has fields.
    fn at(bytes: &'text [u8], quote: usize) -> Option<Self> {
        let (mark, prefix) = (bytes[quote], prefix(bytes, quote));
        prefix.iter().any(|byte| b"fFtT".contains(byte)).then(|| Self {
            bytes: &bytes[..bytes.len().min(quote + Self::MAX_LENGTH)],
            mark,
            is_triple: bytes[quote..].starts_with(&[mark; 3]),
            is_raw: prefix.iter().any(|byte| b"rR".contains(byte)),
            depth: 0,
        })
    }

    const fn quotes(self) -> usize {
        if self.is_triple { 3 } else { 1 }
    }

    fn end(self, mut at: usize) -> Option<usize> {
        loop {
            match *self.bytes.get(at)? {
                b'\\' => at = self.skip_escape(at)?,
                b'{' if self.bytes.get(at + 1) == Some(&b'{') => at += 2,
                b'{' => at = self.field(at + 1)?,
                b'\n' | b'\r' if !self.is_triple => return None,
                byte if byte == self.mark && !self.is_triple => return Some(at + 1),
                byte if byte == self.mark && self.bytes[at..].starts_with(&[byte; 3]) => return Some(at + 3),
                _ => at += 1,
            }
        }
    }

    fn skip_escape(self, at: usize) -> Option<usize> {
        if !self.is_raw && self.bytes[at + 1..].starts_with(b"N{") {
            return Some(at + memchr::memchr(b'}', &self.bytes[at..])? + 1);
        }
        match self.bytes.get(at + 1)? {
            b'{' | b'}' => Some(at + 1),
            _ => Some(skip_escape(self.bytes, at)),
        }
    }

    /// One past the brace that closes the field whose content begins at `at`.
    fn field(self, mut at: usize) -> Option<usize> {
        if self.depth >= Self::MAX_DEPTH {
            return None;
        }
        let mut open = Vec::new();
        loop {
            let byte = *self.bytes.get(at)?;
            match byte {
                b'}' if open.is_empty() => return Some(at + 1),
                b'(' | b'[' | b'{' => open.push(byte),
                b')' | b']' | b'}' if open.pop() != Some(opening(byte)) => return None,
                b'"' | b'\'' => {
                    at = self.nested_end(at)? - 1;
                }
                b'!' if self.bytes.get(at + 1) == Some(&b'=') => at += 1,
                b':' if open.is_empty() => return self.specification(at + 1),
                b'\n' if starts_definition(&self.bytes[at + 1..]) => return None,
                b'#' => at += memchr::memchr(b'\n', &self.bytes[at..])? - 1,
                _ => {}
            }
            at += 1;
        }
    }

    /// The end of a string in a field. An f-string that makes no sense is not tried again as a plain one: with many of
    /// them the tries would double at each depth.
    fn nested_end(self, quote: usize) -> Option<usize> {
        match Formatted::at(self.bytes, quote) {
            Some(literal) => Self { depth: self.depth + 1, ..literal }.end(quote + literal.quotes()),
            None => Some(unformatted_end(self.bytes, quote, Recovery::None)).filter(|string| string.is_closed).map(|string| string.end),
        }
    }

    /// One past the brace that closes the field whose format specification begins at `at`.
    fn specification(self, mut at: usize) -> Option<usize> {
        let nested = Self { depth: self.depth + 1, ..self };
        loop {
            match *self.bytes.get(at)? {
                b'}' => return Some(at + 1),
                b'{' => at = nested.field(at + 1)?,
                b'\n' | b'\r' if !self.is_triple => return None,
                byte if byte == self.mark && !self.is_triple => return None,
                byte if byte == self.mark && self.bytes[at..].starts_with(&[byte; 3]) => return None,
                _ => at += 1,
            }
        }
    }
}

const fn opening(closing: u8) -> u8 {
    match closing {
        b')' => b'(',
        b']' => b'[',
        _ => b'{',
    }
}
