//! How deep a text may be nested, seen from its signs alone, before anything is parsed.

use memchr::memchr;

use crate::syntax::segments::{Recovery, is_identifier, string_end};

/// Brackets are nested as deep as this.
pub(super) const MAX_BRACKETS: u32 = 32;

/// Operators of one statement: each may stand one deeper than the one before.
const MAX_OPERATORS: u32 = 1000;

/// As many columns a line of code is indented.
const MAX_INDENTATION: usize = 150;

/// Whether something in `text` could be nested deeper than is safe to walk. Deep texts are often long lists: there is no harm in
/// being wrong about them.
pub(super) fn is_deep(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut brackets, mut operators) = (0, 0u32, 0u32);
    while let Some(&byte) = bytes.get(at) {
        match SIGNS[usize::from(byte)] {
            Sign::Letter | Sign::Comma => {}
            Sign::Operator => operators += 1,
            // Operators that are words stand between spaces.
            Sign::Space => operators += u32::from(at > 0 && is_identifier(bytes[at - 1])),
            Sign::Open => {
                brackets += 1;
                operators += 1;
            }
            Sign::Close => brackets = brackets.saturating_sub(1),
            Sign::Quote => {
                let end = string_end(bytes, at, Recovery::None).end;
                if is_formatted(&bytes[..at]) {
                    let opened = bytes[at..end].iter().filter(|&&byte| SIGNS[usize::from(byte)] == Sign::Open).count() as u32;
                    let signs = bytes[at..end].iter().filter(|&&byte| !matches!(SIGNS[usize::from(byte)], Sign::Letter | Sign::Comma)).count() as u32;
                    operators += signs;
                    if brackets + opened > MAX_BRACKETS || operators > MAX_OPERATORS {
                        return true;
                    }
                }
                at = end.max(at + 1);
                continue;
            }
            Sign::Comment => {
                at += memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
                continue;
            }
            Sign::Line if brackets == 0 && !is_continued(&bytes[..at]) => {
                operators = 0;
                let indentation = bytes[at + 1..].iter().take(MAX_INDENTATION).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                if indentation == MAX_INDENTATION {
                    return true;
                }
            }
            Sign::Line => operators += 1,
        }
        if brackets > MAX_BRACKETS || operators > MAX_OPERATORS {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether the line that ends here goes on.
fn is_continued(line: &[u8]) -> bool {
    line.strip_suffix(b"\r").unwrap_or(line).last() == Some(&b'\\')
}

/// Whether the string that begins behind `before` is an f-string, which has expressions in it.
fn is_formatted(before: &[u8]) -> bool {
    before.iter().rev().take(2).take_while(|byte| byte.is_ascii_alphabetic()).any(|byte| b"fFtT".contains(byte))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Letter,
    Comma,
    Operator,
    Space,
    Open,
    Close,
    Quote,
    Comment,
    Line,
}

static SIGNS: [Sign; 256] = {
    let mut signs = [Sign::Operator; 256];
    let mut byte = 0;
    while byte < 256 {
        signs[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 0x80.. => Sign::Letter,
            b',' => Sign::Comma,
            b' ' | b'\t' | b'\r' | 0x0c => Sign::Space,
            b'(' | b'[' | b'{' => Sign::Open,
            b')' | b']' | b'}' => Sign::Close,
            b'"' | b'\'' => Sign::Quote,
            b'#' => Sign::Comment,
            b'\n' => Sign::Line,
            _ => Sign::Operator,
        };
        byte += 1;
    }
    signs
};
