//! Functions inside functions.

use std::rc::Rc;

use super::Interpreter;
use super::arguments::{Arguments, BoundValue};
use crate::step::context::Site;
use crate::step::state::Frame;
use crate::step::value::{Closure, ClosureCode, NameMap, Value};
use crate::syntax::hir::{Block, Expr, ExprId, Hir, Parameter, Stmt, StmtId, visit_block, visit_expr};
use crate::syntax::{Name, UnitId};

use crate::step::interpreter::MAX_DEPTH;

/// Parameters and body of a closure.
fn code(hir: &Hir, code: ClosureCode) -> Option<(&[Parameter], &Block, bool)> {
    match code {
        ClosureCode::Def(stmt) => match hir.stmt(stmt) {
            Stmt::Function(definition) => Some((&definition.parameters, &definition.body, definition.is_generator)),
            _ => None,
        },
        ClosureCode::Lambda(expr) => match hir.expr(expr) {
            Expr::Lambda { parameters, body } => Some((parameters, body, false)),
            _ => None,
        },
    }
}

impl Interpreter<'_> {
    pub(super) fn call_closure(&mut self, closure: &Closure, arguments: &Arguments, site: Site) -> Value {
        let hir = self.hir(closure.unit);
        let Some((parameters, body, is_generator)) = code(&hir, closure.code) else { return self.call_unknown(arguments, site) };
        let depth = self.state.frames.depth();
        if is_generator || depth >= MAX_DEPTH as usize * 2 || self.state.frames.iter().filter(|frame| frame.unit == closure.unit).count() > 6 {
            return self.call_unknown(arguments, site);
        }
        let nowhere = UnitId { ordinal: u32::MAX, ..closure.unit };
        let bound = self.bind_arguments(nowhere, parameters, arguments);
        let context = self.contexts.call(site.context, site.node, closure.unit, site.slot.wrapping_add(slot_of(closure.code)));
        let mut locals = NameMap::default();
        for (number, (bound, parameter)) in bound.into_iter().zip(parameters).enumerate() {
            let place = Site { context, node: crate::syntax::hir::NodeId::Stmt(crate::syntax::hir::StmtId(u32::MAX)), slot: number as u32 };
            let value = match bound.value {
                BoundValue::Given(value) => value,
                BoundValue::Default => parameter.default.map_or(Value::Unknown, |default| self.in_module(closure.unit, &hir, |this| this.expr(default))),
                BoundValue::Positional(values, true) => self.tuple(values),
                BoundValue::Positional(values, false) => self.new_list(place, values, false),
                BoundValue::Keywords(values, exact) => {
                    let entries = values.into_iter().map(|(name, value)| (Value::text(name.as_str()), value)).collect();
                    self.new_dict(place, entries, exact)
                }
            };
            locals.set(bound.name, value);
        }
        let receiver = parameters.first().filter(|_| closure.class.is_some()).and_then(|first| locals.get(first.name).cloned());
        let frame = Frame { locals, scope: Some(closure.scope), class: closure.class, receiver, ..self.new_frame(closure.unit, context, &hir) };
        self.push_frame(frame);
        let assumptions = std::mem::take(&mut self.assumptions);
        let result = self.run_body(body);
        self.assumptions = assumptions;
        self.pop_frame();
        self.remember_returned(context, &result);
        result
    }

    /// Variables that a function inside the running one reads may be read at any time: what they hold counts as used.
    pub(super) fn capture(&mut self, closure: ClosureCode) {
        let hir = Rc::clone(&self.frame().hir);
        let names = match closure {
            ClosureCode::Def(stmt) => names_in(&hir, &[stmt]),
            ClosureCode::Lambda(expr) => {
                let mut names = Vec::new();
                visit_expr(&hir, expr, &mut |expr| add_name(expr, &mut names));
                names
            }
        };
        // What it sets anew is not known from here on.
        if let ClosureCode::Def(stmt) = closure
            && let Stmt::Function(definition) = hir.stmt(stmt)
        {
            for name in definition.body.iter().filter_map(|&stmt| if let Stmt::Nonlocal(names) = hir.stmt(stmt) { Some(names) } else { None }).flatten() {
                if self.frame().locals.get(*name).is_some() {
                    self.bind(*name, Value::Unknown);
                }
            }
        }
        self.capture_names(names);
    }

    /// Variables that code reads which runs later, whatever they are then.
    pub(super) fn capture_names(&mut self, names: Vec<Name>) {
        self.observe_names(&names);
        if names.is_empty() {
            return;
        }
        let frame = self.frame_mut();
        let mut captured = (*frame.captured).clone();
        captured.extend(names);
        captured.sort_unstable();
        captured.dedup();
        frame.captured = Rc::new(captured);
    }

    /// What these variables hold counts as used.
    pub(super) fn observe_names(&mut self, names: &[Name]) {
        for &name in names {
            if let Some(value) = self.frame().locals.get(name).cloned() {
                self.observe(&value);
            }
        }
    }
}

fn slot_of(code: ClosureCode) -> u32 {
    match code {
        ClosureCode::Def(stmt) => (stmt.0 << 8) | (1 << 30),
        ClosureCode::Lambda(expr) => (expr.0 << 8) | (1 << 31),
    }
}

/// The names that code reads or binds, those in functions inside it included.
pub(super) fn names_in(hir: &Hir, block: &[StmtId]) -> Vec<Name> {
    let mut names = Vec::new();
    visit_block(hir, block, &mut |expr| add_name(expr, &mut names));
    names
}

/// The names that code reads for something else than to bind them anew: `x` in `y = x`, not in `x = f(x)`.
pub(super) fn reads_in(hir: &Hir, block: &[StmtId]) -> Vec<Name> {
    let mut names = Vec::new();
    for stmt in block {
        match hir.stmt(*stmt) {
            Stmt::Assign { targets, value } if targets.len() == 1 => names.extend(reads_of_assignment(hir, *stmt, targets[0], *value)),
            Stmt::AugmentedAssign { target, value, .. } => names.extend(reads_of_assignment(hir, *stmt, *target, *value)),
            Stmt::If { test, then, otherwise } => {
                visit_expr(hir, *test, &mut |expr| add_name(expr, &mut names));
                names.extend(reads_in(hir, then));
                names.extend(reads_in(hir, otherwise));
            }
            _ => names.extend(names_in(hir, &[*stmt])),
        }
    }
    names
}

fn reads_of_assignment(hir: &Hir, stmt: StmtId, target: ExprId, value: ExprId) -> Vec<Name> {
    let Expr::Name(bound) = hir.expr(target) else { return names_in(hir, &[stmt]) };
    let mut names = Vec::new();
    visit_expr(hir, value, &mut |expr| add_name(expr, &mut names));
    names.retain(|name| name != bound);
    names
}

fn add_name(expr: &Expr, names: &mut Vec<Name>) {
    if let Expr::Name(name) = expr {
        names.push(*name);
    }
}
