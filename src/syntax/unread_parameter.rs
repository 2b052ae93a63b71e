//! Parameters that a function never reads, while it says a constant instead. Read from tokens, without a parser: it decides whether a closer
//! look is worth while. It sees more than there is, and less only where an inner function has a parameter of the same name.

use super::segments::{LogicalLines, Recovery};
use super::tokens::{Token, closing, tokens};

/// Whether a function never reads one of its parameters for which `concerns` holds, while it passes `True` or `False` under such a name.
pub fn says_constant_instead(text: &str, concerns: &dyn Fn(&str) -> bool) -> bool {
    let mut lines = LogicalLines::new(text, 0, Recovery::None).map(|line| tokens(text, line));
    let Some(head) = lines.find(|tokens| matches!(tokens.first(), Some(Token::Word("def" | "async")))) else { return false };
    let Some(open) = head.iter().position(|token| *token == Token::Sign(b'(')) else { return false };
    let declared = &head[open + 1..];
    let (declared, rest) = declared.split_at(closing(declared));
    let mut unread: Vec<&str> = words(declared).filter(|word| concerns(word)).collect();
    let mut says_constant = false;
    for tokens in std::iter::once(rest.to_vec()).chain(lines) {
        if unread.is_empty() {
            return false;
        }
        says_constant |= tokens.windows(3).any(|three| matches!(three, [Token::Word(name), Token::Sign(b'='), Token::Word("True" | "False")] if concerns(name)));
        unread.retain(|name| !reads(&tokens, name));
    }
    says_constant && !unread.is_empty()
}

fn words<'t, 'text>(tokens: &'t [Token<'text>]) -> impl Iterator<Item = &'text str> + use<'t, 'text> {
    tokens.iter().filter_map(|token| if let Token::Word(word) = token { Some(*word) } else { None })
}

/// Whether `name` stands there neither as an attribute nor as the name of an argument.
fn reads(tokens: &[Token<'_>], name: &str) -> bool {
    let is_read = |(at, token): (usize, &Token<'_>)| {
        let is_attribute = at > 0 && tokens[at - 1] == Token::Sign(b'.');
        *token == Token::Word(name) && !is_attribute && tokens.get(at + 1) != Some(&Token::Sign(b'='))
    };
    tokens.iter().enumerate().any(is_read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> bool {
        says_constant_instead(text, &|word| word == "training")
    }

    #[test]
    fn a_constant_counts_if_the_parameter_is_not_read() {
        assert!(says("@compact\ndef f(x, training=False):\n    return drop(x, training=True)\n"));
        assert!(says("async def f(x, *, training): return drop(x, training=True)\n"));
        assert!(says("def f(\n    x,  # data\n    training,\n):\n    self.training = None\n    return drop(\n        x, training=True)\n"));
        assert!(!says("def f(x, training=False):\n    y = other(x, training=training)\n    return drop(y, training=True)\n"));
        assert!(!says("def f(x, training=False):\n    return drop(x)\n"));
        assert!(!says("def f(x):\n    return drop(x, training=True)\n"));
        assert!(!says("training = 1\nf(training=True)\n"));
    }
}
