//! Statements.

use super::cursor::{Child, Lowering};
use super::grammar::{Field, Kind};
use super::operators;
use crate::syntax::hir::{Block, Expr, ExprId, Handler, Span, Stmt, StmtId, WithItem};

impl Lowering<'_> {
    /// The statements of the block or module under the cursor.
    pub(super) fn block(&mut self) -> Block {
        let mut block = Vec::new();
        self.each_child(|this, child| {
            if child.is_named {
                block.push(this.stmt());
            }
        });
        block
    }

    fn stmt(&mut self) -> StmtId {
        let span = self.span();
        let stmt = match self.kind() {
            Kind::DecoratedDefinition => return self.decorated(),
            Kind::FunctionDefinition => return self.function(Vec::new(), span),
            Kind::ClassDefinition => return self.class(Vec::new(), span),
            Kind::ExpressionStatement => self.expression_statement(),
            Kind::ReturnStatement => Stmt::Return(self.expr_children().first().copied()),
            Kind::ImportStatement => self.import(),
            Kind::ImportFromStatement | Kind::FutureImportStatement => self.import_from(),
            Kind::IfStatement => return self.if_statement(),
            Kind::ForStatement => self.for_statement(),
            Kind::WhileStatement => self.while_statement(),
            Kind::WithStatement => self.with_statement(),
            Kind::TryStatement => self.try_statement(),
            Kind::MatchStatement => self.match_statement(),
            Kind::PassStatement => Stmt::Pass,
            Kind::BreakStatement => Stmt::Break,
            Kind::ContinueStatement => Stmt::Continue,
            Kind::RaiseStatement => Stmt::Raise(self.flat_children()),
            Kind::DeleteStatement => Stmt::Delete(self.flat_children()),
            Kind::AssertStatement => self.assert_statement(),
            Kind::GlobalStatement => Stmt::Global(self.name_children()),
            Kind::NonlocalStatement => Stmt::Nonlocal(self.name_children()),
            Kind::PrintStatement | Kind::ExecStatement => Stmt::Python2(self.expr_children()),
            Kind::TypeAliasStatement => self.type_alias(),
            _ => Stmt::Missing,
        };
        self.add_stmt(stmt, span)
    }

    /// The expressions of the children; those of a list without parentheses one by one.
    fn flat_children(&mut self) -> Vec<ExprId> {
        let mut exprs = Vec::new();
        self.each_child(|this, child| match child.kind {
            Kind::ExpressionList => exprs.extend(this.expr_children()),
            _ if child.is_named => exprs.push(this.expr()),
            _ => {}
        });
        exprs
    }

    fn name_children(&mut self) -> Vec<crate::syntax::Name> {
        let mut names = Vec::new();
        self.each_child(|this, child| {
            if child.kind == Kind::Identifier {
                names.push(this.name());
            }
        });
        names
    }

    fn expression_statement(&mut self) -> Stmt {
        let (mut stmt, mut exprs, mut has_comma) = (None, Vec::new(), false);
        self.each_child(|this, child| match child.kind {
            Kind::Assignment => stmt = Some(this.assignment()),
            Kind::AugmentedAssignment => stmt = Some(this.augmented_assignment()),
            Kind::Comma => has_comma = true,
            _ if child.is_named => exprs.push(this.expr()),
            _ => {}
        });
        if let Some(stmt) = stmt {
            return stmt;
        }
        match exprs[..] {
            [only] if !has_comma => Stmt::Expr(only),
            _ => Stmt::Expr(self.add_expr(Expr::Tuple(exprs), self.span())),
        }
    }

    fn assignment(&mut self) -> Stmt {
        let mut targets = Vec::new();
        let (annotation, value) = self.assign_to(&mut targets);
        match (annotation, value, &targets[..]) {
            (Some(annotation), value, &[target]) => Stmt::AnnotatedAssign { target, annotation, value },
            (_, Some(value), _) => Stmt::Assign { targets, value },
            (_, None, _) => Stmt::Missing,
        }
    }

    /// Adds the targets of the assignment and of those on its right; gives the annotation and the value.
    fn assign_to(&mut self, targets: &mut Vec<ExprId>) -> (Option<ExprId>, Option<ExprId>) {
        let (mut annotation, mut value) = (None, None);
        self.each_child(|this, child| match (child.field, child.kind) {
            (Field::Left, _) => targets.push(this.expr()),
            (Field::Type, _) => annotation = Some(this.expr()),
            (Field::Right, Kind::Assignment) => value = this.assign_to(targets).1,
            (Field::Right, _) => value = Some(this.expr()),
            _ => {}
        });
        (annotation, value)
    }

    fn augmented_assignment(&mut self) -> Stmt {
        let (mut target, mut op, mut value) = (None, None, None);
        self.each_child(|this, child| match child.field {
            Field::Left => target = Some(this.expr()),
            Field::Operator => op = operators::binary(child.kind),
            Field::Right => value = Some(this.expr()),
            _ => {}
        });
        let (target, value) = (self.or_missing(target), self.or_missing(value));
        op.map_or(Stmt::Missing, |op| Stmt::AugmentedAssign { target, op, value })
    }

    fn assert_statement(&mut self) -> Stmt {
        let exprs = self.expr_children();
        Stmt::Assert { test: self.or_missing(exprs.first().copied()), message: exprs.get(1).copied() }
    }

    /// `type Name = value`: an assignment for all that matters. The grammar takes `type(a).b = value` for one.
    fn type_alias(&mut self) -> Stmt {
        if !self.source()["type".len()..].starts_with(char::is_whitespace) {
            return Stmt::Missing;
        }
        let (mut target, mut value) = (None, None);
        self.each_child(|this, child| match child.field {
            Field::Left => target = Some(this.expr()),
            Field::Right => value = Some(this.expr()),
            _ => {}
        });
        Stmt::Assign { targets: vec![self.or_missing(target)], value: self.or_missing(value) }
    }

    fn if_statement(&mut self) -> StmtId {
        // Branches in order; their statements are made from the last on, because each holds the next.
        let mut branches: Vec<(Span, ExprId, Block)> = Vec::new();
        let mut otherwise = Vec::new();
        let first = self.branch(|this, child| match child.kind {
            Kind::ElifClause => {
                let (test, then) = this.branch(|_, _| {});
                branches.push((this.span(), test, then));
            }
            Kind::ElseClause => otherwise = this.body(),
            _ => {}
        });
        for (span, test, then) in branches.into_iter().rev() {
            otherwise = vec![self.add_stmt(Stmt::If { test, then, otherwise }, span)];
        }
        let (test, then) = first;
        self.add_stmt(Stmt::If { test, then, otherwise }, self.span())
    }

    /// Condition and consequence of the node under the cursor; `other` sees the other children.
    fn branch(&mut self, mut other: impl FnMut(&mut Self, Child)) -> (ExprId, Block) {
        let (mut test, mut then) = (None, Vec::new());
        self.each_child(|this, child| match child.field {
            Field::Condition => test = Some(this.expr()),
            Field::Consequence => then = this.block(),
            _ => other(this, child),
        });
        (self.or_missing(test), then)
    }

    /// The block of an `else`, `finally` or `except`.
    fn body(&mut self) -> Block {
        let mut body = Vec::new();
        self.each_child(|this, child| {
            if child.kind == Kind::Block {
                body = this.block();
            }
        });
        body
    }

    fn for_statement(&mut self) -> Stmt {
        let (mut target, mut iterable) = (None, None);
        let (mut body, mut otherwise) = (Vec::new(), Vec::new());
        self.each_child(|this, child| match child.field {
            Field::Left => target = Some(this.expr()),
            Field::Right => iterable = Some(this.expr()),
            Field::Body => body = this.block(),
            Field::Alternative => otherwise = this.body(),
            _ => {}
        });
        Stmt::For { target: self.or_missing(target), iterable: self.or_missing(iterable), body, otherwise }
    }

    fn while_statement(&mut self) -> Stmt {
        let (mut test, mut body, mut otherwise) = (None, Vec::new(), Vec::new());
        self.each_child(|this, child| match child.field {
            Field::Condition => test = Some(this.expr()),
            Field::Body => body = this.block(),
            Field::Alternative => otherwise = this.body(),
            _ => {}
        });
        Stmt::While { test: self.or_missing(test), body, otherwise }
    }

    fn with_statement(&mut self) -> Stmt {
        let (mut items, mut body) = (Vec::new(), Vec::new());
        self.each_child(|this, child| match (child.field, child.kind) {
            (_, Kind::WithClause) => this.each_child(|this, child| {
                if child.kind == Kind::WithItem {
                    this.each_child(|this, child| {
                        if child.is_named {
                            this.add_with_items(&mut items);
                        }
                    });
                }
            }),
            (Field::Body, _) => body = this.block(),
            _ => {}
        });
        Stmt::With { items, body }
    }

    /// `context`, `context as target`, and several of them in parentheses.
    fn add_with_items(&mut self, items: &mut Vec<WithItem>) {
        match self.kind() {
            Kind::AsPattern => {
                let (context, target) = self.as_pattern();
                items.push(WithItem { context, target });
            }
            Kind::Tuple | Kind::ParenthesizedExpression => self.each_child(|this, child| {
                if child.is_named {
                    this.add_with_items(items);
                }
            }),
            _ => {
                let context = self.expr();
                items.push(WithItem { context, target: None });
            }
        }
    }

    /// `value as target`
    fn as_pattern(&mut self) -> (ExprId, Option<ExprId>) {
        let (mut value, mut target) = (None, None);
        self.each_child(|this, child| match child.field {
            Field::Alias => target = Some(this.expr()),
            _ if child.is_named => value = Some(this.expr()),
            _ => {}
        });
        (self.or_missing(value), target)
    }

    fn try_statement(&mut self) -> Stmt {
        let (mut body, mut handlers) = (Vec::new(), Vec::new());
        let (mut otherwise, mut finally) = (Vec::new(), Vec::new());
        self.each_child(|this, child| match child.kind {
            Kind::Block => body = this.block(),
            Kind::ExceptClause => handlers.push(this.handler()),
            Kind::ElseClause => otherwise = this.body(),
            Kind::FinallyClause => finally = this.body(),
            _ => {}
        });
        Stmt::Try { body, handlers, otherwise, finally }
    }

    fn handler(&mut self) -> Handler {
        let (mut kinds, mut target, mut body) = (Vec::new(), None, Vec::new());
        self.each_child(|this, child| match (child.field, child.kind) {
            (Field::Value, Kind::AsPattern) => {
                let (kind, alias) = this.as_pattern();
                kinds.push(kind);
                target = alias;
            }
            (Field::Value, _) if child.is_named => kinds.push(this.expr()),
            (Field::Alias, _) => target = Some(this.expr()),
            (_, Kind::Block) => body = this.block(),
            _ => {}
        });
        let kind = match kinds[..] {
            [] => None,
            [kind] => Some(kind),
            // `except Error, error` of Python 2; `except One, Other` since Python 3.14.
            [kind, second] if target.is_none() && self.is_variable(second) => {
                target = Some(second);
                Some(kind)
            }
            _ => {
                let span = self.covering(&kinds);
                Some(self.add_expr(Expr::Tuple(kinds), span))
            }
        };
        Handler { kind, target, body }
    }

    /// Whether `expr` is named like a variable rather than a class.
    fn is_variable(&self, expr: ExprId) -> bool {
        match self.lowered.hir.expr(expr) {
            Expr::Name(name) => !name.as_str().starts_with(char::is_uppercase),
            Expr::Tuple(_) => true,
            _ => false,
        }
    }
}
