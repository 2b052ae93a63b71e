//! Visiting every expression below a block.

use super::{Argument, Expr, ExprId, Hir, Parameter, Stmt, StmtId, TextPart};

/// Calls `visit` for every expression in `block`, bodies of nested functions and classes included.
pub fn visit_block(hir: &Hir, block: &[StmtId], visit: &mut impl FnMut(&Expr)) {
    for &stmt in block {
        visit_stmt(hir, hir.stmt(stmt), visit);
    }
}

fn visit_stmt(hir: &Hir, stmt: &Stmt, visit: &mut impl FnMut(&Expr)) {
    let mut all = |exprs: &[ExprId]| exprs.iter().for_each(|&expr| visit_expr(hir, expr, visit));
    match stmt {
        Stmt::Missing | Stmt::Pass | Stmt::Break | Stmt::Continue | Stmt::Global(_) | Stmt::Nonlocal(_) | Stmt::Import(_) | Stmt::FromImport { .. } => {}
        Stmt::Expr(expr) => all(&[*expr]),
        Stmt::Assign { targets, value } => {
            all(&[*value]);
            all(targets);
        }
        Stmt::AnnotatedAssign { target, value, .. } => {
            all(value.as_slice());
            all(&[*target]);
        }
        Stmt::AugmentedAssign { target, value, .. } => all(&[*target, *value]),
        Stmt::Return(value) => all(value.as_slice()),
        Stmt::Raise(values) | Stmt::Delete(values) | Stmt::Python2(values) => all(values),
        Stmt::Assert { test, message } => {
            all(&[*test]);
            all(message.as_slice());
        }
        Stmt::If { test, then, otherwise } => {
            all(&[*test]);
            visit_block(hir, then, visit);
            visit_block(hir, otherwise, visit);
        }
        Stmt::While { test, body, otherwise } => {
            all(&[*test]);
            visit_block(hir, body, visit);
            visit_block(hir, otherwise, visit);
        }
        Stmt::For { target, iterable, body, otherwise } => {
            all(&[*iterable, *target]);
            visit_block(hir, body, visit);
            visit_block(hir, otherwise, visit);
        }
        Stmt::With { items, body } => {
            for item in items {
                all(&[item.context]);
                all(item.target.as_slice());
            }
            visit_block(hir, body, visit);
        }
        Stmt::Try { body, handlers, otherwise, finally } => {
            visit_block(hir, body, visit);
            for handler in handlers {
                visit_block(hir, &handler.body, visit);
            }
            visit_block(hir, otherwise, visit);
            visit_block(hir, finally, visit);
        }
        Stmt::Match { subject, cases } => {
            all(&[*subject]);
            for case in cases {
                if let Some(guard) = case.guard {
                    visit_expr(hir, guard, visit);
                }
                visit_block(hir, &case.body, visit);
            }
        }
        Stmt::Function(definition) => {
            all(&definition.decorators);
            visit_defaults(hir, &definition.parameters, visit);
            visit_block(hir, &definition.body, visit);
        }
        Stmt::Class(definition) => {
            all(&definition.decorators);
            visit_arguments(hir, &definition.bases, visit);
            visit_block(hir, &definition.body, visit);
        }
    }
}

/// Calls `visit` for an expression and every one inside it.
pub fn visit_expr(hir: &Hir, id: ExprId, visit: &mut impl FnMut(&Expr)) {
    let expr = hir.expr(id);
    visit(expr);
    let mut all = |exprs: &[ExprId]| exprs.iter().for_each(|&expr| visit_expr(hir, expr, visit));
    match expr {
        Expr::Missing | Expr::Name(_) | Expr::Literal(_) => {}
        Expr::FormattedText(parts) => {
            for part in parts {
                if let TextPart::Value(value) = part {
                    all(&[*value]);
                }
            }
        }
        Expr::Attribute { object, .. } => all(&[*object]),
        Expr::Subscript { object, index } => all(&[*object, *index]),
        Expr::Slice { lower, upper, step } => [lower, upper, step].into_iter().for_each(|part| all(part.as_slice())),
        Expr::Call { callee, arguments } => {
            all(&[*callee]);
            visit_arguments(hir, arguments, visit);
        }
        Expr::Unary { operand, .. } => all(&[*operand]),
        Expr::Binary { left, right, .. } | Expr::Boolean { left, right, .. } => all(&[*left, *right]),
        Expr::Compare { left, rest } => {
            all(&[*left]);
            rest.iter().for_each(|(_, right)| all(&[*right]));
        }
        Expr::Conditional { test, then, otherwise } => all(&[*test, *then, *otherwise]),
        Expr::Tuple(parts) | Expr::List(parts) | Expr::Set(parts) => all(parts),
        Expr::Dict(items) => {
            for item in items {
                all(item.key.as_slice());
                all(&[item.value]);
            }
        }
        Expr::Starred(inner) | Expr::Await(inner) => all(&[*inner]),
        Expr::Yield(inner) => all(inner.as_slice()),
        Expr::Lambda { parameters, body } => {
            visit_defaults(hir, parameters, visit);
            visit_block(hir, body, visit);
        }
        Expr::Comprehension { element, value, clauses, .. } => {
            all(&[*element]);
            all(value.as_slice());
            for clause in clauses {
                all(&[clause.iterable, clause.target]);
                all(&clause.conditions);
            }
        }
        Expr::Named { target, value } => all(&[*target, *value]),
    }
}

fn visit_arguments(hir: &Hir, arguments: &[Argument], visit: &mut impl FnMut(&Expr)) {
    for argument in arguments {
        visit_expr(hir, argument.value, visit);
    }
}

fn visit_defaults(hir: &Hir, parameters: &[Parameter], visit: &mut impl FnMut(&Expr)) {
    for parameter in parameters {
        if let Some(default) = parameter.default {
            visit_expr(hir, default, visit);
        }
    }
}
