//! Expressions.

use std::sync::Arc;

use super::{Block, ExprId, Parameter};
use crate::syntax::Name;

/// An expression. Parentheses leave no trace.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Expr {
    /// Something that could not be lowered (a syntax error, or a form that has no meaning here).
    Missing,
    /// `name`
    Name(Name),
    /// A constant.
    Literal(Literal),
    /// An f-string, or adjacent strings of which one is an f-string.
    FormattedText(Vec<TextPart>),
    /// `object.name`
    Attribute {
        /// Left of the dot.
        object: ExprId,
        /// Right of the dot.
        name: Name,
    },
    /// `object[index]`
    Subscript {
        /// Left of the bracket.
        object: ExprId,
        /// In the bracket; several indices are a tuple.
        index: ExprId,
    },
    /// `lower:upper:step`, only inside a subscript.
    Slice {
        /// Start, if given.
        lower: Option<ExprId>,
        /// End, if given.
        upper: Option<ExprId>,
        /// Step, if given.
        step: Option<ExprId>,
    },
    /// `callee(arguments)`
    Call {
        /// What is called.
        callee: ExprId,
        /// In source order. `f(x for x in y)` has one positional argument.
        arguments: Vec<Argument>,
    },
    /// `-operand`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        operand: ExprId,
    },
    /// `left + right`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// `a and b`
    Boolean {
        /// The operator.
        op: BooleanOp,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// `a < b <= c`
    Compare {
        /// Leftmost operand.
        left: ExprId,
        /// Operators with their right operands.
        rest: Vec<(CompareOp, ExprId)>,
    },
    /// `then if test else otherwise`
    Conditional {
        /// The condition.
        test: ExprId,
        /// Value if true.
        then: ExprId,
        /// Value if false.
        otherwise: ExprId,
    },
    /// `a, b`
    Tuple(Vec<ExprId>),
    /// `[a, b]`
    List(Vec<ExprId>),
    /// `{a, b}`
    Set(Vec<ExprId>),
    /// `{a: b, **c}`
    Dict(Vec<DictItem>),
    /// `*value` in a display, call target or assignment target.
    Starred(ExprId),
    /// `lambda parameters: body`; `body` holds one `return`.
    Lambda {
        /// Parameters.
        parameters: Vec<Parameter>,
        /// A block of one `return` statement.
        body: Block,
    },
    /// A list, set, dict or generator comprehension.
    Comprehension {
        /// Which of them.
        kind: ComprehensionKind,
        /// The element, or the key of a dict.
        element: ExprId,
        /// The value of a dict.
        value: Option<ExprId>,
        /// `for … in … if …`, outermost first.
        clauses: Vec<Clause>,
    },
    /// `await value`
    Await(ExprId),
    /// `yield value`, `yield from value`
    Yield(Option<ExprId>),
    /// `(target := value)`
    Named {
        /// A name.
        target: ExprId,
        /// Its new value.
        value: ExprId,
    },
}

/// A constant.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Literal {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An integer that fits; larger ones are [`Literal::Other`].
    Int(i64),
    /// Bits of a float.
    Float(u64),
    /// Text, escapes resolved, adjacent strings joined.
    Str(Arc<str>),
    /// `...`
    Ellipsis,
    /// Bytes, complex and huge numbers: a constant whose value does not matter.
    Other,
}

/// A piece of an f-string.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TextPart {
    /// Text as it stands.
    Text(Arc<str>),
    /// `{value}`; conversions and format specifications are dropped.
    Value(ExprId),
}

/// One argument of a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Argument {
    /// How it is passed.
    pub kind: ArgumentKind,
    /// Its value.
    pub value: ExprId,
}

/// How an argument is passed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ArgumentKind {
    /// `value`
    Positional,
    /// `name=value`
    Keyword(Name),
    /// `*value`
    Star,
    /// `**value`
    DoubleStar,
}

/// One item of a dict display.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct DictItem {
    /// The key; `None` for `**value`.
    pub key: Option<ExprId>,
    /// The value.
    pub value: ExprId,
}

/// One `for … in … if …` of a comprehension.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Clause {
    /// What is bound.
    pub target: ExprId,
    /// What is iterated.
    pub iterable: ExprId,
    /// Conditions, all of which must hold.
    pub conditions: Vec<ExprId>,
}

/// Kind of a comprehension.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ComprehensionKind {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `{k: v …}`
    Dict,
    /// `(…)`
    Generator,
}

/// Unary operators.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    /// `-`
    Negative,
    /// `+`
    Positive,
    /// `~`
    Invert,
    /// `not`
    Not,
}

/// Binary operators.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `//`
    FloorDivide,
    /// `%`
    Modulo,
    /// `**`
    Power,
    /// `@`
    MatrixMultiply,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
}

/// `and`, `or`
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BooleanOp {
    /// `and`
    And,
    /// `or`
    Or,
}

/// Comparison operators.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `!=`, `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `in`
    In,
    /// `not in`
    NotIn,
}
