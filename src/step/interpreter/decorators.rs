//! Decorators: what they make of a function, and what holds while one runs of which no caller is known.

use std::rc::Rc;

use super::Interpreter;
use super::arguments::Arguments;
use crate::step::context::Site;
use crate::step::state::Tree;
use crate::step::value::{Function, Mark, Value};
use crate::syntax::UnitId;
use crate::syntax::hir::{Expr, ExprId, Hir, NodeId};

impl Interpreter<'_> {
    /// A function after its decorators, innermost first.
    pub(super) fn decorated(&mut self, function: Value, decorators: &[ExprId]) -> Value {
        decorators.iter().rev().fold(function, |function, &decorator| self.decorate(function, decorator))
    }

    fn decorate(&mut self, function: Value, decorator: ExprId) -> Value {
        let hir = Rc::clone(&self.frame().hir);
        if let (Expr::Name(name), Value::Function(inner)) = (hir.expr(decorator), &function) {
            let mark = match name.as_str() {
                "property" => Some(Mark::Property),
                "staticmethod" => Some(Mark::Static),
                "classmethod" => Some(Mark::ClassMethod),
                // Bodies of overridden signatures are as good as any.
                "abstractmethod" | "override" => return function,
                _ => None,
            };
            if let Some(mark) = mark {
                return Value::Function(Rc::new(Function::Marked { function: Rc::clone(inner), mark }));
            }
        }
        let value = match self.manager(&hir, decorator) {
            Some(manager) => manager,
            None => self.expr(decorator),
        };
        if matches!(value, Value::Unknown) {
            return Value::Unknown;
        }
        let site = Site { slot: 1, ..self.site(NodeId::Expr(decorator)) };
        self.call(&value, Arguments::of(vec![function]), site)
    }

    /// Runs the body of a function without calling it, inside the context managers among its decorators.
    pub(super) fn within_decorators<T>(&mut self, unit: UnitId, hir: &Tree, decorators: &[ExprId], work: impl FnOnce(&mut Self) -> T) -> T {
        let mut entered = Vec::new();
        for &decorator in decorators {
            let manager = self.in_module(unit, hir, |this| {
                let manager = this.manager(hir, decorator)?;
                let site = Site { slot: 2, ..this.site(NodeId::Expr(decorator)) };
                this.call_special(&manager, this.names.enter, Vec::new(), site);
                Some((manager, site))
            });
            entered.extend(manager);
        }
        let result = work(self);
        for (manager, site) in entered.into_iter().rev() {
            self.in_module(unit, hir, |this| this.call_special(&manager, this.names.exit, vec![Value::None, Value::None, Value::None], Site { slot: 3, ..site }));
        }
        result
    }

    /// The context manager that a decorator is, if it is one. A class of them decorates as an instance of it does: `@no_grad`, `@no_grad()`.
    fn manager(&mut self, hir: &Hir, decorator: ExprId) -> Option<Value> {
        if let Expr::Call { callee, .. } = hir.expr(decorator) {
            // Nothing is called to find out.
            return matches!(self.expr(*callee), Value::Class(class) if self.find_method(class, self.names.enter).is_some()).then(|| self.expr(decorator));
        }
        match self.expr(decorator) {
            Value::Class(class) if self.find_method(class, self.names.enter).is_some() => {
                let site = self.site(NodeId::Expr(decorator));
                Some(self.instantiate(class, Arguments::default(), site))
            }
            Value::Object(id) => {
                let class = self.state.object(id)?.class?;
                self.find_method(class, self.names.enter).map(|_| Value::Object(id))
            }
            _ => None,
        }
    }
}
