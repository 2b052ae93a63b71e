//! From the bytes of a file to its text, as Python itself decodes its sources.

use std::borrow::Cow;

/// The text of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// The text, without byte order mark.
    pub text: String,
    /// How the file is written.
    pub encoding: Encoding,
}

/// How the text of a file is written as bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8.
    Utf8 {
        /// Whether the file begins with a byte order mark.
        has_mark: bool,
    },
    /// One byte a character.
    Latin(Latin),
}

/// An encoding of one byte a character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Latin {
    /// Latin-1.
    One,
    /// Latin-9.
    Nine,
    /// That of Windows.
    Windows,
}

impl Encoding {
    /// The bytes of `text`; `None` if it holds a character that this encoding has not.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 { has_mark } => Some([if has_mark { MARK } else { &[] }, text.as_bytes()].concat()),
            Self::Latin(latin) => {
                // What stands for bytes without a character stands for none of them.
                let byte = |character: char| (0..=u8::MAX).find(|&byte| character != char::REPLACEMENT_CHARACTER && latin.character(byte) == character);
                text.chars().map(byte).collect()
            }
        }
    }
}

/// Why the bytes of a file are no text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DecodeError {
    /// Neither UTF-8 nor declared to be something else.
    #[error("not UTF-8")]
    NotUtf8,
    /// Declared in an encoding that is not read here.
    #[error("encoding `{0}` is not supported")]
    UnknownEncoding(String),
}

const MARK: &[u8] = b"\xef\xbb\xbf";

/// Decodes the bytes of a Python file: UTF-8 with or without byte order mark, or Latin-1 and its kin if a coding
/// cookie in the first two lines says so ([PEP 263](https://peps.python.org/pep-0263/)).
///
/// A cookie that names another encoding does no harm while all bytes are ASCII.
///
/// # Errors
/// If the bytes are not UTF-8 and no cookie, or one that is not known, says what they are.
pub fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let (content, has_mark) = match bytes.strip_prefix(MARK) {
        Some(content) => (content, true),
        None => (bytes, false),
    };
    let cookie = if has_mark { None } else { cookie(content) };
    let latin = cookie.as_deref().and_then(Latin::called);
    let as_utf8 = |text: &str| Decoded { text: text.to_owned(), encoding: Encoding::Utf8 { has_mark } };
    match (std::str::from_utf8(content), latin, cookie) {
        // Python would read a file with a Latin-1 cookie as Latin-1 even where the bytes happen to be UTF-8.
        (_, Some(latin), _) => Ok(Decoded { text: content.iter().map(|&byte| latin.character(byte)).collect(), encoding: Encoding::Latin(latin) }),
        (Ok(text), None, _) => Ok(as_utf8(text)),
        (Err(_), None, Some(cookie)) if cookie != "utf-8" => Err(DecodeError::UnknownEncoding(cookie)),
        (Err(_), None, _) => Err(DecodeError::NotUtf8),
    }
}

/// The encoding that a comment in the first two lines declares, in Python's normal spelling.
fn cookie(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.split(|&byte| byte == b'\n' || byte == b'\r');
    let first = lines.next()?;
    cookie_of_line(first).or_else(|| if is_blank_or_comment(first) { cookie_of_line(lines.next()?) } else { None })
}

fn is_blank_or_comment(line: &[u8]) -> bool {
    line.iter().find(|byte| !matches!(byte, b' ' | b'\t' | 0x0c)).is_none_or(|&byte| byte == b'#')
}

fn cookie_of_line(line: &[u8]) -> Option<String> {
    if !is_blank_or_comment(line) {
        return None;
    }
    let line = String::from_utf8_lossy(line);
    let mut rest = &*line;
    while let Some(at) = rest.find("coding") {
        rest = &rest[at + "coding".len()..];
        let Some(value) = rest.strip_prefix([':', '=']) else { continue };
        let value = value.trim_start_matches([' ', '\t']);
        let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(value.len());
        if end > 0 {
            return Some(normal(&value[..end]).into_owned());
        }
    }
    None
}

fn normal(name: &str) -> Cow<'static, str> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    match &*name {
        "utf8" | "utf-8" | "utf-8-sig" => Cow::Borrowed("utf-8"),
        "latin-1" | "latin1" | "l1" | "iso-8859-1" | "iso8859-1" | "iso-latin-1" => Cow::Borrowed("latin-1"),
        "latin-9" | "iso-8859-15" | "iso8859-15" => Cow::Borrowed("latin-9"),
        "cp1252" | "windows-1252" | "cp-1252" => Cow::Borrowed("cp1252"),
        _ => Cow::Owned(name),
    }
}

/// What Windows puts where Latin-1 has control characters, from byte 0x80 on.
const WINDOWS: &str = "€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ";

/// Where Latin-9 differs from Latin-1.
const LATIN_9: [(u8, char); 8] =
    [(0xa4, '€'), (0xa6, 'Š'), (0xa8, 'š'), (0xb4, 'Ž'), (0xb8, 'ž'), (0xbc, 'Œ'), (0xbd, 'œ'), (0xbe, 'Ÿ')];

impl Latin {
    /// The encoding with this name, in Python's normal spelling.
    fn called(name: &str) -> Option<Self> {
        match name {
            "latin-1" => Some(Self::One),
            "latin-9" => Some(Self::Nine),
            "cp1252" => Some(Self::Windows),
            _ => None,
        }
    }

    /// What `byte` stands for.
    fn character(self, byte: u8) -> char {
        let special = match (self, byte) {
            (Self::Nine, _) => LATIN_9.iter().find(|(code, _)| *code == byte).map(|&(_, character)| character),
            (Self::Windows, 0x80..0xa0) => WINDOWS.chars().nth(usize::from(byte - 0x80)),
            _ => None,
        };
        special.unwrap_or(char::from(byte))
    }
}
