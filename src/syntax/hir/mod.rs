//! The lowered tree of one unit: what the interpreter reads.
//!
//! It holds no comments, no layout and no offsets, so that a unit whose meaning did not change is equal to itself.
//! Expressions and statements live in two arenas; [`Spans`] says where they stand and is kept apart.

mod expr;
mod print;
mod stmt;
mod visit;

pub use expr::{Argument, ArgumentKind, BinaryOp, BooleanOp, Clause, CompareOp, ComprehensionKind, DictItem, Expr, Literal, TextPart, UnaryOp};
pub use visit::{visit_block, visit_expr};
pub use stmt::{Block, ClassDef, FunctionDef, Handler, ImportedName, MatchCase, Parameter, ParameterKind, Stmt, WithItem};

use crate::text::TextRange;

/// Number of an expression in its unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ExprId(pub u32);

/// Number of a statement in its unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct StmtId(pub u32);

/// A node of a unit to which a finding can point.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum NodeId {
    /// An expression.
    Expr(ExprId),
    /// A whole statement.
    Stmt(StmtId),
    /// The name that a `def` or `class` statement defines.
    DefinedName(StmtId),
}

/// What a unit is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnitKind {
    /// The statements of a module that are neither functions nor classes.
    Module,
    /// A function or method; `body` is its one `def` statement.
    Function,
    /// A class without its methods; `body` is its one `class` statement.
    Class,
}

/// The lowered tree of one unit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Hir {
    /// What the unit is.
    pub kind: UnitKind,
    /// The statements at the top of the unit, in order.
    pub body: Block,
    /// Arena of expressions.
    pub exprs: Vec<Expr>,
    /// Arena of statements.
    pub stmts: Vec<Stmt>,
    /// Whether the parser met an error in the unit. A broken unit yields no findings.
    pub broken: bool,
}

impl Hir {
    /// The expression with this number.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// The statement with this number.
    pub fn stmt(&self, id: StmtId) -> &Stmt {
        &self.stmts[id.0 as usize]
    }

    /// The definition of a function unit.
    pub fn function(&self) -> Option<&FunctionDef> {
        match self.body.first().map(|&first| self.stmt(first)) {
            Some(Stmt::Function(function)) if self.kind == UnitKind::Function => Some(function),
            _ => None,
        }
    }

    /// The definition of a class unit.
    pub fn class(&self) -> Option<&ClassDef> {
        match self.body.first().map(|&first| self.stmt(first)) {
            Some(Stmt::Class(class)) if self.kind == UnitKind::Class => Some(class),
            _ => None,
        }
    }
}

/// A range within one segment of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Span {
    /// Which of the unit's segments: 0 for functions; for classes 0 is the header, then the statements of the body; for
    /// modules the statements in source order.
    pub segment: u32,
    /// Bytes from the start of that segment.
    pub range: TextRange,
}

/// Where the nodes of a [`Hir`] stand, relative to their segments. Same lengths as the arenas.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spans {
    /// One span an expression.
    pub exprs: Vec<Span>,
    /// One span a statement.
    pub stmts: Vec<Span>,
    /// For statements that define a name, where the name stands; otherwise the statement's span.
    pub names: Vec<Span>,
}

impl Spans {
    /// The span of `node`.
    pub fn of(&self, node: NodeId) -> Span {
        match node {
            NodeId::Expr(id) => self.exprs[id.0 as usize],
            NodeId::Stmt(id) => self.stmts[id.0 as usize],
            NodeId::DefinedName(id) => self.names[id.0 as usize],
        }
    }
}
