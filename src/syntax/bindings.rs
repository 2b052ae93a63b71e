//! Names that a statement at the top of a module binds, read from its tokens.
//!
//! Conditional definitions and imports count; what stands inside a function or class does not.

use super::hir::ImportedName;
use super::segments::{LogicalLine, LogicalLines, Recovery};
use super::tokens::{Token, tokens};
use super::{ImportItem, Item, ItemKind, Name};

/// Adds the names bound by the statement that `segment` is the text of. Returns whether it is an import and nothing else.
pub(super) fn add_bindings(segment: &str, items: &mut Vec<Item>) -> bool {
    let mut bindings = Bindings { items, is_import: true };
    // Lines deeper than a nested definition belong to it.
    let mut definition: Option<u32> = None;
    for line in LogicalLines::new(segment, 0, Recovery::None) {
        if definition.is_some_and(|indent| line.indent > indent) {
            continue;
        }
        let defines = bindings.add_line(segment, line);
        definition = defines.then_some(line.indent);
    }
    bindings.is_import
}

struct Bindings<'items> {
    items: &'items mut Vec<Item>,
    is_import: bool,
}

impl Bindings<'_> {
    /// Returns whether the line begins a function or class.
    fn add_line(&mut self, segment: &str, line: LogicalLine) -> bool {
        let tokens = tokens(segment, line);
        let definition = match &tokens[..] {
            [Token::Word("def" | "class"), Token::Word(name), ..] => Some(name),
            [Token::Word("async"), Token::Word("def"), Token::Word(name), ..] => Some(name),
            _ => None,
        };
        if let Some(name) = definition {
            self.is_import = false;
            self.bind(name);
            return true;
        }
        self.add_statements(&tokens);
        false
    }

    /// `a; b`, or the head of a compound statement with what follows its colon.
    fn add_statements(&mut self, tokens: &[Token<'_>]) {
        let (head, rest) = match split_head(tokens) {
            Some((head, rest)) => (head, rest),
            None => (&[][..], tokens),
        };
        if !head.is_empty() {
            self.is_import = false;
            self.add_head(head);
        }
        for statement in split(rest, b';') {
            self.add_simple(statement);
        }
    }

    /// `for targets in …`, `with … as target`, `except … as target`, `case pattern`.
    fn add_head(&mut self, head: &[Token<'_>]) {
        self.add_walruses(head);
        let head = if head.first() == Some(&Token::Word("async")) { &head[1..] } else { head };
        match head {
            [Token::Word("for"), targets @ ..] => {
                let end = targets.iter().position(|&token| token == Token::Word("in")).unwrap_or(targets.len());
                self.add_targets(&targets[..end]);
            }
            [Token::Word("with" | "except"), rest @ ..] => {
                for (index, _) in rest.iter().enumerate().filter(|(_, token)| **token == Token::Word("as")) {
                    let after = &rest[index + 1..];
                    self.add_targets(&after[..target_length(after)]);
                }
            }
            [Token::Word("case"), pattern @ ..] => self.add_captures(pattern),
            _ => {}
        }
    }

    fn add_simple(&mut self, statement: &[Token<'_>]) {
        match statement {
            [] => return,
            [Token::Word("import"), rest @ ..] => return self.add_imports(rest),
            [Token::Word("from"), rest @ ..] => return self.add_from_imports(rest),
            _ => self.is_import = false,
        }
        self.add_walruses(statement);
        match statement {
            [Token::Word("type"), Token::Word(name), Token::Sign(b'=' | b'['), ..] => self.bind(name),
            [Token::Word(name), Token::Sign(b':'), ..] => self.bind(name),
            [Token::Word(name), Token::Augmented, ..] => self.bind(name),
            _ => {
                let parts: Vec<_> = split(statement, b'=').collect();
                for targets in parts.iter().take(parts.len().saturating_sub(1)) {
                    self.add_targets(targets);
                }
            }
        }
    }

    /// `a.b as c, d`
    fn add_imports(&mut self, list: &[Token<'_>]) {
        for clause in split(list, b',') {
            let (path, alias) = split_alias(clause);
            let Some(module) = dotted(path) else { continue };
            let bound = alias.unwrap_or_else(|| module.split('.').next().unwrap_or_default());
            let kind = ImportItem::Module { module: Name::new(&module), aliased: alias.is_some() };
            self.items.push(Item { name: Name::new(bound), kind: ItemKind::Import(kind) });
        }
    }

    /// `.module import a as b, c`
    fn add_from_imports(&mut self, statement: &[Token<'_>]) {
        let Some(import) = statement.iter().position(|&token| token == Token::Word("import")) else { return };
        let level = statement[..import].iter().take_while(|&&token| token == Token::Sign(b'.')).count();
        let module = if level == import { Some(String::new()) } else { dotted(&statement[level..import]) };
        let Some(module) = module else { return };
        let module = Name::new(&module);
        let list = match &statement[import + 1..] {
            [Token::Sign(b'('), list @ .., Token::Sign(b')')] | [Token::Sign(b'('), list @ ..] | list => list,
        };
        for clause in split(list, b',') {
            let (name, alias) = match clause {
                [Token::Sign(b'*')] => ("*", None),
                [Token::Word(name)] => (*name, None),
                [Token::Word(name), Token::Word("as"), Token::Word(alias)] => (*name, Some(*alias)),
                _ => continue,
            };
            let imported = ImportedName { name: Name::new(name), alias: alias.map(Name::new) };
            let kind = ImportItem::From { module, level: level as u32, name: imported };
            self.items.push(Item { name: Name::new(alias.unwrap_or(name)), kind: ItemKind::Import(kind) });
        }
    }

    /// Names among targets: `a, (b, *c)`. Attributes and items bind nothing.
    fn add_targets(&mut self, targets: &[Token<'_>]) {
        let mut depth = 0;
        for (index, token) in targets.iter().enumerate() {
            match token {
                // An index or a call's arguments follow something that is not a display.
                Token::Sign(b'[' | b'(') if depth > 0 || follows_operand(targets, index) => depth += 1,
                Token::Sign(b'{') => depth += 1,
                Token::Sign(b']' | b')' | b'}') if depth > 0 => depth -= 1,
                Token::Word(name) if depth == 0 && stands_alone(targets, index) => self.bind(name),
                _ => {}
            }
        }
    }

    /// Names that a pattern may bind: every name that is neither called, dotted nor a keyword's.
    fn add_captures(&mut self, pattern: &[Token<'_>]) {
        let guard = pattern.iter().position(|&token| token == Token::Word("if")).unwrap_or(pattern.len());
        let pattern = &pattern[..guard];
        for (index, token) in pattern.iter().enumerate() {
            let Token::Word(name) = token else { continue };
            let is_class = matches!(pattern.get(index + 1), Some(Token::Sign(b'(' | b'=')));
            if !is_class && stands_alone(pattern, index) && !matches!(*name, "as" | "_" | "None" | "True" | "False") {
                self.bind(name);
            }
        }
    }

    fn add_walruses(&mut self, tokens: &[Token<'_>]) {
        for pair in tokens.windows(2) {
            if let [Token::Word(name), Token::Walrus] = pair {
                self.bind(name);
            }
        }
    }

    fn bind(&mut self, name: &str) {
        self.items.push(Item { name: Name::new(name), kind: ItemKind::Value });
    }
}

/// A compound statement's head and what follows its colon. `None` for simple statements.
pub(super) fn split_head<'tokens, 'text>(tokens: &'tokens [Token<'text>]) -> Option<(&'tokens [Token<'text>], &'tokens [Token<'text>])> {
    const COMPOUND: [&str; 12] =
        ["if", "elif", "else", "for", "while", "try", "except", "finally", "with", "async", "match", "case"];
    let Some(Token::Word(word)) = tokens.first() else { return None };
    if !COMPOUND.contains(word) {
        return None;
    }
    let (mut depth, mut lambdas) = (0i32, 0);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign(b'(' | b'[' | b'{') => depth += 1,
            Token::Sign(b')' | b']' | b'}') => depth -= 1,
            Token::Word("lambda") if depth == 0 => lambdas += 1,
            Token::Sign(b':') if depth == 0 && lambdas > 0 => lambdas -= 1,
            // `match: int = 1` and `case = …` are no heads.
            Token::Sign(b':') if depth == 0 => return (index > 1 || *word != "match").then(|| (&tokens[..index], &tokens[index + 1..])),
            Token::Sign(b'=') if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The parts of `tokens` between `separator` outside brackets.
pub(super) fn split<'tokens, 'text>(tokens: &'tokens [Token<'text>], separator: u8) -> impl Iterator<Item = &'tokens [Token<'text>]> {
    let mut depth = 0i32;
    tokens.split(move |token| {
        match token {
            Token::Sign(b'(' | b'[' | b'{') => depth += 1,
            Token::Sign(b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
        depth == 0 && *token == Token::Sign(separator)
    })
}

fn split_alias<'tokens, 'text>(clause: &'tokens [Token<'text>]) -> (&'tokens [Token<'text>], Option<&'text str>) {
    match clause {
        [path @ .., Token::Word("as"), Token::Word(alias)] => (path, Some(alias)),
        _ => (clause, None),
    }
}

/// `a.b.c`, or `None` if the tokens are anything else.
fn dotted(path: &[Token<'_>]) -> Option<String> {
    let mut text = String::new();
    for (index, token) in path.iter().enumerate() {
        match token {
            Token::Word(word) if index % 2 == 0 => text.push_str(word),
            Token::Sign(b'.') if index % 2 == 1 => text.push('.'),
            _ => return None,
        }
    }
    (path.len() % 2 == 1).then_some(text)
}

/// How many tokens the target after an `as` has.
fn target_length(tokens: &[Token<'_>]) -> usize {
    match tokens.first() {
        Some(Token::Sign(b'(' | b'[')) => {
            tokens.iter().position(|token| matches!(token, Token::Sign(b')' | b']'))).map_or(tokens.len(), |end| end + 1)
        }
        _ => tokens.iter().position(|token| matches!(token, Token::Sign(b',' | b')' | b':'))).unwrap_or(tokens.len()),
    }
}

fn follows_operand(tokens: &[Token<'_>], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| tokens.get(before));
    matches!(before, Some(Token::Word(_) | Token::Constant(_) | Token::Sign(b')' | b']' | b'}')))
}

/// Whether the word at `index` is a whole target: neither part of a dotted name nor followed by brackets.
fn stands_alone(tokens: &[Token<'_>], index: usize) -> bool {
    let is_after_dot = index > 0 && tokens[index - 1] == Token::Sign(b'.');
    !is_after_dot && !matches!(tokens.get(index + 1), Some(Token::Sign(b'.' | b'[' | b'(')))
}
