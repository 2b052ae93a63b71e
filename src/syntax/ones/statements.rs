//! Statements: what is set to what.

use rustc_hash::{FxHashMap, FxHashSet};

use super::expressions::{unquoted, word};
use super::{Denoted, Denotes, Flows, Whence, Key, MAX_NESTED, POSITIONS};
use crate::syntax::bindings::{split, split_head};
use crate::syntax::tokens::{Token, closing};

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
    // Not the index of an item: `values[index] = …`.
    let is_target = |start: usize, at: usize| !line[start..at].contains(&Token::Sign(b'[')) || line[start] == Token::Sign(b'[');
    let names = |start: usize, end: usize| (start..end.min(line.len())).filter(move |&at| stands_alone(at) && is_target(start, at)).filter_map(|at| word(&line[at]));
    let mut found = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, token) in line.iter().enumerate() {
        match token {
            Token::Sign(b'(' | b'[' | b'{') => depth += 1,
            Token::Sign(b')' | b']' | b'}') => depth -= 1,
            Token::Sign(b';' | b':') if depth == 0 => start = at + 1,
            Token::Sign(b'=') | Token::Augmented if depth == 0 => found.extend(names(start, at)),
            Token::Walrus => found.extend(names(at.saturating_sub(1), at)),
            Token::Word("for") => found.extend(names(at + 1, at + line[at..].iter().position(|token| *token == Token::Word("in")).unwrap_or(1))),
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

/// Names that a line imports or declares to be those of the module.
pub(super) fn from_elsewhere<'text>(line: &[Token<'text>]) -> (Vec<&'text str>, Vec<&'text str>) {
    match line {
        [Token::Word("import"), rest @ ..] => (rest.iter().filter_map(word).collect(), Vec::new()),
        [Token::Word("from"), rest @ ..] => (rest.iter().skip_while(|token| **token != Token::Word("import")).filter_map(word).collect(), Vec::new()),
        [Token::Word("global"), rest @ ..] => (Vec::new(), rest.iter().filter_map(word).collect()),
        _ => (Vec::new(), Vec::new()),
    }
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
    owner: &'a str,
    salt: u64,
    variables: FxHashSet<&'text str>,
    /// Variables that stand for a module, with its dotted name.
    pub(super) modules: FxHashMap<&'text str, Vec<&'text str>>,
    /// The functions around, with their indentation.
    functions: Vec<(u32, &'text str)>,
    /// The same for classes.
    classes: Vec<(u32, &'text str)>,
    /// Definitions on one line, calls, items and brackets that are nested around.
    pub(super) depth: u32,
    /// Fields of the class so far.
    fields: usize,
    pub(super) words: &'a [&'a str],
    /// Names that statements inside functions import.
    pub(super) imported: FxHashSet<&'text str>,
    pub(super) denoted: &'a Denotes<'a>,
}

impl<'text, 'a> Reader<'text, 'a> {
    pub(super) fn new(kind: Kind, owner: &'a str, salt: u64, variables: FxHashSet<&'text str>, imported: FxHashSet<&'text str>, words: &'a [&'a str], denoted: &'a Denotes<'a>) -> Self {
        Self { flows: Flows::default(), kind, owner, salt, variables, modules: FxHashMap::default(), functions: Vec::new(), classes: Vec::new(), depth: 0, fields: 0, words, imported, denoted }
    }

    pub(super) fn add_line(&mut self, indent: u32, line: &[Token<'text>]) {
        self.functions.retain(|(around, _)| *around < indent);
        self.classes.retain(|(around, _)| *around < indent);
        let line = match line {
            [Token::Word("async"), Token::Word("def"), ..] => &line[1..],
            whole => whole,
        };
        let (head, rest) = split_head(line).unwrap_or((&[], line));
        self.add_head(head);
        for statement in split(rest, b';').filter(|statement| !statement.is_empty()) {
            self.add_statement(statement, indent);
        }
    }

    /// The class around.
    pub(super) fn owner(&self) -> &'a str
    where
        'text: 'a,
    {
        self.classes.last().map_or(self.owner, |(_, class)| class)
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

    /// Whether a plain name is a variable of the function.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        self.kind == Kind::Function && self.variables.contains(name)
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
        match statement {
            [Token::Word("def"), Token::Word(name), Token::Sign(b'('), rest @ ..] => {
                self.functions.push((indent, name));
                let end = closing(rest);
                self.add_parameters(name, &rest[..end]);
                self.add_body(rest.get(end + 1..).unwrap_or_default(), indent);
            }
            [Token::Word("class"), Token::Word(name), rest @ ..] => {
                self.classes.push((indent, name));
                let bases = split(rest, b':').next().unwrap_or_default();
                self.add_bases(name, bases);
                self.add_body(&rest[bases.len()..], indent);
            }
            [Token::Word("return" | "yield"), value @ ..] => {
                let sources = self.values(value);
                if let Some(&(_, function)) = self.functions.last() {
                    self.flow(&sources, self.key(Space::Result(function)));
                }
            }
            [Token::Word("import" | "from"), rest @ ..] => {
                for alias in rest.windows(3) {
                    if let [Token::Word(name), Token::Word("as"), Token::Word(alias)] = alias {
                        let alias = self.read(alias);
                        self.flows.between.push((self.key(Space::Global(name)), alias));
                    }
                }
            }
            [Token::Word("global" | "nonlocal"), ..] => {}
            [Token::Word(field), Token::Sign(b':'), ..] if self.kind == Kind::Class => {
                self.between(Space::Keyword(field), Space::Attribute(field));
                if self.fields < POSITIONS {
                    self.between(Space::Parameter(self.owner(), self.fields), Space::Attribute(field));
                }
                self.fields += 1;
                self.add_assignment(statement);
            }
            _ => self.add_assignment(statement),
        }
    }

    /// What stands behind the colon of a definition on the same line.
    fn add_body(&mut self, rest: &[Token<'text>], indent: u32) {
        if self.depth > MAX_NESTED {
            return;
        }
        self.depth += 1;
        let head = split(rest, b':').next().unwrap_or_default().len();
        for statement in split(rest.get(head + 1..).unwrap_or_default(), b';').filter(|statement| !statement.is_empty()) {
            self.add_statement(statement, indent);
        }
        self.depth -= 1;
    }

    fn add_assignment(&mut self, statement: &[Token<'text>]) {
        if let [Token::Word(name), Token::Sign(b'='), path @ ..] = statement
            && self.is_variable(name)
            && path.iter().enumerate().all(|(at, token)| if at % 2 == 0 { word(token).is_some() } else { *token == Token::Sign(b'.') })
        {
            let path: Vec<&str> = path.iter().filter_map(word).collect();
            if matches!((self.denoted)(&path, Whence::Module), Denoted::Module) {
                self.modules.insert(name, path);
            }
        }
        let augmented = statement.iter().position(|token| *token == Token::Augmented);
        let mut parts: Vec<&[Token<'text>]> = match augmented {
            Some(at) => vec![&statement[..at], &statement[at + 1..]],
            None => split(statement, b'=').collect(),
        };
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
            if matches!(bases.get(at + 1), Some(Token::Sign(b'.' | b'='))) {
                continue;
            }
            let start = (0..at).rev().step_by(2).take_while(|&dot| bases[dot] == Token::Sign(b'.')).last().map_or(at, |dot| dot.saturating_sub(1));
            let path: Vec<&str> = bases[start..=at].iter().filter_map(word).collect();
            // Objects of the class are layers of the framework's.
            if let Denoted::Framework(units) = (self.denoted)(&path, Whence::Module) {
                let said = units.positions.iter().flat_map(|&position| [Space::Parameter(class, position), Space::BaseParameter(class, position)]);
                let keys: Vec<Key> = said.chain(units.names.iter().map(|name| Space::Keyword(name))).map(|space| self.key(space)).collect();
                self.flows.units.extend(keys.into_iter().map(|key| (None, key)));
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
                let from = self.key(Space::Parameter(if is_constructor { self.owner() } else { function }, position));
                let to = self.read(name);
                self.flows.between.push((from, to));
            }
            let flow = (self.key(Space::Keyword(name)), self.read(name));
            self.flows.between.push(flow);
            let default = split(part, b'=').nth(1).unwrap_or_default();
            let sources = self.values(default);
            self.flow(&sources, self.read(name));
        }
        // A property is read like an attribute.
        if is_method {
            self.between(Space::Result(function), Space::Attribute(function));
        }
    }
}
