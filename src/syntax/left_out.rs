//! Calls that are left out: nothing reads their value, while another call takes the same first argument.
//!
//! Read from tokens, without a parser: it decides whether a closer look is worth while. It sees more than there is, and less only in forms
//! that hardly anybody writes: a variable under a second name.

use std::cell::Cell;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::bindings::{split, split_head};
use super::segments::{LogicalLines, Recovery};
use super::tokens::{Token, tokens};

/// Lines that are looked at to find out what becomes of one value.
const MAX_LINES_READ: u32 = 4_000;

/// Names through which a value is followed.
const MAX_PASSED_ON: usize = 32;

/// Methods that add their arguments to their receiver.
const FILLING: [&str; 8] = ["add", "add_module", "append", "appendleft", "extend", "insert", "setdefault", "update"];

/// What a call in a text calls.
#[derive(Clone, Copy, Debug)]
pub struct Callee<'a> {
    /// The dotted name; empty if something else is called.
    pub path: &'a [&'a str],
    /// Whether the text itself binds the first segment.
    pub is_local: bool,
    /// Whether the call is a statement of its own, so that its value goes nowhere.
    pub is_dropped: bool,
}

/// Whether `text`, a function or the statements of a module, leaves out a call for which `may_matter` holds.
pub fn leaves_call_out(text: &str, is_module: bool, may_matter: &dyn Fn(Callee<'_>) -> bool) -> bool {
    let lines = lines(text);
    let loops = Loops::new(&lines);
    let mut taken: FxHashMap<&str, usize> = FxHashMap::default();
    for (line, around) in lines.iter().zip(&loops.around) {
        // In a loop a call meets itself.
        let times = if around.is_some() { 2 } else { 1 };
        for &argument in line.calls.iter().flat_map(|call| &call.arguments) {
            *taken.entry(argument).or_default() += times;
        }
    }
    let read: FxHashSet<&str> = lines.iter().flat_map(|line| &line.read).copied().collect();
    let locals: FxHashSet<&str> = lines.iter().flat_map(|line| line.bound.iter().chain(&line.parameters)).copied().collect();
    lines.iter().enumerate().filter(|(_, line)| line.can_be_unread).any(|(at, line)| {
        let elsewhere = |argument: &&str| {
            let here = line.calls.iter().flat_map(|call| &call.arguments).filter(|own| *own == argument).count();
            taken[argument] > here
        };
        let is_shared = |call: &Call<'_>| call.arguments.iter().any(&elsewhere);
        let may_matter = |call: &Call<'_>| {
            let is_local = call.callee.first().is_none_or(|first| locals.contains(first));
            may_matter(Callee { path: &call.callee, is_local, is_dropped: call.is_dropped })
        };
        line.calls.iter().any(|call| is_shared(call) && may_matter(call))
            && line.bound.iter().all(|name| !Reading { lines: &lines, loops: &loops, read: &read, is_module, left: Cell::new(MAX_LINES_READ), depth: Cell::new(0) }.is_read(at, name))
            && line.filled.is_none_or(|name| !is_module && !read.contains(name))
    })
}

/// A simple statement, or the head of a compound one.
#[derive(Default)]
struct Line<'text> {
    indent: u32,
    role: Role,
    /// Names that it binds; a head of a loop binds its targets.
    bound: Vec<&'text str>,
    /// A variable to which it adds a value: `values.append(value)`.
    filled: Option<&'text str>,
    /// Parameters that it declares.
    parameters: Vec<&'text str>,
    /// Names that it reads.
    read: Vec<&'text str>,
    calls: Vec<Call<'text>>,
    /// Whether its value is dropped, or goes to names alone.
    can_be_unread: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Role {
    #[default]
    Plain,
    /// `for`, `while`
    Loop,
    /// `else` and its kin: runs where the code before it at this level does not.
    Alternative,
    /// `return`, `raise`, `break`, `continue`
    Leave,
}

struct Call<'text> {
    /// The dotted name that is called; empty if something else is called.
    callee: Vec<&'text str>,
    /// The variable or attribute that is the first argument; those of all keywords if none is positional.
    arguments: Vec<&'text str>,
    is_dropped: bool,
}

/// Where the loops of a text are.
struct Loops {
    /// The head of the innermost loop around each line.
    around: Vec<Option<usize>>,
    /// Where the loop ends of which a line is the head.
    ends: Vec<usize>,
}

impl Loops {
    fn new(lines: &[Line<'_>]) -> Self {
        let mut loops = Self { around: Vec::new(), ends: vec![lines.len(); lines.len()] };
        let mut open: Vec<usize> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            while let Some(head) = open.pop_if(|head| lines[*head].indent >= line.indent) {
                loops.ends[head] = at;
            }
            loops.around.push(open.last().copied());
            if line.role == Role::Loop {
                open.push(at);
            }
        }
        loops
    }
}

/// What becomes of the values of one line.
struct Reading<'r, 'text> {
    lines: &'r [Line<'text>],
    loops: &'r Loops,
    /// Names that are read anywhere.
    read: &'r FxHashSet<&'text str>,
    is_module: bool,
    /// How many lines are still looked at: values that are passed from name to name lead on and on.
    left: Cell<u32>,
    /// Through how many names a value is being followed.
    depth: Cell<usize>,
}

impl Reading<'_, '_> {
    /// Whether anything that may run after line `at` reads `name` before it is bound anew. In a loop only the next round counts.
    fn is_read(&self, at: usize, name: &str) -> bool {
        if !self.is_module && !self.read.contains(name) {
            return false;
        }
        let lines = self.lines;
        let own = &lines[at];
        let around = self.loops.around[at];
        let end = around.map_or(lines.len(), |head| self.loops.ends[head]);
        match self.run(at + 1..end, own.indent, name, &|line| self.passes_on(line)) {
            Ending::Read => true,
            Ending::Bound | Ending::Left => false,
            Ending::Through => match around {
                Some(head) => lines[head].read.contains(&name) || self.run(head + 1..at + 1, lines[head + 1].indent, name, &|_| false) == Ending::Read,
                None => self.is_module,
            },
        }
    }

    /// Whether line `at` only binds what it reads to names that are not read: `x = relu(x)`.
    fn passes_on(&self, at: usize) -> bool {
        let line = &self.lines[at];
        if line.role != Role::Plain || !line.can_be_unread || line.filled.is_some() || line.bound.is_empty() || self.depth.get() >= MAX_PASSED_ON {
            return false;
        }
        self.depth.set(self.depth.get() + 1);
        let is_passed_on = line.bound.iter().all(|name| !self.is_read(at, name));
        self.depth.set(self.depth.get() - 1);
        is_passed_on
    }

    /// What becomes of `name` in a range of lines, entered at `level`; lines that only pass it on do not count as reading it.
    fn run(&self, range: Range<usize>, mut level: u32, name: &str, passes_on: &dyn Fn(usize) -> bool) -> Ending {
        let mut skipped: Option<u32> = None;
        for at in range {
            let line = &self.lines[at];
            let Some(left) = self.left.get().checked_sub(1) else { return Ending::Read };
            self.left.set(left);
            if skipped.is_some_and(|indent| line.indent > indent) {
                continue;
            }
            // An alternative of a block that was left does not run.
            skipped = (line.role == Role::Alternative && line.indent < level).then_some(line.indent);
            if skipped.is_some() {
                level = level.min(line.indent + 1);
                continue;
            }
            if line.read.contains(&name) && !passes_on(at) {
                return Ending::Read;
            }
            if line.indent <= level {
                level = line.indent;
                if line.bound.contains(&name) && line.role != Role::Loop {
                    return Ending::Bound;
                }
                if line.role == Role::Leave {
                    return Ending::Left;
                }
            }
        }
        Ending::Through
    }
}

#[derive(PartialEq, Eq)]
enum Ending {
    Read,
    Bound,
    Left,
    Through,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for line in LogicalLines::new(text, 0, Recovery::None) {
        let tokens = tokens(text, line);
        let (head, rest) = split_head(&tokens).unwrap_or((&[], &tokens));
        if !head.is_empty() {
            lines.push(head_line(head, line.indent));
        }
        let indent = line.indent + u32::from(!head.is_empty());
        lines.extend(split(rest, b';').filter(|statement| !statement.is_empty()).map(|statement| simple_line(statement, indent)));
    }
    lines
}

fn head_line<'text>(head: &[Token<'text>], indent: u32) -> Line<'text> {
    let role = match head.iter().find(|token| **token != Token::Word("async")) {
        Some(Token::Word("for" | "while")) => Role::Loop,
        Some(Token::Word("else" | "elif" | "except" | "case")) => Role::Alternative,
        _ => Role::Plain,
    };
    let bound = match head {
        [Token::Word("for"), rest @ ..] => words(&rest[..rest.iter().position(|token| *token == Token::Word("in")).unwrap_or(rest.len())]),
        _ => Vec::new(),
    };
    // What is bound after `as` counts as read: then fewer values seem to be read later, not more.
    Line { indent, role, bound, read: reads(head), calls: calls(head), ..Line::default() }
}

fn simple_line<'text>(statement: &[Token<'text>], indent: u32) -> Line<'text> {
    match statement {
        [Token::Word("def" | "class" | "async"), rest @ ..] => Line { indent, parameters: words(rest), ..Line::default() },
        [Token::Word("return" | "raise" | "break" | "continue"), rest @ ..] => Line { indent, role: Role::Leave, read: reads(rest), calls: calls(rest), ..Line::default() },
        [Token::Word("import" | "from" | "global" | "nonlocal" | "pass" | "assert" | "del" | "print"), rest @ ..] => {
            Line { indent, read: reads(rest), calls: calls(rest), ..Line::default() }
        }
        [Token::Word("yield"), rest @ ..] => Line { indent, read: reads(rest), calls: calls(rest), ..Line::default() },
        [Token::Sign(b'@'), ..] => Line { indent, read: reads(statement), ..Line::default() },
        [Token::Word(name), Token::Augmented, rest @ ..] => {
            let read = [&[*name], &*reads(rest)].concat();
            Line { indent, bound: vec![name], read, calls: calls(rest), can_be_unread: true, ..Line::default() }
        }
        _ => assignment(statement, indent),
    }
}

/// `a, b = c = value`, `a: T = value`, or an expression.
fn assignment<'text>(statement: &[Token<'text>], indent: u32) -> Line<'text> {
    if let Some(line) = dropped_call(statement, indent) {
        return line;
    }
    let mut parts: Vec<&[Token<'text>]> = split(statement, b'=').collect();
    let value = parts.pop().unwrap_or_default();
    let dropped = if parts.is_empty() { outermost_call(value) } else { None };
    // `self.layers += […]` keeps what it adds.
    let can_be_unread = !statement.contains(&Token::Augmented);
    let mut line = Line { indent, read: reads(value), calls: calls_of(value, dropped), can_be_unread, ..Line::default() };
    for target in parts {
        let target = match target {
            [Token::Word(_), Token::Sign(b':'), ..] => &target[..1],
            whole => whole,
        };
        if target.iter().all(|token| matches!(token, Token::Word(_) | Token::Sign(b',' | b'(' | b')' | b'[' | b']' | b'*'))) && !has_item(target) {
            line.bound.extend(words(target));
        } else {
            line.read.extend(reads(target));
            line.can_be_unread = false;
        }
    }
    line
}

/// A call whose value is dropped though it is none of a layer: it changes its receiver.
fn dropped_call<'text>(statement: &[Token<'text>], indent: u32) -> Option<Line<'text>> {
    let open = outermost_call(statement)?;
    let [ref receiver @ .., Token::Sign(b'.'), Token::Word(method)] = statement[..open] else { return None };
    let inner = &statement[open + 1..];
    let line = Line { indent, read: reads(inner), calls: calls(inner), can_be_unread: true, ..Line::default() };
    match receiver {
        [Token::Word(variable)] if FILLING.contains(&method) => Some(Line { filled: Some(variable), ..line }),
        // An object keeps the value.
        _ if FILLING.contains(&method) => Some(Line { read: reads(statement), can_be_unread: false, ..line }),
        // In place, as the framework names it; `self.layer_` may be anything.
        _ if method == "__init__" || method.ends_with('_') && !matches!(receiver, [Token::Word("self")]) => {
            Some(Line { read: reads(statement), ..line })
        }
        _ => None,
    }
}

/// Where the brackets open of the call that an expression is.
fn outermost_call(expression: &[Token<'_>]) -> Option<usize> {
    let (mut depth, mut open) = (0, None);
    for (at, token) in expression.iter().enumerate() {
        match token {
            Token::Sign(b'(' | b'[' | b'{') => {
                open = if depth == 0 { Some(at) } else { open };
                depth += 1;
            }
            Token::Sign(b')' | b']' | b'}') => depth -= 1,
            Token::Sign(b'=') if depth == 0 => return None,
            _ => {}
        }
    }
    open.filter(|&open| expression[open] == Token::Sign(b'(') && expression.last() == Some(&Token::Sign(b')')))
}

/// Whether a target holds `a[…]` or `a(…)`.
fn has_item(target: &[Token<'_>]) -> bool {
    target.windows(2).any(|pair| matches!(pair, [Token::Word(_), Token::Sign(b'[' | b'(')]))
}

fn words<'text>(tokens: &[Token<'text>]) -> Vec<&'text str> {
    tokens.iter().filter_map(|token| if let Token::Word(word) = token { Some(*word) } else { None }).collect()
}

/// Words that may be variables whose value is asked for: neither attributes nor names of keyword arguments, nor a tensor whose shape or kind
/// is asked for.
fn reads<'text>(tokens: &[Token<'text>]) -> Vec<&'text str> {
    const SHAPE: [&str; 7] = ["shape", "size", "dim", "ndim", "dtype", "device", "get_shape"];
    let is_variable = |at: usize| {
        let is_attribute = at > 0 && tokens[at - 1] == Token::Sign(b'.');
        let is_shape = matches!(tokens.get(at + 1..at + 3), Some([Token::Sign(b'.'), Token::Word(asked)]) if SHAPE.contains(asked));
        !is_attribute && !is_shape && tokens.get(at + 1) != Some(&Token::Sign(b'='))
    };
    tokens.iter().enumerate().filter_map(|(at, token)| if let Token::Word(word) = token { is_variable(at).then_some(*word) } else { None }).collect()
}

fn calls<'text>(tokens: &[Token<'text>]) -> Vec<Call<'text>> {
    calls_of(tokens, None)
}

/// All calls; the brackets of one whose value is dropped open at `dropped`.
fn calls_of<'text>(tokens: &[Token<'text>], dropped: Option<usize>) -> Vec<Call<'text>> {
    let opens = |at: &usize| tokens[*at] == Token::Sign(b'(') && *at > 0;
    (0..tokens.len()).filter(opens).filter_map(|at| call_at(tokens, at, dropped == Some(at))).collect()
}

fn call_at<'text>(tokens: &[Token<'text>], open: usize, is_dropped: bool) -> Option<Call<'text>> {
    const KEYWORDS: [&str; 12] = ["if", "in", "and", "or", "not", "is", "else", "lambda", "await", "yield", "return", "for"];
    let mut callee = Vec::new();
    let mut at = open;
    while let Some(Token::Word(word)) = at.checked_sub(1).map(|before| tokens[before]) {
        if KEYWORDS.contains(&word) {
            break;
        }
        callee.insert(0, word);
        at -= 1;
        if at.checked_sub(1).map(|before| tokens[before]) != Some(Token::Sign(b'.')) {
            break;
        }
        at -= 1;
        if matches!(at.checked_sub(1).map(|before| tokens[before]), Some(Token::Sign(b')' | b']'))) {
            // A method of something that is computed.
            callee.clear();
            break;
        }
    }
    let is_call = !callee.is_empty() || matches!(tokens[open - 1], Token::Sign(b')' | b']')) || at < open;
    is_call.then(|| Call { callee, arguments: arguments(&tokens[open + 1..]), is_dropped })
}

/// The data among the arguments whose list begins with `tokens`.
fn arguments<'text>(tokens: &[Token<'text>]) -> Vec<&'text str> {
    match tokens {
        [Token::Word(_), Token::Sign(b'='), ..] => {}
        _ => return variable(tokens).into_iter().collect(),
    }
    let mut depth = 0;
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign(b'(' | b'[' | b'{') => depth += 1,
            Token::Sign(b')' | b']' | b'}') if depth == 0 => break,
            Token::Sign(b')' | b']' | b'}') => depth -= 1,
            Token::Sign(b'=') if depth == 0 => found.extend(variable(&tokens[at + 1..])),
            _ => {}
        }
    }
    found
}

/// The variable with which an expression begins, or the attribute if that is one of `self`.
fn variable<'text>(tokens: &[Token<'text>]) -> Option<&'text str> {
    match tokens {
        [Token::Sign(b'(' | b'-' | b'+' | b'~'), rest @ ..] => variable(rest),
        // What a layer holds is no data: `initialize(layer.weight)`.
        [Token::Word(_), Token::Sign(b'.'), Token::Word("weight" | "bias" | "parameters"), ..] => None,
        [Token::Word("self"), Token::Sign(b'.'), Token::Word(name), ..] | [Token::Sign(b'*'), Token::Word(name), ..] | [Token::Word(name), ..] => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a call is left out in a function with this body, every call being one that matters.
    fn leaves_out(body: &str) -> bool {
        let lines = body.replace('\n', "\n    ");
        leaves_call_out(&format!("def forward(self, x):\n    {lines}\n"), false, &|_| true)
    }

    #[test]
    fn what_is_never_read_is_left_out() {
        assert!(leaves_out("h = self.a(x)\nreturn self.b(x)"));
        assert!(leaves_out("h = self.a(x)\nh = self.b(x)\nreturn h"));
        assert!(leaves_out("self.a(x)\nreturn self.b(x)"));
        assert!(leaves_out("h: Tensor = self.a(x); y = self.b(x)\nreturn y"));
        assert!(leaves_out("h, state = self.a(inputs=x)\nreturn self.b(inputs=x)"));
        assert!(leaves_out("h = self.a(x)\nh = relu(h)\ng = h\nh = self.b(x)\nreturn h"), "read only to be bound anew");
        assert!(!leaves_out("h = self.a(x)\ng = relu(h)\nh = self.b(x)\nreturn h + g"));
    }

    #[test]
    fn what_is_read_on_some_path_is_not() {
        assert!(!leaves_out("h = self.a(x)\nh = self.b(h)\nreturn h"));
        assert!(!leaves_out("h = self.a(x)\nif flag:\n    h = self.b(x)\nreturn h"));
        assert!(!leaves_out("h = self.a(x)\nreturn h + self.b(x)"));
        assert!(!leaves_out("h = self.a(x)\ndef inner():\n    return h\nreturn self.b(x)"));
        assert!(!leaves_out("h = self.a(x)\nh += self.b(x)\nreturn h"));
    }

    #[test]
    fn branches_exclude_each_other() {
        assert!(leaves_out("if flag:\n    h = self.a(x)\nelse:\n    h = self.b(h)\nreturn self.c(x)"));
        assert!(!leaves_out("if flag:\n    h = self.a(x)\nelse:\n    h = self.b(x)\nreturn h"));
    }

    #[test]
    fn in_a_loop_only_the_next_round_counts() {
        assert!(leaves_out("for i in range(3):\n    h = self.a(x)\n    y = self.b(x)\n    use(y)\nreturn h"));
        assert!(!leaves_out("for i in range(3):\n    y = h\n    h = self.a(x)\n    self.z = y + self.b(x)"));
        assert!(leaves_out("for layer in self.layers:\n    h = layer(x)\nreturn h"), "it meets itself");
        assert!(!leaves_out("for layer in self.layers:\n    x = layer(x)\nreturn x"));
    }

    #[test]
    fn a_shape_is_no_value() {
        assert!(leaves_out("h = self.a(x)\nprint(h.shape, h.size(0))\nreturn self.b(x)"));
        assert!(leaves_out("h = self.a((x))\nreturn self.b(-x)"));
    }

    #[test]
    fn another_call_must_take_the_same() {
        assert!(!leaves_out("h = self.a(x)\nreturn self.b(y)"));
        assert!(leaves_out("h = self.a(self.x)\nreturn self.b(self.x)"));
        assert!(!leaves_out("self.h = self.a(x)\nreturn self.b(x)"));
    }

    #[test]
    fn what_is_added_to_a_list_is_left_out_with_the_list() {
        assert!(leaves_out("hs = []\nhs.append(self.a(x))\nreturn self.b(x)"));
        assert!(leaves_out("hs = []\nfor layer in self.layers:\n    hs.append(layer(x))\nreturn self.b(x)"));
        assert!(!leaves_out("hs = []\nfor layer in self.layers:\n    hs.append(layer(x))\nreturn self.b(x), hs"));
        assert!(!leaves_out("h = self.a(x)\nself.hs.append(self.b(x))\nreturn h"));
        assert!(!leaves_out("hs.append(x)\nreturn self.b(x)"));
    }

    #[test]
    fn what_works_in_place_is_no_layer() {
        assert!(!leaves_out("x.add_(y)\nself.gate.mul_(x)\nreturn self.b(x)"));
        assert!(!leaves_out("super().__init__(x)\nself.b = self.a(x)"));
        assert!(leaves_out("x.add_(self.a(y))\nreturn self.b(y)"));
        assert!(leaves_out("self.a_(x)\nreturn self.b(x)"));
    }

    #[test]
    fn only_calls_that_may_matter_count() {
        let text = "def f(x, net):\n    print(x)\n    return net(x)\n";
        assert!(!leaves_call_out(text, false, &|callee| callee.is_local || callee.path != ["print"]));
        assert!(leaves_call_out("net = a(x)\nnet = b(x)\n", true, &|callee| !callee.is_local));
        assert!(!leaves_call_out("net = a(x)\nother = b(x)\n", true, &|_| true), "another module may read it");
    }

    #[test]
    fn the_call_that_a_statement_is_drops_its_value() {
        let dropped = |statement: &str| {
            let mut dropped = Vec::new();
            let text = format!("def f(x):\n    {statement}\n    y = g(x), h(x)\n");
            let all = std::cell::RefCell::new(&mut dropped);
            leaves_call_out(&text, false, &|callee| {
                if callee.is_dropped {
                    all.borrow_mut().push(callee.path.join("."));
                }
                false
            });
            dropped
        };
        assert_eq!(dropped("a.b(x)"), ["a.b"]);
        assert_eq!(dropped("a(x)(x)"), [""]);
        assert_eq!(dropped("a(b(x), c(x))"), [""; 0], "the outermost call takes no variable of which another call takes the value");
        assert_eq!(dropped("h = a(x)"), [""; 0]);
    }
}
