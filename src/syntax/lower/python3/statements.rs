//! Statements.

use ruff_python_ast::{Alias, ExceptHandler, Expr as Node, Stmt as StmtNode, StmtIf, StmtImportFrom, StmtTry, StmtWith, WithItem};

use super::Reader;
use super::expressions::binary;
use crate::syntax::Name;
use crate::syntax::hir::{self, Block, Expr, ExprId, Handler, ImportedName, Stmt, StmtId};
use crate::syntax::segments::is_identifier;

/// Statements of Python 2 that may look like valid Python 3.
const PYTHON2: [&str; 2] = ["print", "exec"];

impl Reader<'_> {
    pub(super) fn block(&mut self, nodes: &[StmtNode]) -> Option<Block> {
        self.each(nodes, |this, node| this.nested(1, |this| this.stmt(node)))
    }

    fn stmt(&mut self, node: &StmtNode) -> Option<StmtId> {
        if self.may_be_python2(node) {
            return None;
        }
        let stmt = match node {
            StmtNode::FunctionDef(function) => return self.function(function),
            StmtNode::ClassDef(class) => return self.class(class),
            StmtNode::If(node) => return self.if_statement(node),
            StmtNode::Expr(statement) => Stmt::Expr(self.expr(&statement.value)?),
            StmtNode::Assign(assignment) => {
                // Each target is an assignment within the one before for the tolerant parser.
                let (targets, value) = self.nested(assignment.targets.len() - 1, |this| {
                    Some((this.each(&assignment.targets, Self::target)?, this.expr(&assignment.value)?))
                })?;
                Stmt::Assign { targets, value }
            }
            StmtNode::AnnAssign(assignment) => {
                let target = self.target(&assignment.target)?;
                let annotation = self.annotation(&assignment.annotation)?;
                Stmt::AnnotatedAssign { target, annotation, value: self.optional(assignment.value.as_deref())? }
            }
            StmtNode::AugAssign(assignment) => {
                let target = self.target(&assignment.target)?;
                Stmt::AugmentedAssign { target, op: binary(assignment.op), value: self.expr(&assignment.value)? }
            }
            StmtNode::Return(node) => Stmt::Return(self.optional(node.value.as_deref())?),
            StmtNode::Raise(node) => {
                let exprs = [self.optional(node.exc.as_deref())?, self.optional(node.cause.as_deref())?];
                Stmt::Raise(exprs.into_iter().flatten().collect())
            }
            StmtNode::Assert(node) => Stmt::Assert { test: self.expr(&node.test)?, message: self.optional(node.msg.as_deref())? },
            StmtNode::Delete(node) => Stmt::Delete(self.each(&node.targets, Self::target)?),
            StmtNode::Pass(_) => Stmt::Pass,
            StmtNode::Break(_) => Stmt::Break,
            StmtNode::Continue(_) => Stmt::Continue,
            StmtNode::Global(node) => Stmt::Global(node.names.iter().map(|name| self.name(name)).collect()),
            StmtNode::Nonlocal(node) => Stmt::Nonlocal(node.names.iter().map(|name| self.name(name)).collect()),
            StmtNode::While(node) => Stmt::While { test: self.expr(&node.test)?, body: self.block(&node.body)?, otherwise: self.block(&node.orelse)? },
            StmtNode::For(node) => {
                let target = self.target(&node.target)?;
                let iterable = self.expr(&node.iter)?;
                let body = self.block(&node.body)?;
                Stmt::For { target, iterable, body, otherwise: self.block(&node.orelse)? }
            }
            StmtNode::With(node) => self.with_statement(node)?,
            StmtNode::Try(node) => self.try_statement(node)?,
            // A subject without parentheses has a comma, whose place the tolerant parser tells otherwise.
            StmtNode::Match(node) if matches!(&*node.subject, Node::Tuple(tuple) if !tuple.parenthesized) => return None,
            StmtNode::Match(node) => self.match_statement(node)?,
            StmtNode::Import(node) => Stmt::Import(self.each(&node.names, Self::imported_name)?),
            StmtNode::ImportFrom(node) => self.import_from(node)?,
            StmtNode::TypeAlias(node) if node.type_params.is_some() => return None,
            StmtNode::TypeAlias(node) => Stmt::Assign { targets: vec![self.expr(&node.name)?], value: self.annotation(&node.value)? },
            StmtNode::IpyEscapeCommand(_) => return None,
        };
        Some(self.add_stmt(stmt, self.span(node)))
    }

    /// Whether the statement begins like one of Python 2 and is no mere call.
    fn may_be_python2(&self, node: &StmtNode) -> bool {
        let source = self.source(node);
        let is_word = |word: &&str| source.starts_with(*word) && !source.as_bytes().get(word.len()).is_some_and(|&byte| is_identifier(byte));
        if !PYTHON2.iter().any(is_word) {
            return false;
        }
        let StmtNode::Expr(statement) = node else { return true };
        let is_starred = |argument: &Node| argument.as_starred_expr().is_some_and(|starred| !starred.value.is_name_expr());
        !matches!(&*statement.value, Node::Call(call) if call.func.is_name_expr() && !call.arguments.args.iter().any(is_starred))
    }

    fn if_statement(&mut self, node: &StmtIf) -> Option<StmtId> {
        let test = self.expr(&node.test)?;
        let then = self.block(&node.body)?;
        // Branches in order; their statements are made from the last on, because each holds the next.
        let (mut branches, mut otherwise) = (Vec::new(), Vec::new());
        for clause in &node.elif_else_clauses {
            match &clause.test {
                Some(test) => branches.push((self.span(clause), self.expr(test)?, self.block(&clause.body)?)),
                None => otherwise = self.block(&clause.body)?,
            }
        }
        for (span, test, then) in branches.into_iter().rev() {
            otherwise = vec![self.add_stmt(Stmt::If { test, then, otherwise }, span)];
        }
        Some(self.add_stmt(Stmt::If { test, then, otherwise }, self.span(node)))
    }

    fn with_statement(&mut self, node: &StmtWith) -> Option<Stmt> {
        let items = self.each(&node.items, Self::with_item)?;
        Some(Stmt::With { items, body: self.block(&node.body)? })
    }

    fn with_item(&mut self, node: &WithItem) -> Option<hir::WithItem> {
        let is_same = match &node.context_expr {
            // The tolerant parser cannot tell a tuple from items in parentheses,
            Node::Tuple(_) => node.optional_vars.is_some(),
            // and gives the target to the last operand.
            Node::If(_) | Node::Lambda(_) => false,
            _ => true,
        };
        if !is_same {
            return None;
        }
        let context = self.expr(&node.context_expr)?;
        let target = match &node.optional_vars {
            Some(target) => Some(self.target(target)?),
            None => None,
        };
        Some(hir::WithItem { context, target })
    }

    fn try_statement(&mut self, node: &StmtTry) -> Option<Stmt> {
        if node.is_star {
            return None;
        }
        let body = self.block(&node.body)?;
        let handlers = self.each(&node.handlers, Self::handler)?;
        let otherwise = self.block(&node.orelse)?;
        Some(Stmt::Try { body, handlers, otherwise, finally: self.block(&node.finalbody)? })
    }

    fn handler(&mut self, node: &ExceptHandler) -> Option<Handler> {
        let ExceptHandler::ExceptHandler(node) = node;
        // `except Error, error` of Python 2 reads as two classes since Python 3.14.
        if matches!(node.type_.as_deref(), Some(Node::Tuple(tuple)) if !tuple.parenthesized) {
            return None;
        }
        let kind = self.optional(node.type_.as_deref())?;
        let target: Option<ExprId> = node.name.as_ref().map(|name| {
            let span = self.span(name);
            self.add_expr(Expr::Name(self.name(name)), span)
        });
        Some(Handler { kind, target, body: self.block(&node.body)? })
    }

    fn imported_name(&mut self, node: &Alias) -> Option<ImportedName> {
        let alias = node.asname.as_ref().map(|alias| self.name(alias));
        self.is_compact(node).then(|| ImportedName { name: self.name(&node.name), alias })
    }

    fn import_from(&mut self, node: &StmtImportFrom) -> Option<Stmt> {
        let module = match &node.module {
            Some(module) if self.source(module) != module.id.as_str() => return None,
            Some(module) => self.name(module),
            None => Name::new(""),
        };
        let star = matches!(&node.names[..], [only] if only.name.id.as_str() == "*");
        let names = if star { Vec::new() } else { self.each(&node.names, Self::imported_name)? };
        Some(Stmt::FromImport { module, level: node.level, names, star })
    }
}
