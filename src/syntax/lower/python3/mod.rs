//! A second way from text to the same tree: `ruff_python_parser`, for valid Python 3.
//!
//! It takes a fifth of the time of the tolerant parser. What it reads it numbers and places as the walk over the tolerant
//! parser's tree does. Where that is not certain it refuses, and the segment is parsed tolerantly: syntax errors, Python 2,
//! forms that the two parsers take differently, deep nesting. Where the tolerant parser fails on valid code, this one does not.

mod definitions;
mod expressions;
mod nesting;
mod patterns;
mod statements;
mod strings;

use ruff_python_ast::{Stmt, StmtIf};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;

use super::Lowered;
use crate::syntax::Name;
use crate::syntax::hir::{self, Block, Expr, ExprId, Span, StmtId};
use crate::text::TextRange;

/// What members of classes, which are indented, stand behind.
const HEAD: &str = "if 1:\n";

/// Nodes are nested as deep as this. One of them is up to four nodes of the tolerant parser, which also has one for each
/// pair of parentheses: with [`nesting::MAX_BRACKETS`] fewer than those that it is followed into.
const MAX_DEPTH: u32 = 28;

/// The statements of segment `number`, which has this text; `None` if it is to be parsed tolerantly.
pub(super) fn read(lowered: &mut Lowered, number: usize, text: &str) -> Option<Block> {
    if nesting::is_deep(text) {
        return None;
    }
    let (exprs, stmts) = (lowered.hir.exprs.len(), lowered.hir.stmts.len());
    let block = if is_indented(text) { read_text(lowered, number, &[HEAD, text].concat(), HEAD) } else { read_text(lowered, number, text, "") };
    if block.is_none() {
        lowered.truncate(exprs, stmts);
    }
    block
}

fn read_text(lowered: &mut Lowered, number: usize, text: &str, head: &str) -> Option<Block> {
    let parsed = parse_module(text).ok()?;
    let mut reader = Reader { lowered, text, start: head.len() as u32, segment: number as u32, depth: 0, is_type: false, yields: Vec::new() };
    match (head.is_empty(), &parsed.syntax().body[..]) {
        (true, statements) => reader.block(statements),
        (false, [Stmt::If(StmtIf { body, elif_else_clauses, .. })]) if elif_else_clauses.is_empty() => reader.block(body),
        _ => None,
    }
}

/// Whether the first line of code is indented.
fn is_indented(text: &str) -> bool {
    let code = text.lines().find(|line| !matches!(line.trim_start().as_bytes().first(), None | Some(b'#')));
    code.is_some_and(|line| line.starts_with([' ', '\t']))
}

/// The reading of one segment. Its methods give `None` for what it refuses.
struct Reader<'run> {
    lowered: &'run mut Lowered,
    /// The text that was parsed: a head of `start` bytes, then the segment.
    text: &'run str,
    start: u32,
    segment: u32,
    depth: u32,
    /// Whether the present node is in an annotation, for which the tolerant parser has nodes of its own.
    is_type: bool,
    /// Whether the functions around the present node yield, outermost first.
    yields: Vec<bool>,
}

impl<'run> Reader<'run> {
    /// Reads a node that is nested `levels` deeper than the one being read.
    fn nested<T>(&mut self, levels: usize, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let depth = self.depth;
        self.depth += levels as u32;
        let node = if self.depth > MAX_DEPTH { None } else { read(self) };
        self.depth = depth;
        node
    }

    fn source(&self, node: &impl Ranged) -> &'run str {
        &self.text[node.range()]
    }

    fn name(&self, node: &impl Ranged) -> Name {
        Name::new(self.source(node))
    }

    fn span(&self, node: &impl Ranged) -> Span {
        self.span_between(node.start().to_u32(), node.end().to_u32())
    }

    /// The span between two offsets in the text that was parsed.
    fn span_between(&self, start: u32, end: u32) -> Span {
        Span { segment: self.segment, range: TextRange::new(start - self.start, end - self.start) }
    }

    fn add_expr(&mut self, expr: Expr, span: Span) -> ExprId {
        self.lowered.add_expr(expr, span)
    }

    fn add_stmt(&mut self, stmt: hir::Stmt, span: Span) -> StmtId {
        self.lowered.add_stmt(stmt, span)
    }

    /// The last byte before `at` that is no white space.
    fn byte_before(&self, at: u32) -> Option<u8> {
        self.text.as_bytes()[..at as usize].iter().rev().copied().find(|byte| !byte.is_ascii_whitespace())
    }

    /// Where the parentheses close that are closed behind `at`.
    fn closed(&self, at: u32) -> u32 {
        let bytes = self.text.as_bytes();
        let (mut end, mut next) = (at as usize, at as usize);
        while let Some(&byte) = bytes.get(next) {
            match byte {
                b')' => {
                    next += 1;
                    end = next;
                }
                b'#' => next += memchr::memchr(b'\n', &bytes[next..]).unwrap_or(bytes.len() - next),
                b'\\' => next += 1,
                _ if byte.is_ascii_whitespace() => next += 1,
                _ => break,
            }
        }
        end as u32
    }
}
