//! Statements.

use super::{Argument, BinaryOp, ExprId, StmtId};
use crate::syntax::Name;

/// Statements in order.
pub type Block = Vec<StmtId>;

/// A statement.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Stmt {
    /// Something that could not be lowered.
    Missing,
    /// An expression whose value is dropped.
    Expr(ExprId),
    /// `targets = … = value`
    Assign {
        /// Left to right.
        targets: Vec<ExprId>,
        /// The value.
        value: ExprId,
    },
    /// `target: annotation = value`
    AnnotatedAssign {
        /// What is annotated.
        target: ExprId,
        /// The annotation.
        annotation: ExprId,
        /// The value, if any.
        value: Option<ExprId>,
    },
    /// `target op= value`
    AugmentedAssign {
        /// What is changed.
        target: ExprId,
        /// The operator.
        op: BinaryOp,
        /// The right operand.
        value: ExprId,
    },
    /// `return value`
    Return(Option<ExprId>),
    /// `raise …`; all expressions in order.
    Raise(Vec<ExprId>),
    /// `assert test, message`
    Assert {
        /// The condition.
        test: ExprId,
        /// The message.
        message: Option<ExprId>,
    },
    /// `del targets`
    Delete(Vec<ExprId>),
    /// `pass`
    Pass,
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `global names`
    Global(Vec<Name>),
    /// `nonlocal names`
    Nonlocal(Vec<Name>),
    /// `if test: … else: …`; `elif` is an `if` in `otherwise`.
    If {
        /// The condition.
        test: ExprId,
        /// If true.
        then: Block,
        /// If false.
        otherwise: Block,
    },
    /// `while test: … else: …`
    While {
        /// The condition.
        test: ExprId,
        /// The body.
        body: Block,
        /// Runs when the condition turns false.
        otherwise: Block,
    },
    /// `for target in iterable: … else: …`
    For {
        /// What is bound.
        target: ExprId,
        /// What is iterated.
        iterable: ExprId,
        /// The body.
        body: Block,
        /// Runs when the iterable is exhausted.
        otherwise: Block,
    },
    /// `with items: …`
    With {
        /// Context managers, outermost first.
        items: Vec<WithItem>,
        /// The body.
        body: Block,
    },
    /// `try: … except: … else: … finally: …`
    Try {
        /// The guarded body.
        body: Block,
        /// Handlers in order.
        handlers: Vec<Handler>,
        /// Runs without exception.
        otherwise: Block,
        /// Always runs.
        finally: Block,
    },
    /// `match subject: …`
    Match {
        /// The subject.
        subject: ExprId,
        /// Cases in order.
        cases: Vec<MatchCase>,
    },
    /// `def`. In a unit that is a module or class, functions that are units of their own do not occur.
    Function(FunctionDef),
    /// `class`
    Class(ClassDef),
    /// `import a.b as c, d`
    Import(Vec<ImportedName>),
    /// `from .module import a as b`
    FromImport {
        /// The dotted module after the dots; empty for `from . import a`.
        module: Name,
        /// Number of leading dots.
        level: u32,
        /// Imported names; empty for `*`.
        names: Vec<ImportedName>,
        /// `from m import *`
        star: bool,
    },
    /// `print a, b` and `exec a` of Python 2.
    Python2(Vec<ExprId>),
}

impl Stmt {
    /// The last statement inside this one.
    pub(crate) fn last_inside(&self) -> Option<StmtId> {
        let blocks: &[&Block] = match self {
            Self::If { then, otherwise, .. } => &[then, otherwise],
            Self::While { body, otherwise, .. } | Self::For { body, otherwise, .. } => &[body, otherwise],
            Self::With { body, .. } => &[body],
            Self::Try { body, handlers, otherwise, finally } => {
                let handled = handlers.last().map(|handler| &handler.body);
                return [Some(body), handled, Some(otherwise), Some(finally)].into_iter().flatten().rev().find_map(|block| block.last().copied());
            }
            Self::Match { cases, .. } => return cases.last()?.body.last().copied(),
            Self::Function(function) => &[&function.body],
            Self::Class(class) => &[&class.body],
            _ => &[],
        };
        blocks.iter().rev().find_map(|block| block.last().copied())
    }
}

/// `name as alias` of an import.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ImportedName {
    /// The imported name, dotted in `import a.b`.
    pub name: Name,
    /// The name it is bound to, if another.
    pub alias: Option<Name>,
}

/// `context as target`
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct WithItem {
    /// The context manager.
    pub context: ExprId,
    /// What is bound.
    pub target: Option<ExprId>,
}

/// `except kind as name: body`
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Handler {
    /// The exception class or classes.
    pub kind: Option<ExprId>,
    /// The bound target.
    pub target: Option<ExprId>,
    /// The body.
    pub body: Block,
}

/// `case pattern if guard: body`
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MatchCase {
    /// Names that the pattern binds.
    pub bound: Vec<Name>,
    /// The guard.
    pub guard: Option<ExprId>,
    /// The body.
    pub body: Block,
}

/// A function definition.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FunctionDef {
    /// Its name.
    pub name: Name,
    /// Parameters in order.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Block,
    /// Decorators, outermost first.
    pub decorators: Vec<ExprId>,
    /// The annotation of the result.
    pub returns: Option<ExprId>,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether its body yields.
    pub is_generator: bool,
}

/// A class definition.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClassDef {
    /// Its name.
    pub name: Name,
    /// Bases and keywords such as `metaclass=`.
    pub bases: Vec<Argument>,
    /// Decorators, outermost first.
    pub decorators: Vec<ExprId>,
    /// The body. In a class unit, methods are units of their own and do not occur here.
    pub body: Block,
}

/// A parameter.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Parameter {
    /// Its name; for Python 2's tuple parameters, empty.
    pub name: Name,
    /// How it takes arguments.
    pub kind: ParameterKind,
    /// The default.
    pub default: Option<ExprId>,
    /// The annotation.
    pub annotation: Option<ExprId>,
}

/// How a parameter takes arguments.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ParameterKind {
    /// Left of `/`.
    PositionalOnly,
    /// By position or keyword.
    Normal,
    /// `*args`
    VarArgs,
    /// Right of `*`.
    KeywordOnly,
    /// `**kwargs`
    KwArgs,
}
