//! Where evaluation begins: module code, a function nobody calls, a class with its methods.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Interpreter;
use crate::project;
use crate::step::context::{ContextId, Site};
use crate::step::event::EventKind;
use crate::step::state::{State, Tree};
use crate::step::value::{Function, NameMap, Value};
use crate::step::view::Step;
use crate::syntax::hir::{Expr, ExprId, Hir, Literal, NodeId, Parameter, ParameterKind, StmtId, UnitKind, visit_expr};
use crate::syntax::{FunctionItem, Name, UnitId};

impl Interpreter<'_> {
    /// Evaluates `root` and what it calls.
    pub(in crate::step) fn evaluate(mut self, root: UnitId) -> Step {
        let hir = self.hir(root);
        let context = self.contexts.root(root, 0);
        (self.here.unit, self.here_context) = (root, context);
        let entry = Site { context, node: NodeId::Stmt(StmtId(0)), slot: u32::MAX };
        self.emit(EventKind::Junction, entry, 0);
        match hir.kind {
            _ if hir.broken => {}
            UnitKind::Module => {
                self.module_root(root, &hir, context);
                self.run_hooks(root, context);
            }
            UnitKind::Function => {
                self.function_root(root, context);
                self.run_hooks(root, context);
            }
            UnitKind::Class => self.class_root(root, context),
        }
        self.into_step(root)
    }

    pub(super) fn into_step(self, root: UnitId) -> Step {
        let exceeded = self.is_spent();
        Step::new(root, exceeded, self.contexts, self.tensors, self.parameters, self.events, self.calls, self.visited, self.classes, self.revealed, self.trace)
    }

    fn module_root(&mut self, root: UnitId, hir: &Tree, context: ContextId) {
        let frame = self.new_frame(root, context, hir);
        self.push_frame(frame);
        let name = self.names.name;
        self.bind(name, Value::text("__main__"));
        self.visit(root, context);
        self.block(&hir.body);
        // Other modules may import whatever a module is left with.
        let left: Vec<Value> = self.frame().locals.iter().map(|(_, value)| value.clone()).collect();
        for value in left {
            self.observe(&value);
        }
        self.pop_frame();
    }

    fn function_root(&mut self, root: UnitId, context: ContextId) {
        let function = Rc::new(Function::Unit { unit: root, class: None });
        self.run_on_symbols(&function, None, context, 0);
    }

    /// `__init__` on symbols, then every other method on symbols, each from the state that `__init__` leaves.
    fn class_root(&mut self, root: UnitId, context: ContextId) {
        let Value::Class(class) = self.class_value(root) else { return };
        let object = self.instance(class, Site { context, node: NodeId::Stmt(StmtId(0)), slot: 1 });
        if let Value::Object(id) = object {
            self.rooted = Some(id);
        }
        let outline = self.world.outline(root.file);
        let Some(item) = project::class_item(&outline, root) else { return };
        let method = |name: Name, ordinal: u32| {
            let dotted = Name::new(&format!("{}.{name}", root.name));
            Rc::new(Function::Unit { unit: UnitId { file: root.file, name: dotted, ordinal }, class: Some(class) })
        };
        let init = self.names.init;
        match item.methods.iter().rev().find(|method| method.name == init) {
            Some(found) => self.run_on_symbols(&method(init, found.ordinal), Some(object.clone()), context, 0),
            None => self.inherited_init(class, &object, context),
        }
        // Methods run in either mode.
        self.set_attribute(&object, Name::new("training"), Value::Unknown);
        let ready = self.state.clone();
        let call = self.names.call;
        // What an object does when it is called matters, whatever words it is written in; so does what else a layer does with the layers in it.
        let is_called = !self.hooks(class).is_empty();
        let matters = |method: &FunctionItem| method.name != init && (method.matters || method.name == call || is_called);
        for (slot, found) in item.methods.iter().enumerate().filter(|(_, method)| matters(method)) {
            self.state = State { frontier: Rc::clone(&ready.frontier), ..ready.clone() };
            self.run_on_symbols(&method(found.name, found.ordinal), Some(object.clone()), context, slot as u32 + 1);
        }
    }

    /// Runs a function of which no caller is known: every parameter is a symbol; what it returns is used.
    fn run_on_symbols(&mut self, function: &Rc<Function>, receiver: Option<Value>, parent: ContextId, slot: u32) {
        let Function::Unit { unit, class } = &**function else { return };
        let hir = self.hir(*unit);
        let Some(definition) = hir.function() else { return };
        if hir.broken {
            return;
        }
        let context = if slot == 0 && receiver.is_none() { parent } else { self.contexts.root(*unit, slot) };
        let static_method = definition.decorators.iter().any(|&decorator| matches!(hir.expr(decorator), Expr::Name(name) if *name == "staticmethod"));
        let mut locals = NameMap::default();
        for (number, parameter) in definition.parameters.iter().enumerate() {
            let value = match (number, &receiver, parameter.kind) {
                (0, Some(receiver), _) if !static_method => receiver.clone(),
                (_, _, ParameterKind::VarArgs | ParameterKind::KwArgs) => Value::Unknown,
                _ => self.parameter_value(*unit, &hir, context, number as u32, parameter),
            };
            locals.set(parameter.name, value);
        }
        self.visit(*unit, context);
        self.within_decorators(*unit, &hir, &definition.decorators, |this| {
            this.call_frame(*unit, *class, context, &hir, locals, receiver);
            let returned = this.run_body(&definition.body);
            this.observe(&returned);
            this.pop_frame();
        });
    }

    /// What a parameter holds of which no argument is known: a symbol. Where the default is a function or class (an activation, a kind of
    /// layer), it is that: what callers pass instead is of the same kind.
    pub(super) fn parameter_value(&mut self, unit: UnitId, hir: &Tree, context: ContextId, number: u32, parameter: &Parameter) -> Value {
        if let Some(default) = parameter.default.filter(|&default| matches!(hir.expr(default), Expr::Name(_) | Expr::Attribute { .. })) {
            let value = self.in_module(unit, hir, |this| this.expr(default));
            let is_code = matches!(&value, Value::Class(_)) || matches!(&value, Value::Function(function) if matches!(&**function, Function::Unit { .. }));
            if is_code {
                return value;
            }
        }
        let site = Site { context, node: NodeId::Stmt(StmtId(u32::MAX)), slot: number };
        let symbol = self.new_symbol(super::ObjectKey::Site(site), parameter.name.as_str(), &BTreeSet::new(), None);
        let may_be_none = parameter.default.is_some() || parameter.annotation.is_some_and(|annotation| says_optional(hir, annotation));
        if let (Value::Object(id), false) = (&symbol, may_be_none) {
            self.required.insert(*id, unit);
        }
        symbol
    }

    fn inherited_init(&mut self, class: crate::step::value::ClassId, object: &Value, context: ContextId) {
        let init = self.names.init;
        let Some(function) = self.find_method(class, init) else { return };
        let Function::Unit { unit, .. } = &*function else { return };
        if self.world.is_stub(unit.file) {
            // A framework's base class without arguments of its own.
            let site = Site { context, node: NodeId::Stmt(StmtId(0)), slot: 2 };
            self.enter_root_frame(class, context);
            self.call_function(&function, super::arguments::Arguments::of(vec![object.clone()]), site);
            self.pop_frame();
        } else {
            self.run_on_symbols(&function, Some(object.clone()), context, 0);
        }
    }

    fn enter_root_frame(&mut self, class: crate::step::value::ClassId, context: ContextId) {
        let unit = self.classes[class.0 as usize].unit;
        let hir = self.hir(unit);
        self.call_frame(unit, Some(class), context, &hir, NameMap::default(), None);
    }

}

/// Whether an annotation mentions `None` or `Optional`; one in quotes is taken as it stands.
fn says_optional(hir: &Hir, annotation: ExprId) -> bool {
    let mut optional = false;
    visit_expr(hir, annotation, &mut |expr| {
        optional |= match expr {
            Expr::Literal(Literal::None) => true,
            Expr::Literal(Literal::Str(text)) => text.contains("Optional") || text.contains("None"),
            Expr::Name(name) | Expr::Attribute { name, .. } => *name == "Optional",
            _ => false,
        };
    });
    optional
}
