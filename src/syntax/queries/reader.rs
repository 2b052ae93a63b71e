//! Query texts as lists of symbols: what tree-sitter does not check or does not tell.

/// One element of a query, with the byte at which it begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Element {
    pub(super) at: usize,
    pub(super) kind: ElementKind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ElementKind {
    /// `( … )` or `[ … ]`
    List { is_choice: bool, items: Vec<Element> },
    /// A string, escapes resolved.
    Text(String),
    /// `@name`
    Capture(String),
    /// `#name`
    Predicate(String),
    /// `*`, `+` or `?` behind an element.
    Quantifier,
    /// A name, a field, an anchor …
    Word(String),
}

/// The elements of a query. Brackets that are not closed end with the text; tree-sitter complains about them.
pub(super) fn read(text: &str) -> Vec<Element> {
    let mut reader = Reader { text, at: 0 };
    let mut elements = Vec::new();
    loop {
        elements.extend(reader.elements(0));
        if reader.next_byte().is_none() {
            return elements;
        }
        // A bracket too many.
        reader.at += 1;
    }
}

struct Reader<'text> {
    text: &'text str,
    at: usize,
}

/// Lists nest as deep as this; deeper ones are read flat.
const MAX_DEPTH: u32 = 64;

impl Reader<'_> {
    /// The first byte that is neither space nor comment.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            match byte {
                b';' => self.at += self.text[self.at..].find('\n').unwrap_or(self.text.len() - self.at),
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                _ => return Some(byte),
            }
        }
    }

    /// Elements up to a closing bracket or the end.
    fn elements(&mut self, depth: u32) -> Vec<Element> {
        let mut elements = Vec::new();
        while let Some(byte) = self.next_byte() {
            let at = self.at;
            let kind = match byte {
                b')' | b']' => break,
                b'(' | b'[' => {
                    self.at += 1;
                    if depth >= MAX_DEPTH {
                        continue;
                    }
                    let items = self.elements(depth + 1);
                    self.at = (self.at + 1).min(self.text.len());
                    ElementKind::List { is_choice: byte == b'[', items }
                }
                b'"' => ElementKind::Text(self.string()),
                b'*' | b'+' | b'?' => {
                    self.at += 1;
                    ElementKind::Quantifier
                }
                b'@' => {
                    self.at += 1;
                    ElementKind::Capture(self.word().to_owned())
                }
                b'#' => {
                    self.at += 1;
                    ElementKind::Predicate(self.predicate())
                }
                _ => ElementKind::Word(self.word_or_sign().to_owned()),
            };
            elements.push(Element { at, kind });
        }
        elements
    }

    fn word(&mut self) -> &str {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !(c.is_alphanumeric() || "_-./:".contains(c))).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn predicate(&mut self) -> String {
        let name = self.word().to_owned();
        match self.text.as_bytes().get(self.at) {
            Some(&mark @ (b'?' | b'!')) => {
                self.at += 1;
                format!("{name}{}", char::from(mark))
            }
            _ => name,
        }
    }

    fn word_or_sign(&mut self) -> &str {
        let start = self.at;
        if self.word().is_empty() {
            self.at += self.text[start..].chars().next().map_or(0, char::len_utf8);
        }
        &self.text[start..self.at]
    }

    fn string(&mut self) -> String {
        let mut text = String::new();
        let mut characters = self.text[self.at + 1..].char_indices();
        let start = self.at + 1;
        self.at = self.text.len();
        while let Some((offset, character)) = characters.next() {
            match character {
                '"' => {
                    self.at = start + offset + 1;
                    break;
                }
                '\\' => text.extend(characters.next().map(|(_, escaped)| match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                })),
                _ => text.push(character),
            }
        }
        text
    }
}

impl Element {
    /// The items of a list; nothing for other elements.
    pub(super) fn items(&self) -> &[Element] {
        match &self.kind {
            ElementKind::List { items, .. } => items,
            _ => &[],
        }
    }

    /// The kind of node that a list describes.
    pub(super) fn node(&self) -> Option<&str> {
        match (&self.kind, self.items().first().map(|first| &first.kind)) {
            (ElementKind::List { is_choice: false, .. }, Some(ElementKind::Word(word))) => Some(word),
            _ => None,
        }
    }

    /// The name of a predicate.
    pub(super) fn predicate(&self) -> Option<&str> {
        match self.items().first().map(|first| &first.kind) {
            Some(ElementKind::Predicate(name)) => Some(name),
            _ => None,
        }
    }
}
