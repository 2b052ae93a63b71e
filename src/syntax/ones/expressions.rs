//! Expressions: where the numbers in them come from.

use super::statements::{Reader, Source, Space};
use super::{Denoted, Key, MAX_NESTED, POSITIONS, Units, Whence};
use crate::syntax::bindings::split;
use crate::syntax::tokens::{Token, closing};

/// Builtin functions whose value is one of their arguments, or made of them.
const BUILTINS: [&str; 14] = ["int", "max", "min", "abs", "round", "tuple", "list", "set", "sorted", "reversed", "zip", "enumerate", "sum", "dict"];
/// Methods that add their arguments to their receiver.
const FILLING: [&str; 5] = ["append", "extend", "insert", "appendleft", "add"];
/// Methods and functions that read what a name in quotes says.
const READING: [&str; 5] = ["get", "pop", "setdefault", "getattr", "attrgetter"];

impl<'text> Reader<'text, '_> {
    /// What the numbers in an expression come from. Numbers that are computed from others do not count.
    pub(super) fn values(&mut self, tokens: &[Token<'text>]) -> Vec<Source> {
        if self.depth > MAX_NESTED {
            return Vec::new();
        }
        self.depth += 1;
        let sources = self.values_here(tokens);
        self.depth -= 1;
        sources
    }

    fn values_here(&mut self, tokens: &[Token<'text>]) -> Vec<Source> {
        let mut sources = Vec::new();
        // What the call or item just before gives.
        let mut given = None;
        let mut at = 0;
        while at < tokens.len() {
            match tokens[at] {
                Token::Constant("1") if !is_computed(tokens, at, at + 1) => {
                    sources.push(Source::One);
                    at += 1;
                }
                Token::Word("for") => {
                    self.add_loop(&tokens[at + 1..]);
                    return sources;
                }
                Token::Word(name) if !is_keyword(name) => (at, given) = self.add_path(tokens, at, &mut sources),
                Token::Sign(b'(' | b'[' | b'{') => {
                    let end = at + 1 + closing(&tokens[at + 1..]);
                    let inner = &tokens[at + 1..end];
                    let is_after = at > 0 && matches!(tokens[at - 1], Token::Sign(b')' | b']'));
                    match tokens[at] {
                        // A call of something that is computed, or an item of it.
                        Token::Sign(b'(') if is_after => {
                            self.add_call_of(&[], given.take(), inner);
                        }
                        Token::Sign(b'[') if is_after => sources.extend(self.item(inner).map(Source::Name)),
                        _ => sources.extend(self.elements(inner)),
                    }
                    at = end + 1;
                }
                _ => at += 1,
            }
        }
        sources
    }

    /// What an item comes from if its key is written in quotes.
    fn item(&mut self, index: &[Token<'text>]) -> Option<Key> {
        if let Some(name) = quoted(index) {
            return Some(self.key(Space::Keyword(name)));
        }
        self.values(index);
        None
    }

    /// The elements of a tuple, list, set or dict.
    fn elements(&mut self, tokens: &[Token<'text>]) -> Vec<Source> {
        if is_comprehension(tokens) {
            return self.values(tokens);
        }
        let mut sources = Vec::new();
        for part in split(tokens, b',') {
            let mut halves = split(part, b':');
            match (halves.next(), halves.next()) {
                // What stands under a key is read by it.
                (Some(name), Some(value)) if quoted(name).is_some() => {
                    let found = self.values(value);
                    self.flow(&found, self.key(Space::Keyword(quoted(name).unwrap_or_default())));
                    // Whatever the key, the dict holds a layer: `LAYERS[kind](8, 1)`.
                    sources.extend(found.into_iter().filter(|source| *source == Source::Layer));
                }
                (_, Some(value)) if halves.next().is_none() => sources.extend(self.values(value)),
                _ => sources.extend(self.values(part)),
            }
        }
        sources
    }

    /// `a.b.c` with what follows: brackets of a call or an item. Returns where it ends and, of a call or an item, what
    /// that gives.
    fn add_path(&mut self, tokens: &[Token<'text>], start: usize, sources: &mut Vec<Source>) -> (usize, Option<Key>) {
        let mut path = Vec::new();
        // An attribute of something that is computed.
        if start > 0 && tokens[start - 1] == Token::Sign(b'.') {
            path.push("");
        }
        let mut at = start;
        while let Some(Token::Word(name)) = tokens.get(at) {
            path.push(*name);
            at += 1;
            if tokens.get(at) != Some(&Token::Sign(b'.')) || !matches!(tokens.get(at + 1), Some(Token::Word(_))) {
                break;
            }
            at += 1;
        }
        let source = match path.as_slice() {
            [name] => self.read(name),
            [.., name] => self.key(Space::Attribute(name)),
            [] => return (at + 1, None),
        };
        let open = tokens.get(at).copied();
        let end = at + 1 + tokens.get(at + 1..).map_or(0, closing);
        match open {
            Some(Token::Sign(b'(')) => {
                let passed = self.add_call(&path, &tokens[at + 1..end]);
                let given = if let [Source::Name(given)] = passed[..] { Some(given) } else { None };
                if !is_computed(tokens, start, end + 1) {
                    sources.extend(passed);
                }
                (end + 1, given)
            }
            Some(Token::Sign(b'[')) => {
                let item = self.item(&tokens[at + 1..end]).unwrap_or(source);
                if !is_computed(tokens, start, end + 1) {
                    sources.push(Source::Name(item));
                }
                (end + 1, Some(item))
            }
            _ => {
                if matches!((self.denoted)(&path, Whence::Module), Denoted::Framework(units) if *units != Units::default()) {
                    sources.push(Source::Layer);
                } else if !is_computed(tokens, start, at) {
                    sources.push(Source::Name(source));
                }
                (at, None)
            }
        }
    }

    /// What the value of a call of the dotted name `path` comes from.
    fn add_call(&mut self, path: &[&str], arguments: &[Token<'text>]) -> Vec<Source> {
        // A variable or an attribute may hold a layer.
        let callee = match path {
            [] => None,
            [name] => Some(self.read(name)),
            [.., name] => Some(self.key(Space::Attribute(name))),
        };
        self.add_call_of(path, callee, arguments)
    }

    /// The same of `callee`, if it has a name.
    fn add_call_of(&mut self, path: &[&str], callee: Option<Key>, arguments: &[Token<'text>]) -> Vec<Source> {
        let is_builtin = matches!(path, [name] if BUILTINS.contains(name));
        let denoted = match path {
            _ if is_builtin => Denoted::Foreign,
            [first, ..] if self.imported.contains(first) => (self.denoted)(path, Whence::Inside),
            // `layers = tf.layers`
            [first, rest @ ..] if self.modules.contains_key(first) && !rest.is_empty() => {
                let whole: Vec<&str> = self.modules[first].iter().chain(rest).copied().collect();
                (self.denoted)(&whole, Whence::Module)
            }
            // A method of a variable.
            [first, _, ..] if self.is_variable(first) => Denoted::Unknown,
            _ => (self.denoted)(path, Whence::Module),
        };
        let last = match (&denoted, path) {
            (Denoted::Project(name), _) => name,
            (_, ["cls"]) => self.owner(),
            _ => path.last().copied().unwrap_or_default(),
        };
        let layer = if matches!(denoted, Denoted::Anything) { None } else { callee };
        let mut passed = Vec::new();
        let parts: Vec<&[Token<'text>]> = if is_comprehension(arguments) { vec![arguments] } else { split(arguments, b',').filter(|part| !part.is_empty()).collect() };
        for (position, part) in parts.iter().enumerate() {
            if let [Token::Word(name), Token::Sign(b'='), value @ ..] = part {
                let sources = self.values(value);
                match &denoted {
                    Denoted::Framework(units) if units.names.contains(name) => self.add_units(None, &sources),
                    Denoted::Unknown | Denoted::Anything if self.words.contains(name) => self.add_units(layer, &sources),
                    _ => {}
                }
                if !matches!(denoted, Denoted::Framework(_)) {
                    self.flow(&sources, self.key(Space::Keyword(name)));
                }
                passed.extend(sources);
                continue;
            }
            let is_rest = part.first() == Some(&Token::Sign(b'*'));
            let sources = self.values(part);
            match &denoted {
                Denoted::Framework(units) if is_rest || units.positions.contains(&position) => {
                    self.add_units(None, &sources);
                    // `**options`
                    if part.get(1) == Some(&Token::Sign(b'*')) {
                        let named: Vec<Source> = units.names.iter().map(|name| Source::Name(self.key(Space::Keyword(name)))).collect();
                        self.add_units(None, &named);
                    }
                }
                // The first parameter is the input of a layer, or what it gives out.
                Denoted::Unknown | Denoted::Anything if position < 2 => self.add_units(layer, &sources),
                _ => {}
            }
            if matches!(denoted, Denoted::Project(_) | Denoted::Unknown | Denoted::Anything) {
                let positions = if is_rest { position..POSITIONS } else { position..(position + 1).min(POSITIONS) };
                positions.for_each(|position| self.pass(path, last, position, &sources));
            }
            if FILLING.contains(&last)
                && let [.., receiver, _] = path
            {
                let to = if path.len() == 2 { self.read(receiver) } else { self.key(Space::Attribute(receiver)) };
                self.flow(&sources, to);
            }
            if READING.contains(&last)
                && let Some(name) = quoted(part)
            {
                passed.extend([Space::Keyword(name), Space::Attribute(name)].map(|space| Source::Name(self.key(space))));
            }
            passed.extend(sources);
        }
        // `partial(dense, units=1)`, `stack(x, dense, [32, 1])`
        if matches!(denoted, Denoted::Foreign | Denoted::Framework(_)) && passed.contains(&Source::Layer) {
            self.add_units(None, &passed);
        }
        match denoted {
            _ if is_builtin || READING.contains(&last) => passed,
            // `partial(dense, …)`
            Denoted::Foreign | Denoted::Framework(_) | Denoted::Module => passed.into_iter().filter(|source| *source == Source::Layer).collect(),
            Denoted::Unknown if path.is_empty() => Vec::new(),
            Denoted::Project(_) | Denoted::Unknown | Denoted::Anything => vec![Source::Name(self.key(Space::Result(last)))],
        }
    }

    /// An argument at a position of a call of `path`, which is called `last` where it is defined.
    fn pass(&mut self, path: &[&str], last: &str, position: usize, sources: &[Source]) {
        let to = match path {
            // `super().__init__(…)`, `super(Net, self).__init__(…)`
            ["", "__init__"] => Space::BaseParameter(self.owner(), position),
            [.., class, "__init__"] => match position.checked_sub(1) {
                Some(position) => Space::Parameter(class, position),
                None => return,
            },
            _ => Space::Parameter(last, position),
        };
        self.flow(sources, self.key(to));
    }
}

/// Whether `for` stands outside the brackets among `tokens`.
fn is_comprehension(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0;
    tokens.iter().any(|token| {
        match token {
            Token::Sign(b'(' | b'[' | b'{') => depth += 1,
            Token::Sign(b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
        depth == 0 && *token == Token::Word("for")
    })
}

/// Whether what stands in `tokens[start..end]` is part of a sum, a product or a comparison, or of something longer.
fn is_computed(tokens: &[Token<'_>], start: usize, end: usize) -> bool {
    // Lists are joined by `+`.
    let is_number = matches!(tokens[start], Token::Constant(_));
    let is_operator = |token: &Token<'_>| is_number && *token == Token::Sign(b'+') || matches!(token, Token::Comparison | Token::Sign(b'-' | b'*' | b'/' | b'%' | b'<' | b'>' | b'@'));
    let before = start.checked_sub(1).map(|before| &tokens[before]);
    // `*names` takes the names apart.
    let is_rest = before == Some(&Token::Sign(b'*')) && start.checked_sub(2).is_none_or(|before| matches!(tokens[before], Token::Sign(b'(' | b'[' | b',' | b'*')));
    let is_part = before == Some(&Token::Sign(b'.')) && matches!(tokens[start], Token::Constant(_));
    before.is_some_and(is_operator) && !is_rest || is_part || tokens.get(end).is_some_and(|token| is_operator(token) || *token == Token::Sign(b'.'))
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "if" | "else" | "and" | "or" | "not" | "in" | "is" | "lambda" | "await" | "yield" | "True" | "False" | "None" | "assert" | "print" | "del" | "raise")
}

pub(super) fn word<'text>(token: &Token<'text>) -> Option<&'text str> {
    if let Token::Word(word) = token { Some(word) } else { None }
}

/// The text of a string that is all of an expression.
pub(super) fn quoted<'text>(tokens: &[Token<'text>]) -> Option<&'text str> {
    match tokens {
        // With a prefix: `u"name"`.
        [Token::Constant(text)] | [Token::Constant(_), Token::Constant(text)] if text.starts_with(['"', '\'']) => Some(unquoted(text)),
        _ => None,
    }
}

pub(super) fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}
