//! Statements.

use std::rc::Rc;

use super::Interpreter;
use crate::step::value::{Closure, ClosureCode, Function, Truth, Value};
use crate::syntax::hir::{Expr, ExprId, Handler, NodeId, Stmt, StmtId, WithItem, visit_expr};

impl Interpreter<'_> {
    /// Runs statements until control leaves.
    pub(super) fn block(&mut self, block: &[StmtId]) {
        for (number, &stmt) in block.iter().enumerate() {
            if !self.state.alive {
                return self.observe_reads(&block[number..]);
            }
            self.stmt(stmt);
        }
    }

    /// Code that does not run here, because a constant says so, may run elsewhere: the variables that it reads count as used.
    fn observe_reads(&mut self, block: &[StmtId]) {
        if !self.in_stub() {
            let names = super::closure::reads_in(&Rc::clone(&self.frame().hir), block);
            self.observe_names(&names);
        }
    }

    fn stmt(&mut self, id: StmtId) {
        if !self.spend() {
            self.state.alive = false;
            return;
        }
        let hir = Rc::clone(&self.frame().hir);
        match hir.stmt(id) {
            Stmt::Missing | Stmt::Pass => {}
            // What they are set to is read elsewhere.
            Stmt::Global(names) | Stmt::Nonlocal(names) => self.capture_names(names.clone()),
            Stmt::Expr(expr) => {
                self.expr(*expr);
            }
            Stmt::Assign { targets, value } => {
                let value = self.expr(*value);
                for &target in targets {
                    self.assign(target, value.clone());
                }
            }
            Stmt::AnnotatedAssign { target, value: Some(value), .. } => {
                let value = self.expr(*value);
                self.assign(*target, value);
            }
            Stmt::AnnotatedAssign { .. } => {}
            Stmt::AugmentedAssign { target, op, value } => {
                let old = self.expr(*target);
                let added = self.expr(*value);
                let site = self.site(NodeId::Stmt(id));
                let new = self.at(NodeId::Stmt(id), |this| this.augmented(*op, &old, &added, site));
                self.assign(*target, new);
            }
            Stmt::Return(value) => {
                let value = value.map_or(Value::None, |value| self.expr(value));
                self.leave(value);
            }
            Stmt::Raise(values) => {
                for &value in values {
                    self.expr(value);
                }
                self.state.alive = false;
            }
            Stmt::Assert { test, message } => {
                let value = self.expr(*test);
                self.observe(&value);
                if let Some(message) = message {
                    self.expr(*message);
                }
                // What follows runs only where it holds; the function's end leaves it.
                if self.is_mode_test(*test) {
                    self.state.enter(self.names.guard, Value::Bool(true));
                }
            }
            Stmt::Delete(targets) => self.delete(targets),
            Stmt::Break => self.break_loop(),
            Stmt::Continue => self.continue_loop(),
            Stmt::If { test, then, otherwise } => self.branch(*test, then, otherwise),
            Stmt::While { test, body, otherwise } => self.while_loop(id, *test, body, otherwise),
            Stmt::For { target, iterable, body, otherwise } => self.for_loop(id, *target, *iterable, body, otherwise),
            Stmt::With { items, body } => self.with(items, body),
            Stmt::Try { body, handlers, otherwise, finally } => self.try_statement(body, handlers, otherwise, finally),
            Stmt::Match { subject, cases } => {
                let value = self.expr(*subject);
                self.observe(&value);
                let before = self.state.clone();
                let mut after = before.clone();
                for case in cases {
                    self.state = before.clone();
                    for &name in &case.bound {
                        self.bind(name, Value::Unknown);
                    }
                    if let Some(guard) = case.guard {
                        self.expr(guard);
                    }
                    self.under(*subject, |this| this.block(&case.body));
                    let arm = std::mem::replace(&mut self.state, before.clone());
                    after = self.join(after, arm);
                }
                self.state = after;
            }
            Stmt::Function(definition) => {
                let value = self.closure(ClosureCode::Def(id));
                let value = self.decorated(value, &definition.decorators);
                self.bind(definition.name, value);
            }
            Stmt::Class(definition) => {
                let value = self.local_class(id);
                self.bind(definition.name, value);
            }
            Stmt::Import(names) => {
                for imported in names {
                    self.import_module(imported);
                }
            }
            Stmt::FromImport { module, level, names, star } => self.import_names(*module, *level, names, *star),
            Stmt::Python2(values) => {
                for &value in values {
                    let value = self.expr(value);
                    self.observe(&value);
                }
            }
        }
    }

    fn delete(&mut self, targets: &[ExprId]) {
        let hir = Rc::clone(&self.frame().hir);
        for &target in targets {
            match hir.expr(target) {
                Expr::Name(name) => self.frame_mut().locals.remove(*name),
                Expr::Tuple(parts) => self.delete(parts),
                _ => {
                    self.expr(target);
                }
            }
        }
    }

    /// `return value`
    pub(super) fn leave(&mut self, value: Value) {
        let state = self.leave_state();
        if let Some(returns) = self.returns.last_mut() {
            returns.push((state, value));
        }
    }

    fn branch(&mut self, test: ExprId, then: &[StmtId], otherwise: &[StmtId]) {
        let value = self.expr(test);
        self.observe(&value);
        let guarded = self.is_mode_test(test);
        if guarded {
            self.state.enter(self.names.guard, Value::Bool(true));
        }
        match self.truth(&value) {
            Truth::Yes => {
                self.observe_reads(otherwise);
                self.block(then);
            }
            Truth::No => {
                self.observe_reads(then);
                self.block(otherwise);
            }
            Truth::Unknown => {
                let before = self.state.clone();
                self.narrow(test, true);
                self.undecided(|this| this.block(then));
                let after_then = std::mem::replace(&mut self.state, before);
                self.narrow(test, false);
                self.undecided(|this| this.block(otherwise));
                let after_otherwise = self.take_state();
                // Where one side returns, what follows is the other side.
                let one_sided = after_then.alive != after_otherwise.alive;
                self.state = self.join(after_then, after_otherwise);
                self.assumptions += u32::from(one_sided && self.in_stub());
                if guarded && one_sided {
                    return;
                }
            }
        }
        if guarded {
            self.leave_guard();
        }
    }

    /// Whether a condition asks for the mode: `self.training`, `not training`, `is_train and …`, `torch.is_grad_enabled()`.
    pub(super) fn is_mode_test(&self, test: ExprId) -> bool {
        let mut asks = false;
        let mut known = self.mode_names.borrow_mut();
        visit_expr(&self.frame().hir, test, &mut |expr| {
            asks |= matches!(expr, Expr::Name(name) | Expr::Attribute { name, .. } if *known.entry(*name).or_insert_with(|| is_mode_name(name.as_str())));
        });
        asks
    }

    /// Runs `work` under the condition `test`.
    pub(super) fn under<T>(&mut self, test: ExprId, work: impl FnOnce(&mut Self) -> T) -> T {
        if !self.is_mode_test(test) {
            return work(self);
        }
        self.state.enter(self.names.guard, Value::Bool(true));
        let result = work(self);
        self.leave_guard();
        result
    }

    fn leave_guard(&mut self) {
        if self.state.ambient.last().is_some_and(|(kind, _)| *kind == self.names.guard) {
            Rc::make_mut(&mut self.state.ambient).pop();
        }
    }

    /// What a condition says of a variable: on the branch where `x is None` does not hold, `None` is no alternative of `x`.
    fn narrow(&mut self, test: ExprId, holds: bool) {
        use crate::syntax::hir::{CompareOp, Literal, UnaryOp};
        let hir = Rc::clone(&self.frame().hir);
        let (variable, is_none) = match hir.expr(test) {
            Expr::Name(name) => (*name, !holds),
            Expr::Unary { op: UnaryOp::Not, operand } => return self.narrow(*operand, !holds),
            Expr::Compare { left, rest } => match (hir.expr(*left), rest.as_slice()) {
                (Expr::Name(name), [(op @ (CompareOp::Is | CompareOp::IsNot), right)]) if matches!(hir.expr(*right), Expr::Literal(Literal::None)) => {
                    (*name, (*op == CompareOp::Is) == holds)
                }
                _ => return,
            },
            _ => return,
        };
        let Some(Value::Either(values)) = self.frame().locals.get(variable) else { return };
        if is_none {
            return;
        }
        let left: Vec<Value> = values.iter().filter(|value| **value != Value::None).cloned().collect();
        let narrowed = match left.as_slice() {
            [] => return,
            [single] => single.clone(),
            _ => Value::Either(left.into()),
        };
        self.frame_mut().locals.set(variable, narrowed);
    }

    fn with(&mut self, items: &[WithItem], body: &[StmtId]) {
        let mut managers = Vec::new();
        for item in items {
            let manager = self.expr(item.context);
            let node = NodeId::Expr(item.context);
            let entered = self.at(node, |this| {
                let mut site = this.site(node);
                site.slot = 1;
                this.call_special(&manager, this.names.enter, Vec::new(), site)
            });
            let bound = entered.unwrap_or_else(|| match &manager {
                // Of an unknown context manager nothing is known but that it is often its own target.
                Value::Object(_) => manager.clone(),
                _ => Value::Unknown,
            });
            if let Some(target) = item.target {
                self.assign(target, bound);
            }
            managers.push((node, manager));
        }
        self.block(body);
        for (node, manager) in managers.into_iter().rev() {
            if self.state.alive {
                let mut site = self.site(node);
                site.slot = 2;
                self.at(node, |this| this.call_special(&manager, this.names.exit, vec![Value::None, Value::None, Value::None], site));
            }
        }
    }

    fn try_statement(&mut self, body: &[StmtId], handlers: &[Handler], otherwise: &[StmtId], finally: &[StmtId]) {
        // It also runs when the body returns.
        let read_in_the_end = super::closure::names_in(&Rc::clone(&self.frame().hir), finally);
        self.capture_names(read_in_the_end);
        let before = self.state.clone();
        self.block(body);
        // A handler may start from any point of the body: from its beginning or its end, as far as variables go.
        let failed = if handlers.is_empty() || !self.state.alive { before } else { self.join(before, self.state.clone()) };
        self.block(otherwise);
        let mut after = self.state.clone();
        for handler in handlers {
            self.state = failed.clone();
            if let Some(target) = handler.target {
                self.assign(target, Value::Unknown);
            }
            self.block(&handler.body);
            let arm = self.take_state();
            after = self.join(after, arm);
        }
        self.state = after;
        self.block(finally);
    }

    fn import_module(&mut self, imported: &crate::syntax::hir::ImportedName) {
        let file = self.frame().file;
        let (bound, wanted) = match imported.alias {
            Some(alias) => (alias, imported.name),
            None => {
                let first = crate::syntax::Name::new(imported.name.as_str().split('.').next().unwrap_or_default());
                (first, first)
            }
        };
        let value = match self.world.import(file, wanted, 0) {
            crate::project::Imported::Module(module) => Value::Module(module),
            crate::project::Imported::Unknown => Value::Unknown,
        };
        self.bind(bound, value);
    }

    fn import_names(&mut self, module: crate::syntax::Name, level: u32, names: &[crate::syntax::hir::ImportedName], star: bool) {
        if star {
            // Names of a star import are found through the outline.
            return;
        }
        let file = self.frame().file;
        let imported = self.world.import(file, module, level);
        for name in names {
            let value = match imported {
                crate::project::Imported::Module(target) => {
                    let binding = self.scope(target).member(name.name.as_str());
                    self.binding_value(binding)
                }
                crate::project::Imported::Unknown => Value::Unknown,
            };
            self.bind(name.alias.unwrap_or(name.name), value);
        }
    }

    /// The function that a `def` or lambda inside the running code makes.
    pub(super) fn closure(&mut self, code: ClosureCode) -> Value {
        let frame = Rc::clone(self.frame());
        self.capture(code);
        let closure = Closure { unit: frame.unit, code, context: frame.context, scope: frame.id, class: frame.class };
        Value::Function(Rc::new(Function::Closure(closure)))
    }
}

/// Whether code may keep the mode it runs in under this name: `training`, `is_train`, `inference_mode`, `requires_grad`.
fn is_mode_name(name: &str) -> bool {
    const WORDS: [&str; 12] =
        ["train", "training", "eval", "evaluate", "evaluation", "test", "testing", "infer", "inference", "predict", "deterministic", "grad"];
    let is_mode_word = |word: &str| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    matches!(name, "phase" | "mode") || name.split('_').any(is_mode_word)
}
