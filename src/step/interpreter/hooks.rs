//! Methods that a framework calls: on an instance that a root makes and hands on, they run with what the instance was made from.

use std::rc::Rc;

use super::Interpreter;
use crate::project;
use crate::step::context::Site;
use crate::step::state::ObjectKind;
use crate::step::value::{ClassId, Function, NameMap, ObjectId, Value};
use crate::syntax::hir::{Expr, NodeId, ParameterKind, StmtId};
use crate::syntax::{Name, UnitId};

/// How many instances of one root are followed.
const MAX_INSTANCES: usize = 12;

impl Interpreter<'_> {
    /// Runs the hooks of all instances of project classes that are left, unless they were called already.
    pub(super) fn run_hooks(&mut self, root: UnitId, context: crate::step::context::ContextId) {
        let mut waiting: Vec<(ObjectId, ClassId)> = Vec::new();
        for (id, object) in self.state.heap.iter() {
            if object.kind == ObjectKind::Instance
                && let Some(class) = object.class
                && self.class(class).complete
                && !self.world.is_stub(self.class(class).unit.file)
            {
                waiting.push((id, class));
            }
        }
        for (slot, (object, class)) in waiting.into_iter().take(MAX_INSTANCES).enumerate() {
            for (number, (name, function)) in self.hooks(class).into_iter().enumerate() {
                if self.state.alive && !self.called.contains(&(object, name)) {
                    let slot = 1000 + slot as u32 * 32 + number as u32;
                    self.run_hook(root, object, &function, Site { context, node: NodeId::Stmt(StmtId(0)), slot });
                }
            }
        }
    }

    /// Methods of project code in `class` or its bases whose names a stub class among the bases declares without a body.
    pub(super) fn hooks(&mut self, class: ClassId) -> Vec<(Name, Rc<Function>)> {
        let order = self.class(class).order.clone();
        let mut declared: Vec<Name> = Vec::new();
        let mut defined: Vec<(Name, Rc<Function>)> = Vec::new();
        for base in order {
            let base = self.class(base);
            if self.world.is_stub(base.unit.file) {
                declared.extend(self.declared_hooks(base.unit).iter());
            } else {
                for (name, function) in base.methods.iter() {
                    if !defined.iter().any(|(known, _)| known == name) {
                        defined.push((*name, Rc::clone(function)));
                    }
                }
            }
        }
        defined.retain(|(name, _)| declared.contains(name));
        defined
    }

    fn declared_hooks(&mut self, class: UnitId) -> Rc<[Name]> {
        if let Some(known) = self.declared_hooks.get(&class) {
            return Rc::clone(known);
        }
        let outline = self.world.outline(class.file);
        let methods = project::class_item(&outline, class).map(|item| item.methods.as_slice()).unwrap_or_default();
        let hooks: Rc<[Name]> = methods.iter().filter(|method| self.is_hook(class, method.name, method.ordinal)).map(|method| method.name).collect();
        self.declared_hooks.insert(class, Rc::clone(&hooks));
        hooks
    }

    fn is_hook(&self, class: UnitId, name: Name, ordinal: u32) -> bool {
        let hir = self.world.hir(UnitId { file: class.file, name: Name::new(&format!("{}.{name}", class.name)), ordinal });
        hir.function().is_some_and(|definition| {
            definition.decorators.iter().any(|&decorator| matches!(hir.expr(decorator), Expr::Name(mark) if *mark == "called_by_framework"))
        })
    }

    fn run_hook(&mut self, root: UnitId, object: ObjectId, function: &Rc<Function>, site: Site) {
        let Function::Unit { unit, class } = &**function else { return };
        let hir = self.hir(*unit);
        let Some(definition) = hir.function() else { return };
        if hir.broken || definition.is_generator || self.running.contains(unit) || *unit == root {
            return;
        }
        let context = self.contexts.call(site.context, site.node, *unit, site.slot);
        let mut locals = NameMap::default();
        for (number, parameter) in definition.parameters.iter().enumerate() {
            let value = match (number, parameter.kind) {
                (0, _) => Value::Object(object),
                (_, ParameterKind::VarArgs | ParameterKind::KwArgs) => Value::Unknown,
                _ => self.parameter_value(*unit, &hir, context, number as u32, parameter),
            };
            locals.set(parameter.name, value);
        }
        self.visit(*unit, context);
        self.running.push(*unit);
        self.within_decorators(*unit, &hir, &definition.decorators, |this| {
            this.call_frame(*unit, *class, context, &hir, locals, Some(Value::Object(object)));
            let returned = this.run_body(&definition.body);
            this.observe(&returned);
            this.pop_frame();
        });
        self.running.pop();
    }
}
