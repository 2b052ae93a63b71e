//! Statements: what is set to what.

use rustc_hash::FxHashSet;

use super::expressions::{closing, unquoted, word};
use super::{Denoted, Flows, Key, POSITIONS, UnitWords};
use crate::syntax::bindings::{split, split_head};
use crate::syntax::tokens::Token;

/// Names that a line binds in its function.
pub(super) fn bound<'text>(line: &[Token<'text>]) -> Vec<&'text str> {
    let definition = line.iter().position(|token| *token == Token::Word("def")).filter(|at| *at < 2);
    if let Some([Token::Word(_), Token::Sign(b'('), parameters @ ..]) = definition.map(|at| &line[at + 1..]) {
        return split(&parameters[..closing(parameters)], b',').filter_map(|part| part.iter().find_map(word)).collect();
    }
    let stands_alone = |at: usize| {
        let is_after_dot = at > 0 && line[at - 1] == Token::Sign(b'.');
        !is_after_dot && !matches!(line.get(at + 1), Some(Token::Sign(b'.' | b'(' | b'[')))
    };
    let names = |start: usize, end: usize| (start..end.min(line.len())).filter(|&at| stands_alone(at)).filter_map(|at| word(&line[at]));
    let mut found = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, token) in line.iter().enumerate() {
        match token {
            Token::Sign(b'(' | b'[' | b'{') => depth += 1,
            Token::Sign(b')' | b']' | b'}') => depth -= 1,
            Token::Sign(b';' | b':') if depth == 0 => start = at + 1,
            Token::Sign(b'=') | Token::Augmented if depth == 0 => found.extend(names(start, at)),
            Token::Walrus => found.extend(names(at.saturating_sub(1), at)),
            Token::Word("for") => found.extend(names(at + 1, at + 1 + line[at..].iter().position(|token| *token == Token::Word("in")).unwrap_or(0))),
            Token::Word("as") => found.extend(names(at + 1, at + 2)),
            _ => {}
        }
    }
    // `a: int = 1`
    if let [Token::Word(name), Token::Sign(b':'), ..] = line {
        found.push(name);
    }
    found
}

/// Where a name stands.
#[derive(Clone, Copy)]
pub(super) enum Space<'text> {
    /// A variable of a function or module.
    Variable(&'text str),
    /// A variable of a module, wherever it is read.
    Global(&'text str),
    Attribute(&'text str),
    /// A keyword of a call, or a key of a dict.
    Keyword(&'text str),
    /// What a function gives back.
    Result(&'text str),
    /// A parameter of a function, by its position.
    Parameter(&'text str, usize),
    /// A parameter of the constructor of the bases of a class.
    BaseParameter(&'text str, usize),
}

/// Where a number comes from, or a layer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    One,
    Layer,
    Name(Key),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Module,
    Class,
    Function,
}

pub(super) struct Reader<'text, 'a> {
    pub(super) flows: Flows,
    kind: Kind,
    pub(super) owner: &'a str,
    salt: u64,
    variables: FxHashSet<&'text str>,
    /// The functions around, with their indentation.
    functions: Vec<(u32, &'text str)>,
    /// Fields of the class so far.
    fields: usize,
    pub(super) words: UnitWords,
    pub(super) denoted: &'a dyn Fn(&[&str]) -> Denoted,
}

impl<'text, 'a> Reader<'text, 'a> {
    pub(super) fn new(kind: Kind, owner: &'a str, salt: u64, variables: FxHashSet<&'text str>, words: UnitWords, denoted: &'a dyn Fn(&[&str]) -> Denoted) -> Self {
        Self { flows: Flows::default(), kind, owner, salt, variables, functions: Vec::new(), fields: 0, words, denoted }
    }

    pub(super) fn add_line(&mut self, indent: u32, line: &[Token<'text>]) {
        self.functions.retain(|(around, _)| *around < indent);
        let (head, rest) = split_head(line).unwrap_or((&[], line));
        self.add_head(head);
        for statement in split(rest, b';').filter(|statement| !statement.is_empty()) {
            self.add_statement(statement, indent);
        }
    }

    pub(super) fn key(&self, space: Space<'_>) -> Key {
        use std::hash::Hasher;
        let mut hasher = rustc_hash::FxHasher::default();
        let (number, name) = match space {
            Space::Variable(name) => (self.salt, name),
            Space::Global(name) => (1, name),
            Space::Attribute(name) => (2, name),
            Space::Keyword(name) => (3, name),
            Space::Result(name) => (4, name),
            Space::Parameter(name, position) => (16 + position as u64, name),
            Space::BaseParameter(name, position) => (64 + position as u64, name),
        };
        hasher.write_u64(number);
        hasher.write(name.as_bytes());
        (hasher.finish() >> 32) as Key
    }

    /// What a plain name is when it is read.
    pub(super) fn read(&self, name: &str) -> Key {
        let is_own = self.variables.contains(name);
        self.key(match self.kind {
            Kind::Function if is_own => Space::Variable(name),
            Kind::Class if is_own => Space::Attribute(name),
            _ => Space::Global(name),
        })
    }

    fn between(&mut self, from: Space<'_>, to: Space<'_>) {
        let flow = (self.key(from), self.key(to));
        self.flows.between.push(flow);
    }

    pub(super) fn flow(&mut self, sources: &[Source], to: Key) {
        for source in sources {
            match source {
                Source::One => self.flows.ones.push(to),
                Source::Layer => self.flows.layers.push(to),
                Source::Name(from) if *from != to => self.flows.between.push((*from, to)),
                Source::Name(_) => {}
            }
        }
    }

    /// `sources` say how many units `layer` has, or, where that is nothing, a layer of a framework.
    pub(super) fn add_units(&mut self, layer: Option<Key>, sources: &[Source]) {
        for source in sources {
            match source {
                Source::One => self.flows.with_one_unit.push(layer),
                Source::Name(name) => self.flows.units.push((layer, *name)),
                Source::Layer => {}
            }
        }
    }

    fn add_head(&mut self, head: &[Token<'text>]) {
        let head = if head.first() == Some(&Token::Word("async")) { &head[1..] } else { head };
        match head {
            [Token::Word("for"), rest @ ..] => self.add_loop(rest),
            _ => {
                self.values(head);
            }
        }
    }

    /// `targets in values`, up to where the clause ends.
    pub(super) fn add_loop(&mut self, clause: &[Token<'text>]) {
        let Some(at) = clause.iter().position(|token| *token == Token::Word("in")) else { return };
        let (targets, values) = (&clause[..at], &clause[at + 1..]);
        let sources = self.values(values);
        for target in targets.iter().filter_map(word) {
            self.flow(&sources, self.read(target));
        }
    }

    fn add_statement(&mut self, statement: &[Token<'text>], indent: u32) {
        let statement = if statement.first() == Some(&Token::Word("async")) { &statement[1..] } else { statement };
        match statement {
            [Token::Word("def"), Token::Word(name), Token::Sign(b'('), rest @ ..] => {
                self.functions.push((indent, name));
                self.add_parameters(name, &rest[..closing(rest)]);
            }
            [Token::Word("class"), Token::Word(name), rest @ ..] => self.add_bases(name, rest),
            [Token::Word("return" | "yield"), value @ ..] => {
                let sources = self.values(value);
                if let Some(&(_, function)) = self.functions.last() {
                    self.flow(&sources, self.key(Space::Result(function)));
                }
            }
            [Token::Word("import" | "from"), rest @ ..] => {
                for alias in rest.windows(3) {
                    if let [Token::Word(name), Token::Word("as"), Token::Word(alias)] = alias {
                        self.between(Space::Global(name), Space::Global(alias));
                    }
                }
            }
            [Token::Word("global" | "nonlocal"), ..] => {}
            [Token::Word(field), Token::Sign(b':'), ..] if self.kind == Kind::Class => {
                self.between(Space::Keyword(field), Space::Attribute(field));
                if self.fields < POSITIONS {
                    self.between(Space::Parameter(self.owner, self.fields), Space::Attribute(field));
                }
                self.fields += 1;
                self.add_assignment(statement);
            }
            _ => self.add_assignment(statement),
        }
    }

    fn add_assignment(&mut self, statement: &[Token<'text>]) {
        let mut parts: Vec<&[Token<'text>]> = split(statement, b'=').collect();
        let value = parts.pop().unwrap_or_default();
        let sources = self.values(value);
        for target in parts {
            let target = split(target, b':').next().unwrap_or_default();
            self.add_targets(target, &sources);
        }
    }

    /// `a.b, c["d"]`: what is set is the last name of each, and the key.
    fn add_targets(&mut self, targets: &[Token<'text>], sources: &[Source]) {
        for (at, token) in targets.iter().enumerate() {
            let is_item = || matches!(targets.get(at + 1..at + 3), Some([Token::Sign(b'['), Token::Constant(key)]) if key.starts_with(['"', '\'']));
            match token {
                Token::Word(name) if targets.get(at + 1) != Some(&Token::Sign(b'.')) && !is_item() => {
                    let is_attribute = self.kind == Kind::Class || at > 0 && targets[at - 1] == Token::Sign(b'.');
                    let to = if is_attribute { self.key(Space::Attribute(name)) } else { self.read(name) };
                    self.flow(sources, to);
                    if self.kind == Kind::Module {
                        self.flow(sources, self.key(Space::Attribute(name)));
                    }
                }
                Token::Constant(text) => self.flow(sources, self.key(Space::Keyword(unquoted(text)))),
                _ => {}
            }
        }
    }

    /// What makes an object of a class is handed on to the constructors of its bases, unless it has its own.
    fn add_bases(&mut self, class: &str, bases: &[Token<'text>]) {
        for (at, base) in bases.iter().enumerate() {
            let Token::Word(base) = base else { continue };
            if bases.get(at + 1) == Some(&Token::Sign(b'.')) {
                continue;
            }
            for position in 0..POSITIONS {
                self.between(Space::Parameter(class, position), Space::Parameter(base, position));
                self.between(Space::BaseParameter(class, position), Space::Parameter(base, position));
            }
        }
    }

    fn add_parameters(&mut self, function: &'text str, parameters: &[Token<'text>]) {
        let parts: Vec<&[Token<'text>]> = split(parameters, b',').collect();
        let is_method = matches!(parts.first(), Some([Token::Word("self" | "cls"), ..]));
        let is_constructor = matches!(function, "__init__" | "__new__");
        for (position, part) in parts.iter().enumerate() {
            let Some(name) = part.iter().find_map(word) else { continue };
            let is_rest = part.first() == Some(&Token::Sign(b'*'));
            let positions = if is_rest { position..POSITIONS } else { position..(position + 1).min(POSITIONS) };
            for position in positions.filter_map(|position| position.checked_sub(usize::from(is_method))) {
                self.between(Space::Parameter(if is_constructor { self.owner } else { function }, position), Space::Variable(name));
            }
            self.between(Space::Keyword(name), Space::Variable(name));
            let default = split(part, b'=').nth(1).unwrap_or_default();
            let sources = self.values(default);
            self.flow(&sources, self.key(Space::Variable(name)));
        }
    }
}
