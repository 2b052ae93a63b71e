//! Texts for which the parser needs time that grows with the square of their length. Nobody writes them by hand.

use memchr::{memchr, memmem};

/// As many lines that hold nothing but a backslash in a row, or names of characters that do not end.
const TOO_MANY: usize = 256;

/// No name of a character is as long.
const LONGEST_NAME: usize = 128;

/// Whether `text` is not given to the parser.
pub(super) fn is_pathological(text: &str) -> bool {
    has_long_continuation(text.as_bytes()) || has_open_names(text.as_bytes())
}

/// The parser's scanner reads a run of continued empty lines anew from each of them.
fn has_long_continuation(bytes: &[u8]) -> bool {
    let mut run = 0;
    let mut end = 0;
    for at in memmem::find_iter(bytes, "\\\n").chain(memmem::find_iter(bytes, "\\\r\n")) {
        let is_next = at >= end && bytes[end..at].trim_ascii().is_empty() && at > 0;
        run = if is_next { run + 1 } else { 0 };
        end = at + 2;
        if run >= TOO_MANY {
            return true;
        }
    }
    false
}

/// The parser looks for the end of `\N{` in all the text behind it.
fn has_open_names(bytes: &[u8]) -> bool {
    let names = memmem::find_iter(bytes, "\\N{");
    let open = names.filter(|&at| memchr(b'}', &bytes[at..bytes.len().min(at + LONGEST_NAME)]).is_none());
    open.take(TOO_MANY).count() == TOO_MANY
}
