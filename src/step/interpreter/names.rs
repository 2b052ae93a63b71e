//! Reading names: locals, enclosing functions, globals of a file, builtins.

use std::rc::Rc;

use super::Interpreter;
use crate::project::Binding;
use crate::step::context::ContextId;
use crate::step::state::{Frame, Tree};
use crate::step::value::{FrameId, Function, Value};
use crate::syntax::hir::{Expr, ExprId, Hir, Literal, Stmt, StmtId};
use crate::syntax::{FileId, Name, UnitId};

impl Interpreter<'_> {
    /// The value of `name` in the running code.
    pub(super) fn name(&mut self, name: Name) -> Value {
        let frame = Rc::clone(self.frame());
        if let Some(value) = frame.locals.get(name) {
            return value.clone();
        }
        if let Some(value) = self.enclosing(frame.scope, name) {
            return value;
        }
        self.global(frame.file, name)
    }

    fn enclosing(&self, mut scope: Option<FrameId>, name: Name) -> Option<Value> {
        while let Some(id) = scope {
            let Some(frame) = self.state.frames.iter().find(|frame| frame.id == id) else {
                return self.finished.get(&id).and_then(|locals| locals.get(name)).cloned();
            };
            if let Some(value) = frame.locals.get(name) {
                return Some(value.clone());
            }
            scope = frame.scope;
        }
        None
    }

    /// The value of the global `name` of `file`: what module code that is running has bound, else what the file defines.
    pub(super) fn global(&mut self, file: FileId, name: Name) -> Value {
        if let Some(frame) = self.state.frames.iter().last()
            && frame.file == file
            && frame.unit.name == ""
            && let Some(value) = frame.locals.get(name)
        {
            return value.clone();
        }
        match self.lookup(file, name) {
            Binding::Unknown if self.world.outline(file).bindings(name).next().is_none() => self.builtin(name),
            binding => self.binding_value(binding),
        }
    }

    /// The value of what a name denotes.
    pub(super) fn binding_value(&mut self, binding: Binding) -> Value {
        match binding {
            Binding::Function(unit) => self.function_value(unit),
            Binding::Class(unit) => self.class_value(unit),
            Binding::Module(file) => Value::Module(file),
            Binding::Value(file, name) => self.global_value(file, name),
            Binding::Unknown => Value::Unknown,
        }
    }

    fn function_value(&mut self, unit: UnitId) -> Value {
        if let Some(known) = self.functions.get(&unit) {
            return known.clone();
        }
        if self.world.is_stub(unit.file) && self.world.module_name(unit.file) == self.names.primitives_module {
            return Value::Function(Rc::new(Function::Primitive(unit.name)));
        }
        let plain = Value::unit(unit);
        let hir = self.hir(unit);
        let decorators = hir.function().map(|definition| definition.decorators.clone()).unwrap_or_default();
        // While its own decorators run, the function is known without them.
        self.functions.insert(unit, plain.clone());
        let value = if decorators.is_empty() { plain } else { self.in_module(unit, &hir, |this| this.decorated(plain, &decorators)) };
        self.functions.insert(unit, value.clone());
        value
    }

    /// The value that module code binds `name` to, if it does so in one place only: its expression is evaluated where it is asked for.
    fn global_value(&mut self, file: FileId, name: Name) -> Value {
        if let Some(known) = self.globals.get(&(file, name)) {
            return known.clone();
        }
        if self.pending.contains(&(file, name)) || self.pending.len() > 8 {
            return Value::Unknown;
        }
        let unit = UnitId { file, name: Name::new(""), ordinal: 0 };
        let hir = self.hir(unit);
        let is_constant = !hir.broken && !self.world.outline(file).set_by_functions.contains(&name);
        let value = match single_assignment(&hir, name) {
            Some(expr) if is_constant => {
                self.pending.push((file, name));
                // It was made before anything that surrounds the code which asks for it.
                let around = std::mem::take(&mut self.state.ambient);
                let value = self.in_module(unit, &hir, |this| this.expr(expr));
                self.state.ambient = around;
                self.pending.pop();
                value
            }
            _ => Value::Unknown,
        };
        self.globals.insert((file, name), value.clone());
        value
    }

    /// Runs `work` as code of the module that holds `unit`.
    pub(super) fn in_module<T>(&mut self, unit: UnitId, hir: &Tree, work: impl FnOnce(&mut Self) -> T) -> T {
        let context = self.contexts.root(unit, u32::MAX);
        self.in_frame_of(unit, hir, context, work)
    }

    fn in_frame_of<T>(&mut self, unit: UnitId, hir: &Tree, context: ContextId, work: impl FnOnce(&mut Self) -> T) -> T {
        let frame = self.new_frame(unit, context, hir);
        self.push_frame(frame);
        let result = work(self);
        self.pop_frame();
        result
    }

    pub(super) fn push_frame(&mut self, frame: Frame) {
        self.state.frames.push(frame);
    }

    /// Ends the running frame; closures made in it keep seeing its variables.
    pub(super) fn pop_frame(&mut self) {
        if let Some(frame) = self.state.frames.pop()
            && !frame.captured.is_empty()
        {
            self.finished.insert(frame.id, frame.locals.clone());
        }
    }

    /// Binds a local name.
    pub(super) fn bind(&mut self, name: Name, value: Value) {
        if self.frame().captured.contains(&name) {
            self.observe(&value);
        }
        self.frame_mut().locals.set(name, value);
    }

    /// The builtin function or constant `name`.
    pub(super) fn builtin(&mut self, name: Name) -> Value {
        if matches!(name.as_str(), "locals" | "vars" | "eval" | "exec") {
            // They read whatever there is.
            let all: Vec<Name> = self.frame().locals.iter().map(|(name, _)| *name).collect();
            self.observe_names(&all);
        }
        if super::builtins::is_builtin(name.as_str()) { Value::Function(Rc::new(Function::Builtin(name))) } else { Value::Unknown }
    }
}

/// The only expression that the top level of a module assigns to `name`. A second assignment of `None` (a missing import) does not count.
fn single_assignment(hir: &Hir, name: Name) -> Option<ExprId> {
    let mut found = Vec::new();
    let mut others = 0;
    collect_assignments(hir, &hir.body, name, &mut found, &mut others);
    found.retain(|&expr| !matches!(hir.expr(expr), Expr::Literal(Literal::None)));
    match (found.as_slice(), others) {
        ([single], 0) => Some(*single),
        _ => None,
    }
}

fn collect_assignments(hir: &Hir, block: &[StmtId], name: Name, found: &mut Vec<ExprId>, others: &mut u32) {
    let is_name = |expr: ExprId| matches!(hir.expr(expr), Expr::Name(bound) if *bound == name);
    for &stmt in block {
        match hir.stmt(stmt) {
            Stmt::Assign { targets, value } => {
                if targets.iter().any(|&target| is_name(target)) {
                    found.push(*value);
                } else if targets.iter().any(|&target| matches!(hir.expr(target), Expr::Tuple(parts) | Expr::List(parts) if parts.iter().any(|&part| is_name(part)))) {
                    *others += 1;
                }
            }
            Stmt::AnnotatedAssign { target, value: Some(value), .. } if is_name(*target) => found.push(*value),
            Stmt::AugmentedAssign { target, .. } if is_name(*target) => *others += 1,
            Stmt::If { then, otherwise, .. } => {
                collect_assignments(hir, then, name, found, others);
                collect_assignments(hir, otherwise, name, found, others);
            }
            Stmt::Try { body, handlers, otherwise, finally } => {
                for block in [body, otherwise, finally].into_iter().chain(handlers.iter().map(|handler| &handler.body)) {
                    collect_assignments(hir, block, name, found, others);
                }
            }
            Stmt::For { target, body, .. } => {
                *others += u32::from(is_name(*target));
                collect_assignments(hir, body, name, found, others);
            }
            Stmt::With { items, body } => {
                *others += u32::from(items.iter().any(|item| item.target.is_some_and(is_name)));
                collect_assignments(hir, body, name, found, others);
            }
            Stmt::While { body, .. } => collect_assignments(hir, body, name, found, others),
            Stmt::Function(definition) if definition.name == name => *others += 1,
            Stmt::Class(definition) if definition.name == name => *others += 1,
            _ => {}
        }
    }
}
