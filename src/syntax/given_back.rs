//! Whether a call gives back a value: whether functions return something, and what attributes are set to. Read from tokens.

use std::sync::LazyLock;

use memchr::memmem;

use super::bindings::split;
use super::segments::{LogicalLines, Recovery, is_identifier};
use super::tokens::{Token, closing, tokens};

/// Whether the text of a function returns anything but `None`, or yields. What it only hands on from the method that it overrides is not
/// its own.
pub fn returns_value(text: &str) -> bool {
    static RETURN: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("return"));
    static YIELD: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("yield"));
    if RETURN.find(text.as_bytes()).is_none() && YIELD.find(text.as_bytes()).is_none() {
        return false;
    }
    let mut own: Option<&str> = None;
    // Lines deeper than a nested definition belong to it.
    let mut nested: Option<u32> = None;
    for line in LogicalLines::new(text, 0, Recovery::None) {
        if nested.is_some_and(|indent| line.indent > indent) {
            continue;
        }
        nested = None;
        let tokens = tokens(text, line);
        let definition = match tokens.as_slice() {
            [Token::Word("async"), rest @ ..] => rest,
            whole => whole,
        };
        let rest = match definition {
            [Token::Word("def"), Token::Word(name), ..] if own.is_none() => {
                own = Some(name);
                let head = split(definition, b':').next().unwrap_or_default();
                &definition[head.len()..]
            }
            [Token::Word("def" | "class"), ..] => {
                nested = Some(line.indent);
                continue;
            }
            whole => whole,
        };
        let is_own = |value: &[Token<'_>]| match value {
            [] | [Token::Sign(b';'), ..] | [Token::Word("None")] => false,
            _ if is_handed_on(value, own) => false,
            _ => true,
        };
        let gives_back = |(at, token): (usize, &Token<'_>)| match token {
            Token::Word("return") => is_own(&rest[at + 1..]),
            Token::Word("yield") => true,
            _ => false,
        };
        if rest.iter().enumerate().any(gives_back) {
            return true;
        }
    }
    false
}

/// Whether a value is what the overridden method gives back: `super().method(…)`.
fn is_handed_on(value: &[Token<'_>], method: Option<&str>) -> bool {
    let [Token::Word("super"), Token::Sign(b'('), rest @ ..] = value else { return false };
    let end = closing(rest);
    match rest.get(end + 1..) {
        Some([Token::Sign(b'.'), Token::Word(called), Token::Sign(b'('), rest @ ..]) => Some(*called) == method && closing(rest) + 1 == rest.len(),
        _ => false,
    }
}

/// Whether one of `texts` may define an attribute `name`: by assignment, or by its name in quotes.
pub fn may_set_attribute<'text>(texts: impl Iterator<Item = &'text str>, name: &str) -> bool {
    let finder = memmem::Finder::new(name);
    texts.into_iter().any(|text| may_set(text, &finder))
}

fn may_set(text: &str, name: &memmem::Finder<'_>) -> bool {
    whole_words(text, name).any(|rest| {
        let before = &text[..text.len() - rest.len() - name.needle().len()];
        let is_target = || {
            let rest = rest.trim_start_matches([' ', '\t']);
            let is_assigned = rest.starts_with([':', ',']) || rest.starts_with('=') && !rest.starts_with("==");
            is_assigned && (before.ends_with('.') || before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']))
        };
        // `hasattr(x, "name")` only asks for it.
        let is_asked = || before.rsplit_once('(').is_some_and(|(callee, rest)| !rest.contains(')') && (callee.ends_with("hasattr") || callee.ends_with("getattr")));
        before.ends_with(['"', '\'']) && rest.starts_with(['"', '\'']) && !is_asked() || is_target()
    })
}

/// What stands behind each whole word `word`.
fn whole_words<'text>(text: &'text str, word: &'text memmem::Finder<'_>) -> impl Iterator<Item = &'text str> {
    let (bytes, length) = (text.as_bytes(), word.needle().len());
    let is_part = |byte: Option<&u8>| byte.is_some_and(|&byte| is_identifier(byte));
    let is_whole = move |at: &usize| !is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(at + length));
    word.find_iter(bytes).filter(is_whole).map(move |at| &text[at + length..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_give_back_what_they_return() {
        assert!(returns_value("def f(x):\n    return x\n"));
        assert!(returns_value("def f(x: int) -> T[int]: return {x: x}\n"));
        assert!(returns_value("def f(x):\n    yield\n"));
        assert!(!returns_value("def f(x):\n    if x: return\n    return None  # returned\n"));
        assert!(!returns_value("def f(x):\n    returned = x\n    return"));
        assert!(!returns_value("def f(x):\n    \"\"\"\n    :return: nothing\n    \"\"\"\n    def g(): return x\n    def h():\n        return x\n"));
        assert!(!returns_value("@d\ndef f(self, x):\n    return super().f(x)\n"));
        assert!(returns_value("def f(self, x):\n    if x: y = 1; return super().g(x)\n"));
        assert!(returns_value("def f(self, x):\n    return super().f(x) + self.fc(x)\n"));
    }

    #[test]
    fn attributes_are_set_by_assignment_or_by_name() {
        let sets = |text: &str| may_set_attribute(std::iter::once(text), "fc");
        assert!(sets("self.fc = nn.Linear(1, 2)"));
        assert!(sets("self.fc: nn.Module"));
        assert!(sets("self.fc, self.other = layers"));
        assert!(sets("class A:\n    fc = nn.Linear(1, 2)\n"));
        assert!(sets("setattr(self, 'fc', layer)"));
        assert!(!sets("self.fc(x); self.fc2 = 1; f(fc=x); self.fc == x"));
    }
}
