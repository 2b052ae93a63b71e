//! Valid Python that the grammar does not take, rewritten at equal byte length so that it does.

use crate::syntax::segments::{LogicalLine, LogicalLines, Recovery, is_identifier, string_end};

/// `text` with such places rewritten; `None` if there are none. Only for texts that do not parse: the rewriting is blunt.
pub(super) fn repaired(text: &str) -> Option<String> {
    let mut repair = Repair { text: text.as_bytes(), bytes: text.as_bytes().to_vec() };
    for line in LogicalLines::new(text, 0, Recovery::None) {
        repair.exec(line);
        repair.type_defaults(line);
        repair.starred_indices(line);
    }
    // Whole characters are written over.
    String::from_utf8(repair.bytes).ok().filter(|repaired| repaired != text)
}

struct Repair<'text> {
    text: &'text [u8],
    bytes: Vec<u8>,
}

impl Repair<'_> {
    /// `exec self.code` of Python 2; the grammar takes names and strings only. The expression is what matters.
    fn exec(&mut self, line: LogicalLine) {
        if self.text[line.first..line.code_end].starts_with(b"exec ") {
            self.bytes[line.first..line.first + 4].copy_from_slice(b"not ");
        }
    }

    /// `class A[T = int]`, `def f[T = int]()`, `type A[T = int] = …` since Python 3.13: the defaults are left out.
    fn type_defaults(&mut self, line: LogicalLine) {
        let code = &self.text[line.first..line.code_end];
        let is_head = [&b"class "[..], b"def ", b"async ", b"type "].iter().any(|word| code.starts_with(word));
        let Some(open) = code.iter().position(|byte| b"[(=:".contains(byte)).filter(|&at| is_head && code[at] == b'[') else { return };
        let (mut depth, mut default) = (0u32, None);
        for at in self.signs(line.first + open, line.code_end) {
            let sign = self.text[at];
            match sign {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'=' if depth == 1 => default = default.or(Some(at)),
                _ => {}
            }
            if (depth == 0 || depth == 1 && sign == b',')
                && let Some(start) = default.take()
            {
                self.bytes[start..at].fill(b' ');
            }
            if depth == 0 {
                break;
            }
        }
    }

    /// `a[*b()]` since Python 3.11: the star is left out.
    fn starred_indices(&mut self, line: LogicalLine) {
        for at in self.signs(line.first, line.code_end) {
            let is_index = self.text[at] == b'[' && at > line.first && (is_identifier(self.text[at - 1]) || b")]".contains(&self.text[at - 1]));
            if is_index && self.text.get(at + 1) == Some(&b'*') {
                self.bytes[at + 1] = b' ';
            }
        }
    }

    /// Bytes from `start` to `end` that are in no string and no comment.
    fn signs(&self, start: usize, end: usize) -> Vec<usize> {
        let (mut signs, mut at) = (Vec::new(), start);
        while at < end {
            match self.text[at] {
                b'"' | b'\'' => at = string_end(self.text, at, Recovery::None).end,
                b'#' => at = memchr::memchr(b'\n', &self.text[at..]).map_or(end, |found| at + found),
                _ => {
                    signs.push(at);
                    at += 1;
                }
            }
        }
        signs
    }
}
