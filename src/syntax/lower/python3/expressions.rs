//! Expressions.

use ruff_python_ast::{
    Alias, BoolOp, CmpOp, Comprehension, DictItem, Expr as Node, ExprBinOp, ExprBoolOp, ExprGenerator, ExprLambda, ExprSubscript, ExprTuple, Number,
    Operator, UnaryOp as NodeUnaryOp,
};
use ruff_text_size::Ranged;

use super::Reader;
use crate::syntax::hir::{self, BinaryOp, BooleanOp, Clause, CompareOp, ComprehensionKind, Expr, ExprId, Literal, Span, Stmt, UnaryOp};
use crate::syntax::lower::literals;

impl Reader<'_> {
    pub(super) fn expr(&mut self, node: &Node) -> Option<ExprId> {
        self.nested(1, |this| this.expr_here(node))
    }

    fn expr_here(&mut self, node: &Node) -> Option<ExprId> {
        let expr = match node {
            Node::Name(_) => Expr::Name(self.name(node)),
            Node::Attribute(attribute) => Expr::Attribute { object: self.expr(&attribute.value)?, name: self.name(&attribute.attr) },
            Node::Call(call) => Expr::Call { callee: self.expr(&call.func)?, arguments: self.arguments(&call.arguments)? },
            Node::Subscript(subscript) => self.subscript(subscript)?,
            Node::Slice(slice) => Expr::Slice {
                lower: self.optional(slice.lower.as_deref())?,
                upper: self.optional(slice.upper.as_deref())?,
                step: self.optional(slice.step.as_deref())?,
            },
            Node::NumberLiteral(number) => Expr::Literal(match number.value {
                Number::Int(_) => literals::integer(self.source(node)),
                Number::Float(_) => literals::float(self.source(node)),
                Number::Complex { .. } => Literal::Other,
            }),
            Node::BooleanLiteral(literal) => Expr::Literal(Literal::Bool(literal.value)),
            Node::NoneLiteral(_) => Expr::Literal(Literal::None),
            Node::EllipsisLiteral(_) => Expr::Literal(Literal::Ellipsis),
            Node::StringLiteral(string) => return Some(self.plain_string(node, string.value.iter())),
            Node::BytesLiteral(bytes) => return Some(self.plain_string(node, bytes.value.iter())),
            Node::FString(string) => return self.formatted_string(string),
            Node::BinOp(operation) => {
                if binds_differently(operation) || self.is_type && is_long_union(operation) {
                    return None;
                }
                Expr::Binary { op: binary(operation.op), left: self.expr(&operation.left)?, right: self.expr(&operation.right)? }
            }
            Node::UnaryOp(operation) => Expr::Unary { op: unary(operation.op), operand: self.expr(&operation.operand)? },
            Node::BoolOp(operation) => return self.boolean(operation),
            Node::Compare(comparison) => {
                let left = self.expr(&comparison.left)?;
                let mut rest = Vec::with_capacity(comparison.ops.len());
                for (op, right) in comparison.ops.iter().zip(&comparison.comparators) {
                    rest.push((compare(*op), self.expr(right)?));
                }
                Expr::Compare { left, rest }
            }
            Node::If(conditional) => {
                let then = self.expr(&conditional.body)?;
                let test = self.expr(&conditional.test)?;
                Expr::Conditional { test, then, otherwise: self.expr(&conditional.orelse)? }
            }
            Node::Lambda(lambda) => self.lambda(lambda)?,
            Node::Named(named) => {
                // The tolerant parser ends the value before the `if`.
                if matches!(*named.value, Node::If(_) | Node::Lambda(_)) {
                    return None;
                }
                Expr::Named { target: self.expr(&named.target)?, value: self.expr(&named.value)? }
            }
            Node::Await(awaited) => Expr::Await(self.expr(&awaited.value)?),
            Node::Yield(yielded) => self.yields(yielded.value.as_deref())?,
            Node::YieldFrom(yielded) => self.yields(Some(&yielded.value))?,
            Node::Tuple(tuple) => Expr::Tuple(self.exprs(&tuple.elts)?),
            Node::List(list) => Expr::List(self.exprs(&list.elts)?),
            Node::Set(set) => Expr::Set(self.exprs(&set.elts)?),
            Node::Dict(dict) => Expr::Dict(self.each(&dict.items, Self::dict_item)?),
            // `*` may bind closer than what follows the name for the tolerant parser.
            Node::Starred(starred) if !starred.value.is_name_expr() => return None,
            Node::Starred(starred) => Expr::Starred(self.expr(&starred.value)?),
            Node::ListComp(node) => self.comprehension(ComprehensionKind::List, &node.elt, None, &node.generators)?,
            Node::SetComp(node) => self.comprehension(ComprehensionKind::Set, &node.elt, None, &node.generators)?,
            Node::DictComp(node) => self.comprehension(ComprehensionKind::Dict, node.key.as_deref()?, Some(&node.value), &node.generators)?,
            Node::Generator(generator) => return self.generator(generator, self.span(node)),
            Node::TString(_) | Node::IpyEscapeCommand(_) => return None,
        };
        Some(self.add_expr(expr, self.span(node)))
    }

    /// Reads all `nodes` in order.
    pub(super) fn each<'node, N, T>(&mut self, nodes: &'node [N], mut read: impl FnMut(&mut Self, &'node N) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::with_capacity(nodes.len());
        for node in nodes {
            all.push(read(self, node)?);
        }
        Some(all)
    }

    pub(super) fn exprs(&mut self, nodes: &[Node]) -> Option<Vec<ExprId>> {
        self.each(nodes, Self::expr)
    }

    /// The expression if there is one; the outer `None` if it is refused.
    #[expect(clippy::option_option, reason = "the outer option is the refusal")]
    pub(super) fn optional(&mut self, node: Option<&Node>) -> Option<Option<ExprId>> {
        match node {
            Some(node) => self.expr(node).map(Some),
            None => Some(None),
        }
    }

    /// The expression of an annotation.
    pub(super) fn annotation(&mut self, node: &Node) -> Option<ExprId> {
        let outer = std::mem::replace(&mut self.is_type, true);
        let annotation = self.expr(node);
        self.is_type = outer;
        annotation
    }

    fn subscript(&mut self, node: &ExprSubscript) -> Option<Expr> {
        let object = self.expr(&node.value)?;
        let index = match &*node.slice {
            Node::Tuple(tuple) if !tuple.parenthesized => self.indices(node, tuple)?,
            // Python 3.11 and later; not known to the tolerant parser.
            Node::Starred(_) => return None,
            index => self.expr(index)?,
        };
        Some(Expr::Subscript { object, index })
    }

    /// Several indices, or one with a comma.
    fn indices(&mut self, node: &ExprSubscript, tuple: &ExprTuple) -> Option<ExprId> {
        if tuple.elts.iter().any(Node::is_starred_expr) || self.is_type && tuple.elts.len() == 1 {
            return None;
        }
        let indices = self.exprs(&tuple.elts)?;
        let span = self.lowered.covering(&indices, self.span(node));
        Some(self.add_expr(Expr::Tuple(indices), span))
    }

    /// `a and b and c` is `(a and b) and c`.
    fn boolean(&mut self, node: &ExprBoolOp) -> Option<ExprId> {
        let op = match node.op {
            BoolOp::And => BooleanOp::And,
            BoolOp::Or => BooleanOp::Or,
        };
        self.nested(node.values.len(), |this| {
            let (first, rest) = node.values.split_first()?;
            let mut left = this.expr(first)?;
            for (number, value) in rest.iter().enumerate() {
                let right = this.expr(value)?;
                let end = if number + 1 == rest.len() { node.end().to_u32() } else { this.closed(value.end().to_u32()) };
                left = this.add_expr(Expr::Boolean { op, left, right }, this.span_between(node.start().to_u32(), end));
            }
            Some(left)
        })
    }

    fn lambda(&mut self, node: &ExprLambda) -> Option<Expr> {
        self.yields.push(false);
        let parameters = match &node.parameters {
            Some(parameters) => self.parameters(parameters)?,
            None => Vec::new(),
        };
        let value = self.expr(&node.body)?;
        // The statement has the parentheses of its value, which the value has not.
        let is_parenthesized = node.body.end() != node.end();
        let start = if is_parenthesized { self.opened(node.body.start().to_u32())? } else { node.body.start().to_u32() };
        let span = self.span_between(start, node.end().to_u32());
        let body = vec![self.add_stmt(Stmt::Return(Some(value)), span)];
        self.yields.pop();
        Some(Expr::Lambda { parameters, body })
    }

    /// Where the parentheses open before `at` that stand behind a colon; `None` if anything else stands there.
    fn opened(&self, at: u32) -> Option<u32> {
        let mut start = at;
        for (offset, byte) in self.text.as_bytes()[..at as usize].iter().enumerate().rev() {
            match byte {
                b'(' => start = offset as u32,
                b':' => return Some(start),
                _ if byte.is_ascii_whitespace() => {}
                _ => return None,
            }
        }
        None
    }

    fn yields(&mut self, value: Option<&Node>) -> Option<Expr> {
        if let Some(yields) = self.yields.last_mut() {
            *yields = true;
        }
        Some(Expr::Yield(self.optional(value)?))
    }

    fn dict_item(&mut self, node: &DictItem) -> Option<hir::DictItem> {
        let key = self.optional(node.key.as_ref())?;
        Some(hir::DictItem { key, value: self.expr(&node.value)? })
    }

    pub(super) fn generator(&mut self, node: &ExprGenerator, span: Span) -> Option<ExprId> {
        let comprehension = self.comprehension(ComprehensionKind::Generator, &node.elt, None, &node.generators)?;
        Some(self.add_expr(comprehension, span))
    }

    fn comprehension(&mut self, kind: ComprehensionKind, element: &Node, value: Option<&Node>, clauses: &[Comprehension]) -> Option<Expr> {
        if element.is_starred_expr() {
            return None;
        }
        let element = self.expr(element)?;
        let value = self.optional(value)?;
        let clauses = self.each(clauses, Self::clause)?;
        Some(Expr::Comprehension { kind, element, value, clauses })
    }

    fn clause(&mut self, node: &Comprehension) -> Option<Clause> {
        let target = self.target(&node.target)?;
        let iterable = self.expr(&node.iter)?;
        let conditions = self.exprs(&node.ifs)?;
        Some(Clause { target, iterable, conditions })
    }

    /// What is assigned to. Refuses a single target in parentheses, which the tolerant parser takes for a tuple.
    pub(super) fn target(&mut self, node: &Node) -> Option<ExprId> {
        let is_safe = match node {
            Node::Tuple(ExprTuple { elts, parenthesized, .. }) => {
                let inner = elts.iter().enumerate().all(|(number, element)| {
                    number == 0 && *parenthesized || self.byte_before(element.start().to_u32()) != Some(b'(')
                });
                inner && (*parenthesized || self.byte_before(node.start().to_u32()) != Some(b'('))
            }
            Node::List(list) => list.elts.iter().all(|element| self.byte_before(element.start().to_u32()) != Some(b'(')),
            _ => self.byte_before(node.start().to_u32()) != Some(b'('),
        };
        if is_safe { self.expr(node) } else { None }
    }

    /// A dotted name of an import; refused if there are spaces in it.
    pub(super) fn is_compact(&self, node: &Alias) -> bool {
        self.source(&node.name) == node.name.id.as_str()
    }
}

/// Whether the tolerant parser would group the operands otherwise.
fn binds_differently(operation: &ExprBinOp) -> bool {
    let is_and = |operand: &Node| operand.as_bin_op_expr().is_some_and(|it| it.op == Operator::BitAnd);
    match operation.op {
        Operator::Pow => operation.left.is_await_expr(),
        Operator::BitXor => is_and(&operation.left) || is_and(&operation.right),
        _ => false,
    }
}

/// Whether it is `A[B] | C | D`: the tolerant parser groups the names behind a subscript first.
fn is_long_union(operation: &ExprBinOp) -> bool {
    let Some(left) = operation.left.as_bin_op_expr().filter(|_| operation.op == Operator::BitOr) else { return false };
    [&left.left, &left.right, &operation.right].iter().any(|operand| operand.is_subscript_expr())
}

const fn unary(op: NodeUnaryOp) -> UnaryOp {
    match op {
        NodeUnaryOp::Invert => UnaryOp::Invert,
        NodeUnaryOp::Not => UnaryOp::Not,
        NodeUnaryOp::UAdd => UnaryOp::Positive,
        NodeUnaryOp::USub => UnaryOp::Negative,
    }
}

pub(super) const fn binary(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Subtract,
        Operator::Mult => BinaryOp::Multiply,
        Operator::MatMult => BinaryOp::MatrixMultiply,
        Operator::Div => BinaryOp::Divide,
        Operator::Mod => BinaryOp::Modulo,
        Operator::Pow => BinaryOp::Power,
        Operator::LShift => BinaryOp::ShiftLeft,
        Operator::RShift => BinaryOp::ShiftRight,
        Operator::BitOr => BinaryOp::Or,
        Operator::BitXor => BinaryOp::Xor,
        Operator::BitAnd => BinaryOp::And,
        Operator::FloorDiv => BinaryOp::FloorDivide,
    }
}

const fn compare(op: CmpOp) -> CompareOp {
    match op {
        CmpOp::Eq => CompareOp::Equal,
        CmpOp::NotEq => CompareOp::NotEqual,
        CmpOp::Lt => CompareOp::Less,
        CmpOp::LtE => CompareOp::LessEqual,
        CmpOp::Gt => CompareOp::Greater,
        CmpOp::GtE => CompareOp::GreaterEqual,
        CmpOp::Is => CompareOp::Is,
        CmpOp::IsNot => CompareOp::IsNot,
        CmpOp::In => CompareOp::In,
        CmpOp::NotIn => CompareOp::NotIn,
    }
}
