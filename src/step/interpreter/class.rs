//! Classes: bases, methods, class attributes, instances.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::arguments::Arguments;
use super::{Interpreter, ObjectKey};
use crate::project;
use crate::step::context::Site;
use crate::step::event::EventKind;
use crate::step::state::{Object, ObjectKind};
use crate::step::value::{ClassId, Closure, ClosureCode, Function, NameMap, Value};
use crate::syntax::hir::{ArgumentKind, Block, ClassDef, Expr, ExprId, Hir, NodeId, Stmt, StmtId};
use crate::syntax::{Name, UnitId};

/// A class.
#[derive(Clone, Debug)]
pub(in crate::step) struct Class {
    /// The unit of the class, or, for a class inside a function, the unit its code stands in.
    pub(in crate::step) unit: UnitId,
    pub(in crate::step) name: Name,
    /// The class itself, then its bases in the order in which attributes are looked up.
    pub(in crate::step) order: Vec<ClassId>,
    /// Whether all bases are known.
    pub(in crate::step) complete: bool,
    pub(in crate::step) methods: NameMap<Rc<Function>>,
    /// Names that the class body annotates: the fields, should it be a dataclass.
    fields: Vec<Name>,
    /// What is called when a property is assigned.
    setters: NameMap<Rc<Function>>,
    /// Expressions that the class body assigns.
    attributes: NameMap<ExprId>,
}

impl Interpreter<'_> {
    /// The class of a class unit.
    pub(super) fn class_value(&mut self, unit: UnitId) -> Value {
        if let Some(&known) = self.class_numbers.get(&unit) {
            return Value::Class(known);
        }
        let hir = self.hir(unit);
        let Some(definition) = hir.class() else { return Value::Unknown };
        let outline = self.world.outline(unit.file);
        let id = self.reserve_class(unit, definition.name);
        self.class_numbers.insert(unit, id);
        let (mut methods, mut setters) = (NameMap::default(), NameMap::default());
        for method in project::class_item(&outline, unit).map(|item| item.methods.as_slice()).unwrap_or_default() {
            let method_unit = UnitId { file: unit.file, name: method.unit, ordinal: method.ordinal };
            let plain = Rc::new(Function::Unit { unit: method_unit, class: Some(id) });
            let is_again = methods.get(method.name).is_some();
            match is_again.then(|| self.accessor(method_unit)).flatten() {
                Some("setter") => setters.set(method.name, plain),
                Some(_) => {}
                None => methods.set(method.name, plain),
            }
        }
        let (order, complete) = if hir.broken { (vec![id], false) } else { self.in_module(unit, &hir, |this| this.bases(id, definition)) };
        let attributes = assigned(&hir, &definition.body);
        let fields = annotated(&hir, &definition.body);
        add_aliases(&hir, &attributes, &mut methods);
        let class = Class { unit, fields, name: definition.name, order, complete, methods, setters, attributes };
        self.define_class(id, class);
        Value::Class(id)
    }

    /// Which accessor of a property a method is, if it is one beside the getter: `@name.setter`.
    fn accessor(&mut self, unit: UnitId) -> Option<&'static str> {
        let hir = self.hir(unit);
        hir.function()?.decorators.iter().find_map(|&decorator| match hir.expr(decorator) {
            Expr::Attribute { name, .. } => ["setter", "deleter"].into_iter().find(|accessor| *name == *accessor),
            _ => None,
        })
    }

    /// What is called when the attribute `name` of an instance of `class` is assigned.
    pub(super) fn find_setter(&self, class: ClassId, name: Name) -> Option<Rc<Function>> {
        self.class(class).order.iter().find_map(|&base| self.class(base).setters.get(name).cloned())
    }

    fn reserve_class(&mut self, unit: UnitId, name: Name) -> ClassId {
        let id = ClassId(self.classes.len() as u32);
        let class = Class { unit, name, fields: Vec::new(), order: vec![id], complete: false, methods: NameMap::default(), setters: NameMap::default(), attributes: NameMap::default() };
        self.classes.push(Rc::new(class));
        id
    }

    /// A class that a function or a module statement defines.
    pub(super) fn local_class(&mut self, stmt: StmtId) -> Value {
        let frame = Rc::clone(self.frame());
        let hir = Rc::clone(&frame.hir);
        let Stmt::Class(definition) = hir.stmt(stmt) else { return Value::Unknown };
        let id = self.reserve_class(frame.unit, definition.name);
        let mut methods = NameMap::default();
        for &inner in &definition.body {
            if let Stmt::Function(function) = hir.stmt(inner) {
                self.capture(ClosureCode::Def(inner));
                let closure = Closure { unit: frame.unit, code: ClosureCode::Def(inner), context: frame.context, scope: frame.id, class: Some(id) };
                methods.set(function.name, Rc::new(Function::Closure(closure)));
            }
        }
        let (order, complete) = self.bases(id, definition);
        let attributes = assigned(&hir, &definition.body);
        let fields = annotated(&hir, &definition.body);
        add_aliases(&hir, &attributes, &mut methods);
        let class = Class { unit: frame.unit, fields, name: definition.name, order, complete, methods, setters: NameMap::default(), attributes };
        self.define_class(id, class);
        Value::Class(id)
    }

    /// The order of attribute lookup: depth first from left to right, of a class met twice the last.
    fn bases(&mut self, id: ClassId, definition: &ClassDef) -> (Vec<ClassId>, bool) {
        let mut order = vec![id];
        let mut complete = true;
        for base in &definition.bases {
            if base.kind != ArgumentKind::Positional {
                continue;
            }
            match self.expr(base.value) {
                Value::Class(base) if base != id => {
                    let class = self.class(base);
                    complete &= class.complete;
                    order.extend(&class.order);
                }
                Value::Function(function) if matches!(&*function, Function::Builtin(name) if *name == "object") => {}
                _ => complete = false,
            }
        }
        let mut seen = BTreeSet::new();
        let mut kept: Vec<ClassId> = order.into_iter().rev().filter(|&class| seen.insert(class)).collect();
        kept.reverse();
        (kept, complete)
    }

    /// The method `name` that instances of `class` have.
    pub(super) fn find_method(&mut self, class: ClassId, name: Name) -> Option<Rc<Function>> {
        if let Some(known) = self.methods.get(&(class, name)) {
            return known.clone();
        }
        let found = self.find_method_from(class, name, 0);
        self.methods.insert((class, name), found.clone());
        found
    }

    /// Puts a class in the place that was reserved for it.
    fn define_class(&mut self, id: ClassId, class: Class) {
        self.classes[id.0 as usize] = Rc::new(class);
        self.methods.clear();
    }

    /// The method `name`, skipping the first `skip` classes of the order.
    pub(super) fn find_method_from(&mut self, class: ClassId, name: Name, skip: usize) -> Option<Rc<Function>> {
        let class = self.class(class);
        let found = class.order.iter().skip(skip).find_map(|&base| self.class(base).methods.get(name).cloned())?;
        Some(self.with_marks(&found))
    }

    /// A method with what its decorators make of it.
    fn with_marks(&mut self, function: &Rc<Function>) -> Rc<Function> {
        let Function::Unit { unit, class: Some(class) } = &**function else { return Rc::clone(function) };
        let hir = self.hir(*unit);
        let Some(definition) = hir.function() else { return Rc::clone(function) };
        if definition.decorators.is_empty() {
            return Rc::clone(function);
        }
        if let Some(Value::Function(known)) = self.functions.get(unit) {
            return Rc::clone(known);
        }
        let class = *class;
        let decorated = self.in_module(*unit, &hir, |this| this.decorated(Value::Function(Rc::new(Function::Unit { unit: *unit, class: Some(class) })), &definition.decorators));
        let marked = match &decorated {
            Value::Function(marked) => Rc::clone(marked),
            // An unknown decorator: the method is not known.
            _ => Rc::new(Function::Builtin(Name::new("unknown"))),
        };
        self.functions.insert(*unit, Value::Function(Rc::clone(&marked)));
        marked
    }

    /// The attribute `name` that the class body or a base assigns.
    pub(super) fn class_attribute(&mut self, class: ClassId, name: Name) -> Option<Value> {
        let class = self.class(class);
        for &base in &class.order {
            let base = self.class(base);
            if let Some(&expr) = base.attributes.get(name) {
                let hir = self.hir(base.unit);
                let unit = base.unit;
                return Some(self.in_module(unit, &hir, |this| this.expr(expr)));
            }
        }
        None
    }

    /// A new instance without running `__init__`.
    pub(super) fn instance(&mut self, class: ClassId, site: Site) -> Value {
        Value::Object(self.new_object(ObjectKey::Site(site), Object::new(ObjectKind::Instance, Some(class))))
    }

    /// `Class(arguments)`
    pub(super) fn instantiate(&mut self, class: ClassId, arguments: Arguments, site: Site) -> Value {
        let new = self.names.new;
        if self.world.is_stub(self.class(class).unit.file)
            && let Some(function) = self.find_method(class, new)
        {
            return self.call_function(&function, arguments.with_receiver(Value::Class(class)), site);
        }
        let object = self.instance(class, site);
        if let (Value::Object(id), true) = (&object, self.open_loops > 0) {
            self.emit(EventKind::Made(*id), site, 4);
        }
        let init = self.names.init;
        match self.find_method(class, init) {
            Some(function) => {
                self.call_function(&function, arguments.with_receiver(object.clone()), site);
            }
            None if self.class(class).complete => self.set_fields(&object, &arguments),
            None => {
                self.set_fields(&object, &arguments);
                let values: Vec<Value> = arguments.values().cloned().collect();
                self.escape_all(&values, site);
            }
        }
        object
    }

    /// Sets the fields of a dataclass-like object: what is given, then defaults. Of an object that no caller makes nothing is known: its
    /// fields are symbols.
    pub(super) fn set_fields(&mut self, owner: &Value, given: &Arguments) {
        let Value::Object(id) = owner else { return };
        let Some(class) = self.state.object(*id).and_then(|object| object.class) else { return };
        let order = self.class(class).order.clone();
        let mut fields: Vec<Name> = Vec::new();
        for base in order.into_iter().rev() {
            let base = self.class(base);
            if !self.world.is_stub(base.unit.file) {
                fields.extend(base.fields.iter().filter(|field| !fields.contains(field)).copied().collect::<Vec<_>>());
            }
        }
        let is_open = given.more_positional || given.more_keywords || self.rooted == Some(*id);
        for (number, field) in fields.into_iter().enumerate() {
            let passed = given.positional.get(number).or_else(|| given.keyword(field.as_str())).cloned();
            let value = match passed {
                Some(value) => Some(value),
                None if is_open => Some(self.derived(ObjectKey::Attribute(*id, field), field.as_str(), &[], None)),
                // Its default is what the class says.
                None => None,
            };
            if let Some(value) = value {
                self.set_attribute(owner, field, value);
            }
        }
    }

    /// `super().name`
    pub(super) fn super_method(&mut self, receiver: &Value, after: ClassId, name: Name) -> Value {
        let Value::Object(id) = receiver else { return Value::Unknown };
        let Some(class) = self.state.object(*id).and_then(|object| object.class) else { return Value::Unknown };
        let order = self.class(class).order.clone();
        let skip = order.iter().position(|&base| base == after).map_or(order.len(), |at| at + 1);
        match self.find_method_from(class, name, skip) {
            Some(function) => self.bound(receiver, &function),
            // `object.__init__` takes nothing and does nothing.
            None if self.class(class).complete && name == self.names.init => Value::Function(Rc::new(Function::Builtin(Name::new("object")))),
            None => Value::Unknown,
        }
    }

    /// A method with its receiver, as its decorators say.
    pub(super) fn bound(&mut self, receiver: &Value, function: &Rc<Function>) -> Value {
        use crate::step::value::Mark;
        match &**function {
            Function::Marked { function, mark: Mark::Static } => Value::Function(Rc::clone(function)),
            Function::Marked { function, mark: Mark::ClassMethod } => {
                let class = match receiver {
                    Value::Object(id) => self.state.object(*id).and_then(|object| object.class).map_or(Value::Unknown, Value::Class),
                    other => other.clone(),
                };
                Value::Function(Rc::new(Function::Bound { receiver: class, function: Rc::clone(function) }))
            }
            Function::Marked { function, mark: Mark::Property } => {
                let site = Site { slot: 9, ..self.site(NodeId::Stmt(StmtId(0))) };
                let site = Site { node: self.here.node, ..site };
                self.call_function(&Rc::clone(function), Arguments::of(vec![receiver.clone()]), site)
            }
            _ => Value::Function(Rc::new(Function::Bound { receiver: receiver.clone(), function: Rc::clone(function) })),
        }
    }

    /// Whether `class` derives from `base`.
    pub(super) fn derives(&self, class: ClassId, base: ClassId) -> bool {
        self.classes[class.0 as usize].order.contains(&base)
    }
}

/// Names that a class body assigns, with their expressions.
fn assigned(hir: &Hir, body: &Block) -> NameMap<ExprId> {
    let mut found = NameMap::default();
    for &stmt in body {
        let (target, value) = match hir.stmt(stmt) {
            Stmt::Assign { targets, value } => (targets.first().copied(), Some(*value)),
            Stmt::AnnotatedAssign { target, value, .. } => (Some(*target), *value),
            _ => continue,
        };
        if let (Some(target), Some(value)) = (target, value)
            && let Expr::Name(name) = hir.expr(target)
        {
            found.set(*name, value);
        }
    }
    found
}

/// Names that a class body annotates.
fn annotated(hir: &Hir, body: &Block) -> Vec<Name> {
    let target = |&stmt: &StmtId| match hir.stmt(stmt) {
        Stmt::AnnotatedAssign { target, .. } => Some(*target),
        _ => None,
    };
    let name = |target: ExprId| if let Expr::Name(name) = hir.expr(target) { Some(*name) } else { None };
    body.iter().filter_map(target).filter_map(name).collect()
}

/// Methods that a class body gives another name: `__call__ = forward`.
fn add_aliases(hir: &Hir, attributes: &NameMap<ExprId>, methods: &mut NameMap<Rc<Function>>) {
    for &(alias, value) in attributes.iter() {
        if let Expr::Name(name) = hir.expr(value)
            && methods.get(alias).is_none()
            && let Some(method) = methods.get(*name).cloned()
        {
            methods.set(alias, method);
        }
    }
}
