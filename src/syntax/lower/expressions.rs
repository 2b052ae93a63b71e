//! Expressions.

use super::cursor::{Child, Lowering};
use super::grammar::{Field, Kind};
use super::{literals, operators};
use crate::syntax::hir::{
    Argument, ArgumentKind, BooleanOp, Clause, ComprehensionKind, DictItem, Expr, ExprId, Literal, Stmt, UnaryOp,
};

impl Lowering<'_> {
    /// The expression or assignment target under the cursor.
    pub(super) fn expr(&mut self) -> ExprId {
        let expr = match self.kind() {
            Kind::Identifier => Expr::Name(self.name()),
            Kind::DottedName => return self.dotted_name(),
            Kind::Attribute => self.attribute(),
            Kind::Call => return self.call(),
            Kind::Subscript => self.subscript(),
            Kind::Slice => self.slice(),
            Kind::Integer => Expr::Literal(literals::integer(self.source())),
            Kind::Float => Expr::Literal(literals::float(self.source())),
            Kind::True => Expr::Literal(Literal::Bool(true)),
            Kind::False => Expr::Literal(Literal::Bool(false)),
            Kind::None => Expr::Literal(Literal::None),
            Kind::Ellipsis => Expr::Literal(Literal::Ellipsis),
            Kind::String => return self.string(),
            Kind::ConcatenatedString => return self.concatenated_string(),
            Kind::BinaryOperator => self.binary(),
            Kind::UnaryOperator => self.unary(),
            Kind::NotOperator => Expr::Unary { op: UnaryOp::Not, operand: self.only_child() },
            Kind::BooleanOperator => self.boolean(),
            Kind::ComparisonOperator => self.comparison(),
            Kind::ConditionalExpression => self.conditional(),
            Kind::Lambda => self.lambda(),
            Kind::NamedExpression => self.named(),
            Kind::Await => Expr::Await(self.only_child()),
            Kind::Yield => self.yields(),
            Kind::Tuple | Kind::ExpressionList | Kind::PatternList | Kind::TuplePattern => Expr::Tuple(self.expr_children()),
            Kind::List | Kind::ListPattern => Expr::List(self.expr_children()),
            Kind::Set => Expr::Set(self.expr_children()),
            Kind::Dictionary => self.dictionary(),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType | Kind::DictionarySplat => Expr::Starred(self.only_child()),
            Kind::ListComprehension => self.comprehension(ComprehensionKind::List),
            Kind::SetComprehension => self.comprehension(ComprehensionKind::Set),
            Kind::DictionaryComprehension => self.comprehension(ComprehensionKind::Dict),
            Kind::GeneratorExpression => self.comprehension(ComprehensionKind::Generator),
            // Nothing of their own: parentheses, a type around an expression, a target after `as`.
            Kind::ParenthesizedExpression | Kind::Type | Kind::AsPatternTarget | Kind::ConstrainedType | Kind::Chevron => {
                return self.only_child();
            }
            // `value as name` where no binding is expected.
            Kind::AsPattern => return self.only_child(),
            Kind::GenericType => self.generic_type(),
            Kind::UnionType => self.union_type(),
            Kind::MemberType => self.member_type(),
            _ => Expr::Missing,
        };
        self.add_expr(expr, self.span())
    }

    /// The first expression among the children.
    pub(super) fn only_child(&mut self) -> ExprId {
        let mut only = None;
        self.each_child(|this, child| {
            if child.is_named && only.is_none() {
                only = Some(this.expr());
            }
        });
        self.or_missing(only)
    }

    /// All children that are expressions.
    pub(super) fn expr_children(&mut self) -> Vec<ExprId> {
        let mut exprs = Vec::new();
        self.each_child(|this, child| {
            if child.is_named {
                exprs.push(this.expr());
            }
        });
        exprs
    }

    /// `a.b.c` of a decorator or pattern.
    pub(super) fn dotted_name(&mut self) -> ExprId {
        let mut path: Option<ExprId> = None;
        let start = self.range().start;
        self.each_child(|this, child| {
            if child.kind == Kind::Identifier {
                let name = this.name();
                let mut span = this.span();
                span.range.start = start;
                let expr = path.map_or(Expr::Name(name), |object| Expr::Attribute { object, name });
                path = Some(this.add_expr(expr, span));
            }
        });
        self.or_missing(path)
    }

    fn attribute(&mut self) -> Expr {
        let (mut object, mut name) = (None, None);
        self.each_child(|this, child| match child.field {
            Field::Object => object = Some(this.expr()),
            Field::Attribute => name = Some(this.name()),
            _ => {}
        });
        let object = self.or_missing(object);
        name.map_or(Expr::Missing, |name| Expr::Attribute { object, name })
    }

    fn call(&mut self) -> ExprId {
        let before = self.lowered.hir.exprs.len();
        let (mut callee, mut arguments) = (None, Vec::new());
        self.each_child(|this, child| match child.field {
            Field::Function => callee = Some(this.expr()),
            Field::Arguments if child.kind == Kind::ArgumentList => arguments = this.arguments(),
            Field::Arguments => arguments.push(Argument { kind: ArgumentKind::Positional, value: this.expr() }),
            _ => {}
        });
        let callee = self.or_missing(callee);
        let call = self.add_expr(Expr::Call { callee, arguments }, self.span());
        self.find_candidates(call, before);
        call
    }

    /// The arguments of a call or class.
    pub(super) fn arguments(&mut self) -> Vec<Argument> {
        let mut arguments = Vec::new();
        self.each_child(|this, child| {
            if child.is_named {
                arguments.push(this.argument(child));
            }
        });
        arguments
    }

    fn argument(&mut self, child: Child) -> Argument {
        match child.kind {
            Kind::KeywordArgument => {
                let (mut name, mut value) = (None, None);
                self.each_child(|this, child| match child.field {
                    Field::Name => name = Some(this.name()),
                    Field::Value => value = Some(this.expr()),
                    _ => {}
                });
                let kind = name.map_or(ArgumentKind::Positional, ArgumentKind::Keyword);
                Argument { kind, value: self.or_missing(value) }
            }
            Kind::ListSplat => Argument { kind: ArgumentKind::Star, value: self.only_child() },
            Kind::DictionarySplat => Argument { kind: ArgumentKind::DoubleStar, value: self.only_child() },
            _ => Argument { kind: ArgumentKind::Positional, value: self.expr() },
        }
    }

    fn subscript(&mut self) -> Expr {
        let (mut object, mut indices, mut has_comma) = (None, Vec::new(), false);
        self.each_child(|this, child| match (child.field, child.kind) {
            (Field::Value, _) => object = Some(this.expr()),
            (_, Kind::Comma) => has_comma = true,
            (Field::Subscript, _) => indices.push(this.expr()),
            _ => {}
        });
        let object = self.or_missing(object);
        let index = match &indices[..] {
            [index] if !has_comma => *index,
            _ => {
                let span = self.covering(&indices);
                self.add_expr(Expr::Tuple(indices), span)
            }
        };
        Expr::Subscript { object, index }
    }

    fn slice(&mut self) -> Expr {
        let (mut bounds, mut colons) = ([None; 3], 0);
        self.each_child(|this, child| {
            if child.kind == Kind::SliceColon {
                colons += 1;
            } else if let Some(bound) = bounds.get_mut(colons)
                && child.is_named
            {
                *bound = Some(this.expr());
            }
        });
        let [lower, upper, step] = bounds;
        Expr::Slice { lower, upper, step }
    }

    fn binary(&mut self) -> Expr {
        let (mut left, mut op, mut right) = (None, None, None);
        self.each_child(|this, child| match child.field {
            Field::Left => left = Some(this.expr()),
            Field::Operator => op = operators::binary(child.kind),
            Field::Right => right = Some(this.expr()),
            _ => {}
        });
        let (left, right) = (self.or_missing(left), self.or_missing(right));
        op.map_or(Expr::Missing, |op| Expr::Binary { op, left, right })
    }

    fn unary(&mut self) -> Expr {
        let (mut op, mut operand) = (None, None);
        self.each_child(|this, child| match child.field {
            Field::Operator => op = operators::unary(child.kind),
            Field::Argument => operand = Some(this.expr()),
            _ => {}
        });
        let operand = self.or_missing(operand);
        op.map_or(Expr::Missing, |op| Expr::Unary { op, operand })
    }

    fn boolean(&mut self) -> Expr {
        let (mut left, mut op, mut right) = (None, BooleanOp::And, None);
        self.each_child(|this, child| match (child.field, child.kind) {
            (Field::Left, _) => left = Some(this.expr()),
            (Field::Operator, Kind::Or) => op = BooleanOp::Or,
            (Field::Right, _) => right = Some(this.expr()),
            _ => {}
        });
        Expr::Boolean { op, left: self.or_missing(left), right: self.or_missing(right) }
    }

    fn comparison(&mut self) -> Expr {
        let (mut left, mut op, mut rest) = (None, None, Vec::new());
        self.each_child(|this, child| {
            if child.field == Field::Operators {
                op = operators::compare(child.kind);
            } else if child.is_named {
                let operand = this.expr();
                match op.take() {
                    Some(op) => rest.push((op, operand)),
                    None => left = Some(operand),
                }
            }
        });
        Expr::Compare { left: self.or_missing(left), rest }
    }

    fn conditional(&mut self) -> Expr {
        match self.expr_children()[..] {
            [then, test, otherwise] => Expr::Conditional { test, then, otherwise },
            _ => Expr::Missing,
        }
    }

    fn lambda(&mut self) -> Expr {
        let (mut parameters, mut body) = (Vec::new(), Vec::new());
        self.yields.push(false);
        self.each_child(|this, child| match child.field {
            Field::Parameters => parameters = this.parameters(),
            Field::Body => {
                let value = this.expr();
                body.push(this.add_stmt(Stmt::Return(Some(value)), this.span()));
            }
            _ => {}
        });
        self.yields.pop();
        Expr::Lambda { parameters, body }
    }

    fn named(&mut self) -> Expr {
        let (mut target, mut value) = (None, None);
        self.each_child(|this, child| match child.field {
            Field::Name => target = Some(this.expr()),
            Field::Value => value = Some(this.expr()),
            _ => {}
        });
        Expr::Named { target: self.or_missing(target), value: self.or_missing(value) }
    }

    fn yields(&mut self) -> Expr {
        if let Some(yields) = self.yields.last_mut() {
            *yields = true;
        }
        let mut value = None;
        self.each_child(|this, child| {
            if child.is_named && value.is_none() {
                value = Some(this.expr());
            }
        });
        Expr::Yield(value)
    }

    fn dictionary(&mut self) -> Expr {
        let mut items = Vec::new();
        self.each_child(|this, child| match child.kind {
            Kind::Pair => items.push(this.pair()),
            Kind::DictionarySplat => items.push(DictItem { key: None, value: this.only_child() }),
            _ => {}
        });
        Expr::Dict(items)
    }

    fn pair(&mut self) -> DictItem {
        let (mut key, mut value) = (None, None);
        self.each_child(|this, child| match child.field {
            Field::Key => key = Some(this.expr()),
            Field::Value => value = Some(this.expr()),
            _ => {}
        });
        DictItem { key: Some(self.or_missing(key)), value: self.or_missing(value) }
    }

    fn comprehension(&mut self, kind: ComprehensionKind) -> Expr {
        let (mut element, mut value, mut clauses) = (None, None, Vec::<Clause>::new());
        self.each_child(|this, child| match (child.field, child.kind) {
            (Field::Body, Kind::Pair) => {
                let pair = this.pair();
                (element, value) = (pair.key, Some(pair.value));
            }
            (Field::Body, _) => element = Some(this.expr()),
            (_, Kind::ForInClause) => clauses.push(this.clause()),
            (_, Kind::IfClause) => {
                let condition = this.only_child();
                if let Some(clause) = clauses.last_mut() {
                    clause.conditions.push(condition);
                }
            }
            _ => {}
        });
        Expr::Comprehension { kind, element: self.or_missing(element), value, clauses }
    }

    fn clause(&mut self) -> Clause {
        let (mut target, mut iterables) = (None, Vec::new());
        self.each_child(|this, child| match child.field {
            Field::Left => target = Some(this.expr()),
            Field::Right if child.is_named => iterables.push(this.expr()),
            _ => {}
        });
        let iterable = match iterables[..] {
            [iterable] => iterable,
            _ => {
                let span = self.covering(&iterables);
                self.add_expr(Expr::Tuple(iterables), span)
            }
        };
        Clause { target: self.or_missing(target), iterable, conditions: Vec::new() }
    }

    /// `List[int]` where it can only be a type.
    fn generic_type(&mut self) -> Expr {
        let (mut object, mut indices) = (None, Vec::new());
        self.each_child(|this, child| match child.kind {
            Kind::TypeParameter => indices = this.expr_children(),
            _ if child.is_named => object = Some(this.expr()),
            _ => {}
        });
        let object = self.or_missing(object);
        let index = match indices[..] {
            [index] => index,
            _ => {
                let span = self.covering(&indices);
                self.add_expr(Expr::Tuple(indices), span)
            }
        };
        Expr::Subscript { object, index }
    }

    fn union_type(&mut self) -> Expr {
        match self.expr_children()[..] {
            [left, right] => Expr::Binary { op: crate::syntax::hir::BinaryOp::Or, left, right },
            _ => Expr::Missing,
        }
    }

    fn member_type(&mut self) -> Expr {
        let (mut object, mut name) = (None, None);
        self.each_child(|this, child| match child.kind {
            Kind::Identifier => name = Some(this.name()),
            _ if child.is_named => object = Some(this.expr()),
            _ => {}
        });
        match (object, name) {
            (Some(object), Some(name)) => Expr::Attribute { object, name },
            _ => Expr::Missing,
        }
    }

    /// From the first to the last of `exprs`; the node under the cursor if there are none.
    pub(super) fn covering(&self, exprs: &[ExprId]) -> crate::syntax::hir::Span {
        self.lowered.covering(exprs, self.span())
    }
}
