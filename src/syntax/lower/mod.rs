//! From the segments of a unit to its [`Hir`]: valid Python 3 by the fast parser, all else by one cursor walk a segment.

mod candidates;
mod cursor;
mod definitions;
mod errors;
mod expressions;
mod grammar;
mod imports;
mod literals;
mod operators;
mod pathological;
mod patterns;
mod python3;
mod repair;
mod statements;

use std::borrow::Cow;
use std::cell::RefCell;

use tree_sitter::{Parser, Tree};

use super::candidate::Candidate;
use super::hir::{ClassDef, Expr, ExprId, Hir, Span, Spans, Stmt, StmtId, UnitKind};
use super::outline::{Layout, UnitLayout};
use super::queries::Queries;
use super::segments::{LogicalLines, Recovery, masked};
use crate::text::TextRange;
use cursor::Lowering;
use grammar::GRAMMAR;

/// A lowered unit and what was found on the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lowered {
    /// The tree.
    pub hir: Hir,
    /// Where its nodes stand.
    pub spans: Spans,
    /// Calls that queries of local rules match.
    pub candidates: Vec<Candidate>,
    /// Where the parser met errors; empty unless [`Hir::broken`].
    pub errors: Vec<Span>,
}

/// Where the units of `text` hold syntax errors.
pub fn errors(text: &str, layout: &Layout) -> Vec<u32> {
    let queries = Queries::default();
    let of_unit = |unit: &UnitLayout| {
        let lowered = lower(unit.kind, &unit.texts(text), &queries);
        let places: Vec<u32> = lowered.errors.iter().filter_map(|span| unit.resolve(*span)).map(|range| range.start).collect();
        if lowered.hir.broken && places.is_empty() { vec![0] } else { places }
    };
    layout.units().iter().flat_map(of_unit).collect()
}

/// Lowers the unit of this kind whose segments have these texts (see [`super::UnitLayout::texts`]).
///
/// It never fails: what cannot be parsed becomes [`Stmt::Missing`] or [`super::hir::Expr::Missing`], and so does what
/// is nested too deeply.
pub fn lower(kind: UnitKind, segments: &[&str], queries: &Queries) -> Lowered {
    let mut lowered = Lowered::empty(kind);
    for (number, segment) in segments.iter().enumerate() {
        let text = masked(segment);
        match kind {
            UnitKind::Class if number == 0 => lower_class_header(&mut lowered, &text, queries),
            UnitKind::Class => {
                let statements = lower_segment(&mut lowered, number, &text, text.len(), queries);
                lowered.class_body().extend(statements);
            }
            UnitKind::Module | UnitKind::Function => {
                let statements = lower_segment(&mut lowered, number, &text, text.len(), queries);
                lowered.hir.body.extend(statements);
            }
        }
    }
    lowered
}

/// Lowers the head of a class, whose body stands in other segments unless it is on the same line.
fn lower_class_header(lowered: &mut Lowered, text: &str, queries: &Queries) {
    let last = LogicalLines::new(text, 0, Recovery::None).last();
    let Some(line) = last.filter(|line| text[..line.code_end].ends_with(':')) else {
        lowered.hir.body = lower_segment(lowered, 0, text, text.len(), queries);
        return;
    };
    // The body is put on the line itself, so that indentation does not matter.
    let whole = format!("{} pass\n", &text[..line.code_end]);
    lowered.hir.body = lower_segment(lowered, 0, &whole, text.len(), queries);
    lowered.class_body().clear();
}

/// Lowers one segment. Nothing is said to stand beyond `length`.
fn lower_segment(lowered: &mut Lowered, number: usize, text: &str, length: usize, queries: &Queries) -> Vec<StmtId> {
    // Queries are about nodes of the tolerant parser.
    if queries.is_empty()
        && let Some(statements) = python3::read(lowered, number, text)
    {
        return statements;
    }
    lower_tolerantly(lowered, number, text, length, queries)
}

fn lower_tolerantly(lowered: &mut Lowered, number: usize, text: &str, length: usize, queries: &Queries) -> Vec<StmtId> {
    let Some(mut tree) = parse(text) else {
        lowered.hir.broken = true;
        lowered.errors.push(Span { segment: number as u32, range: TextRange::new(0, length as u32) });
        return Vec::new();
    };
    let mut text = Cow::Borrowed(text);
    if tree.root_node().has_error()
        && let Some(repaired) = repair::repaired(&text)
        && let Some(repaired_tree) = parse(&repaired).filter(|tree| !tree.root_node().has_error())
    {
        (text, tree) = (Cow::Owned(repaired), repaired_tree);
    }
    if tree.root_node().has_error() {
        lowered.hir.broken = true;
        lowered.errors.extend(errors::errors(&tree, length).map(|range| Span { segment: number as u32, range }));
    }
    Lowering::new(lowered, &tree, &text, number as u32, queries).module()
}

/// `None` if the text is not one to be parsed.
fn parse(text: &str) -> Option<Tree> {
    if pathological::is_pathological(text) {
        return None;
    }
    thread_local! {
        static PARSER: RefCell<Option<Parser>> = RefCell::new({
            let mut parser = Parser::new();
            parser.set_language(&GRAMMAR.language).is_ok().then_some(parser)
        });
    }
    PARSER.with_borrow_mut(|parser| parser.as_mut()?.parse(text, None))
}

impl Lowered {
    fn empty(kind: UnitKind) -> Self {
        let hir = Hir { kind, body: Vec::new(), exprs: Vec::new(), stmts: Vec::new(), broken: false };
        Self { hir, spans: Spans::default(), candidates: Vec::new(), errors: Vec::new() }
    }

    /// Adds an expression.
    fn add_expr(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = ExprId(self.hir.exprs.len() as u32);
        self.hir.exprs.push(expr);
        self.spans.exprs.push(span);
        id
    }

    /// Adds a statement that defines no name.
    fn add_stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        let span = self.without_comments(&stmt, span);
        self.push_stmt(stmt, span, span)
    }

    /// Adds a statement that defines a name, which stands at `name`.
    fn add_definition(&mut self, stmt: Stmt, span: Span, name: Span) -> StmtId {
        let span = self.without_comments(&stmt, span);
        self.push_stmt(stmt, span, name)
    }

    /// `span` up to the last statement inside `stmt`: a tree may take the comments that follow for a part of it.
    fn without_comments(&self, stmt: &Stmt, mut span: Span) -> Span {
        if let Some(last) = stmt.last_inside() {
            span.range.end = self.spans.stmts[last.0 as usize].range.end;
        }
        span
    }

    fn push_stmt(&mut self, stmt: Stmt, span: Span, name: Span) -> StmtId {
        let id = StmtId(self.hir.stmts.len() as u32);
        self.hir.stmts.push(stmt);
        self.spans.stmts.push(span);
        self.spans.names.push(name);
        id
    }

    /// Takes back what was added beyond these numbers of expressions and statements.
    fn truncate(&mut self, exprs: usize, stmts: usize) {
        self.hir.exprs.truncate(exprs);
        self.hir.stmts.truncate(stmts);
        self.spans.exprs.truncate(exprs);
        self.spans.stmts.truncate(stmts);
        self.spans.names.truncate(stmts);
    }

    /// From the first to the last of several `exprs`; otherwise `span`.
    fn covering(&self, exprs: &[ExprId], mut span: Span) -> Span {
        if let [first, .., last] = exprs {
            span.range.start = self.spans.exprs[first.0 as usize].range.start;
            span.range.end = self.spans.exprs[last.0 as usize].range.end;
        }
        span
    }

    /// The body of the class that the unit is; of the unit if its head could not be parsed.
    fn class_body(&mut self) -> &mut Vec<StmtId> {
        match self.hir.body.first().map(|first| &mut self.hir.stmts[first.0 as usize]) {
            Some(Stmt::Class(ClassDef { body, .. })) => body,
            _ => &mut self.hir.body,
        }
    }
}
