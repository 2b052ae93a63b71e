//! What the parser does not take but stands in files of Python: IPython magics, lone carriage returns, tabs behind spaces.

use std::borrow::Cow;

use memchr::{memchr_iter, memchr3_iter, memmem};

use super::lines::{LogicalLine, LogicalLines};
use super::strings::Recovery;

/// `text` with IPython magics replaced by statements without meaning, lone carriage returns by line breaks and tabs
/// behind spaces by an indentation that the parser measures as Python does, so that it parses. No byte moves.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let has_returns = has_lone_returns(text.as_bytes());
    let has_mixed_tabs = memmem::find(text.as_bytes(), b" \t").is_some();
    if !has_returns && !has_mixed_tabs && !may_hold_magics(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for line in LogicalLines::new(text, 0, Recovery::None) {
        if let Some(start) = magic(text.as_bytes(), line) {
            cover(&mut bytes[start..line.code_end]);
        }
        if has_mixed_tabs {
            indent(&mut bytes[line.start..line.first], line.indent as usize);
        }
    }
    if has_returns {
        for at in 0..bytes.len() {
            if bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                bytes[at] = b'\n';
            }
        }
    }
    // Whole characters are covered, so the text is still UTF-8.
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// Fills `indentation` so that its columns are `columns` for the parser, to which every tab is eight.
fn indent(indentation: &mut [u8], columns: usize) {
    let (tabs, spaces) = (columns / 8, columns % 8);
    let is_mixed = memmem::find(indentation, b" \t").is_some() && indentation.iter().all(|byte| b" \t".contains(byte));
    let Some(filler) = indentation.len().checked_sub(tabs + spaces).filter(|_| is_mixed) else { return };
    // Columns are counted anew after a form feed.
    indentation[..filler].fill(0x0c);
    indentation[filler..filler + tabs].fill(b'\t');
    indentation[filler + tabs..].fill(b' ');
}

/// Whether the line whose code begins at `first` is a magic: a sign that no statement begins with.
pub(super) fn is_magic_line(bytes: &[u8], first: usize) -> bool {
    matches!(bytes[first], b'%' | b'!' | b'?')
}

/// Where the part of `line` begins that is no Python.
fn magic(bytes: &[u8], line: LogicalLine) -> Option<usize> {
    let code = &bytes[line.first..line.code_end];
    if is_magic_line(bytes, line.first) || code.ends_with(b"?") {
        return Some(line.first);
    }
    // `names = !ls`, `result = %magic argument`
    let equals = code.iter().position(|byte| !(super::is_identifier(*byte) || b" \t,.".contains(byte)))?;
    let value = equals + 1 + code[equals + 1..].iter().position(|byte| !b" \t".contains(byte))?;
    (code[equals] == b'=' && equals > 0 && matches!(code[value], b'!' | b'%')).then_some(line.first + value)
}

/// Writes something without meaning over `code`.
fn cover(code: &mut [u8]) {
    let statement: &[u8] = if code.len() >= 4 { b"None" } else { b"0" };
    code.fill(b' ');
    code[..statement.len()].copy_from_slice(statement);
}

fn has_lone_returns(bytes: &[u8]) -> bool {
    memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// Whether some sign of a magic stands where one could be.
fn may_hold_magics(bytes: &[u8]) -> bool {
    memchr3_iter(b'%', b'!', b'?', bytes).any(|at| {
        let before = bytes[..at].iter().rev().find(|byte| !b" \t\x0c".contains(byte));
        bytes[at] == b'?' || matches!(before, None | Some(b'\n' | b'\r' | b'='))
    })
}
