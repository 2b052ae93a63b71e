//! The walk over one tree, and the arenas that it fills.

use tree_sitter::{Tree, TreeCursor};

use super::Lowered;
use super::grammar::{Field, GRAMMAR, Kind};
use crate::syntax::Name;
use crate::syntax::hir::{Block, Expr, ExprId, Span, Stmt, StmtId};
use crate::syntax::queries::Queries;
use crate::text::TextRange;

/// Nodes are nested as deep as this; what is deeper is missing, so that no stack overflows here or later.
const MAX_DEPTH: u32 = 150;

/// The lowering of one segment. Its methods read the node under the cursor and leave the cursor there.
pub(super) struct Lowering<'run> {
    pub(super) lowered: &'run mut Lowered,
    pub(super) cursor: TreeCursor<'run>,
    pub(super) text: &'run str,
    pub(super) queries: &'run Queries,
    segment: u32,
    depth: u32,
    /// Whether the functions around the cursor yield, outermost first.
    pub(super) yields: Vec<bool>,
}

/// A child of the node under the cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Child {
    pub(super) field: Field,
    pub(super) kind: Kind,
    /// Whether it is a node rather than a keyword or sign.
    pub(super) is_named: bool,
}

impl<'run> Lowering<'run> {
    pub(super) fn new(lowered: &'run mut Lowered, tree: &'run Tree, text: &'run str, segment: u32, queries: &'run Queries) -> Self {
        Self { lowered, cursor: tree.walk(), text, queries, segment, depth: 0, yields: Vec::new() }
    }

    /// The statements of the whole segment.
    pub(super) fn module(mut self) -> Block {
        self.block()
    }

    pub(super) fn kind(&self) -> Kind {
        GRAMMAR.kind(self.cursor.node().kind_id())
    }

    pub(super) fn range(&self) -> TextRange {
        let node = self.cursor.node();
        TextRange::new(node.start_byte() as u32, node.end_byte() as u32)
    }

    pub(super) fn span(&self) -> Span {
        Span { segment: self.segment, range: self.range() }
    }

    /// The text of the node under the cursor.
    pub(super) fn source(&self) -> &'run str {
        self.text.get(self.range().indices()).unwrap_or_default()
    }

    pub(super) fn name(&self) -> Name {
        Name::new(self.source())
    }

    /// Visits the children in order, comments left out. Errors are visited as [`Kind::Other`].
    ///
    /// Beyond [`MAX_DEPTH`] there are no children.
    pub(super) fn each_child(&mut self, mut visit: impl FnMut(&mut Self, Child)) {
        if self.depth >= MAX_DEPTH || !self.cursor.goto_first_child() {
            return;
        }
        self.depth += 1;
        loop {
            let node = self.cursor.node();
            let kind = GRAMMAR.kind(node.kind_id());
            if !matches!(kind, Kind::Comment | Kind::LineContinuation) {
                let field = GRAMMAR.field(self.cursor.field_id());
                visit(self, Child { field, kind, is_named: node.is_named() });
            }
            if !self.cursor.goto_next_sibling() {
                break;
            }
        }
        self.depth -= 1;
        self.cursor.goto_parent();
    }

    pub(super) fn add_expr(&mut self, expr: Expr, span: Span) -> ExprId {
        self.lowered.add_expr(expr, span)
    }

    pub(super) fn add_stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        self.lowered.add_stmt(stmt, span)
    }

    /// A statement that defines a name, which stands at `name`.
    pub(super) fn add_definition(&mut self, stmt: Stmt, span: Span, name: Span) -> StmtId {
        self.lowered.add_definition(stmt, span, name)
    }

    /// `expr`, or a missing one in its place at the node under the cursor.
    pub(super) fn or_missing(&mut self, expr: Option<ExprId>) -> ExprId {
        expr.unwrap_or_else(|| self.add_expr(Expr::Missing, self.span()))
    }
}
