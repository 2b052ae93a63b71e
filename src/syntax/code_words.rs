//! The identifiers of a piece of code, without a parser.

use super::segments::{Recovery, is_identifier, string_end};

/// The identifiers and keywords of `text` in order. Comments have none, and of strings only those count that may name something: one
/// whole identifier (`getattr(nn, "ReLU")`), and what stands in f-strings.
pub fn code_words(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    // Up to here stands an f-string, whose text is read as code.
    let mut formatted = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            match bytes[start] {
                b'#' if start >= formatted => at = memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |found| start + found),
                b'"' | b'\'' if start >= formatted => {
                    at = string_end(bytes, start, Recovery::None).end.max(start + 1);
                    let inner = text.get(start + 1..at - 1).unwrap_or_default();
                    if !inner.is_empty() && inner.bytes().all(is_identifier) {
                        return Some(inner);
                    }
                }
                byte if is_identifier(byte) => {
                    at = start + bytes[start..].iter().position(|&byte| !is_identifier(byte)).unwrap_or(bytes.len() - start);
                    let is_prefix = at - start < 3 && bytes[start..at].iter().any(|byte| matches!(byte, b'f' | b'F'));
                    if is_prefix && start >= formatted && matches!(bytes.get(at), Some(b'"' | b'\'')) {
                        formatted = string_end(bytes, at, Recovery::None).end;
                    }
                    return text.get(start..at);
                }
                _ => at += 1,
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        code_words(text).collect()
    }

    #[test]
    fn comments_and_texts_hold_no_code() {
        assert_eq!(words("net = Net(x)  # of Nets\n"), ["net", "Net", "x"]);
        assert_eq!(words("def f(x):\n    \"\"\"Makes a Net.\"\"\"\n    return x\n"), ["def", "f", "x", "return", "x"]);
        assert_eq!(words("'a \\' b', \"c d\""), [""; 0]);
    }

    #[test]
    fn a_string_may_be_a_name() {
        assert_eq!(words("getattr(nn, 'ReLU')(\"in place\")"), ["getattr", "nn", "ReLU"]);
    }

    #[test]
    fn formatted_strings_hold_code() {
        let found = words("f\"{net.name} of {count}\" + rest");
        assert!(["net", "name", "count", "rest"].iter().all(|word| found.contains(word)), "{found:?}");
    }

    #[test]
    fn half_typed_strings_end() {
        assert_eq!(words("x = 'a b\ny = Net()"), ["x", "y", "Net"]);
        assert_eq!(words("x = \"\"\"a Net"), ["x"]);
        assert_eq!(words("'"), [""; 0]);
        assert_eq!(words("f'{a"), ["f", "a"]);
    }
}
