//! Tokens of one logical line, for the little that is read without a parser.

use super::segments::{LogicalLine, Recovery, is_identifier, string_end};

/// A token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token<'text> {
    /// An identifier or keyword.
    Word(&'text str),
    /// A number or a string, as it is written. The prefix of a string is a constant of its own.
    Constant(&'text str),
    /// One byte of anything else.
    Sign(u8),
    /// `==`, `!=`, `<=`, `>=`: they hold an equals sign that assigns nothing.
    Comparison,
    /// `+=` and its kin, and `->`.
    Augmented,
    /// `:=`
    Walrus,
}

/// The tokens of `line`. Comments, line breaks and continuations leave no trace.
pub(super) fn tokens(text: &str, line: LogicalLine) -> Vec<Token<'_>> {
    let bytes = &text.as_bytes()[..line.code_end];
    let mut tokens = Vec::new();
    let mut at = line.first;
    while at < bytes.len() {
        let byte = bytes[at];
        let end = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'\\' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |found| at + found);
                continue;
            }
            b'"' | b'\'' => string_end(bytes, at, Recovery::None).end,
            _ if is_identifier(byte) => word_end(bytes, at),
            _ => at + sign_length(&bytes[at..]),
        };
        tokens.push(token(text, at, end, bytes));
        at = end;
    }
    tokens
}

fn token<'text>(text: &'text str, start: usize, end: usize, bytes: &[u8]) -> Token<'text> {
    match bytes[start] {
        b'"' | b'\'' | b'0'..=b'9' => Token::Constant(text.get(start..end).unwrap_or_default()),
        // The prefix of a string.
        byte if is_identifier(byte) && matches!(bytes.get(end), Some(b'"' | b'\'')) => Token::Constant(text.get(start..end).unwrap_or_default()),
        byte if is_identifier(byte) => Token::Word(text.get(start..end).unwrap_or_default()),
        byte if end - start == 1 => Token::Sign(byte),
        b':' => Token::Walrus,
        b'=' | b'!' => Token::Comparison,
        b'<' | b'>' if end - start == 2 => Token::Comparison,
        _ => Token::Augmented,
    }
}

/// The position of the bracket that closes what is open before `tokens`.
pub(super) fn closing(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign(b'(' | b'[' | b'{') => depth += 1,
            Token::Sign(b')' | b']' | b'}') if depth == 0 => return at,
            Token::Sign(b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().position(|&byte| !is_identifier(byte)).unwrap_or(bytes.len() - at)
}

/// Signs of several bytes are told apart only where they hold an equals sign.
fn sign_length(bytes: &[u8]) -> usize {
    const WITH_EQUALS: [&[u8]; 17] = [
        b"**=", b"//=", b"<<=", b">>=", b"==", b"!=", b"<=", b">=", b":=", b"+=", b"-=", b"*=", b"/=", b"%=", b"&=", b"|=", b"^=",
    ];
    let known = WITH_EQUALS.iter().find(|sign| bytes.starts_with(sign)).map_or(1, |sign| sign.len());
    if bytes.starts_with(b"@=") || bytes.starts_with(b"->") { 2 } else { known }
}
