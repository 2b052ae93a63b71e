//! Calls.

use std::rc::Rc;

use super::arguments::{Arguments, Bound, BoundValue};
use super::{Interpreter, MAX_DEPTH};
use crate::step::context::{ContextId, Site};
use crate::step::state::{Frame, ObjectKind, State, Tree};
use crate::step::value::{ClassId, Function, NameMap, Value};
use crate::finding::Literal;
use crate::step::view::{Call, Entry, Manner, Origin};
use super::expr::constant;
use crate::syntax::hir::{Expr, FunctionDef, NodeId, Stmt, StmtId};
use crate::syntax::{Name, UnitId};

impl Interpreter<'_> {
    /// `callee(arguments)`
    pub(super) fn call(&mut self, callee: &Value, arguments: Arguments, site: Site) -> Value {
        match callee {
            Value::Function(function) => self.call_function(function, arguments, site),
            Value::Class(class) => self.instantiate(*class, arguments, site),
            Value::Object(id) => match self.state.object(*id).map(|object| object.kind.clone()) {
                Some(ObjectKind::Instance) => self.call_instance(callee, arguments, site),
                Some(ObjectKind::Symbol(_)) => self.call_symbol(callee, &arguments, site),
                _ => self.call_unknown(&arguments, site),
            },
            Value::Either(values) => {
                let values = Rc::clone(values);
                let around = self.choice.replace(site);
                let result = self.assuming(|this| this.for_each_alternative(&values, |this, value| this.call(value, arguments.clone(), site)));
                self.choice = around;
                result
            }
            _ => self.call_unknown(&arguments, site),
        }
    }

    /// Does something that is done only if something holds that is not known.
    pub(super) fn assuming<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.assumptions += 1;
        let result = work(self);
        self.assumptions -= 1;
        result
    }

    /// Runs one side of a condition that is not known. What project code writes there is a fact; what a framework does there is not.
    pub(super) fn undecided<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        if self.in_stub() { self.assuming(work) } else { work(self) }
    }

    /// Does the same for every alternative of a value, each from the present state, and joins what comes of it.
    pub(super) fn for_each_alternative(&mut self, values: &[Value], mut work: impl FnMut(&mut Self, &Value) -> Value) -> Value {
        let before = self.state.clone();
        let mut joined: Option<(State, Value)> = None;
        for value in values {
            self.state = before.clone();
            let result = work(self, value);
            let state = self.take_state();
            joined = Some(match joined {
                None => (state, result),
                Some((known, old)) => {
                    let state = self.join(known, state);
                    (state, self.join_values(&old, &result))
                }
            });
        }
        match joined {
            Some((state, value)) => {
                self.state = state;
                value
            }
            None => {
                self.state = before;
                Value::Unknown
            }
        }
    }

    pub(super) fn call_function(&mut self, function: &Rc<Function>, arguments: Arguments, site: Site) -> Value {
        match &**function {
            Function::Unit { unit, class } => self.call_unit(*unit, *class, &arguments, site),
            Function::Closure(closure) => self.call_closure(closure, &arguments, site),
            Function::Bound { receiver, function } => self.call_function(function, arguments.with_receiver(receiver.clone()), site),
            Function::Partial { function, positional, keywords } => {
                let mut all = arguments;
                all.positional.splice(0..0, positional.iter().cloned());
                for (name, value) in keywords {
                    if !all.keywords.iter().any(|(known, _)| known == name) {
                        all.keywords.push((*name, value.clone()));
                    }
                }
                self.call(function, all, site)
            }
            Function::Super { .. } => self.call_unknown(&arguments, site),
            Function::Primitive(name) => self.primitive(*name, &arguments, site),
            Function::Builtin(name) => self.call_builtin(*name, &arguments, site),
            Function::Method { receiver, name } => self.call_method(receiver, *name, &arguments, site),
            Function::Marked { function, .. } => self.call_function(function, arguments, site),
        }
    }

    /// Calls the special method `name` of an instance, if its class has one.
    pub(super) fn call_special(&mut self, receiver: &Value, name: Name, arguments: Vec<Value>, site: Site) -> Option<Value> {
        let Value::Object(id) = receiver else { return None };
        let class = self.state.object(*id)?.class?;
        let method = self.find_method(class, name)?;
        Some(self.call_function(&method, Arguments::of(arguments).with_receiver(receiver.clone()), site))
    }

    fn call_instance(&mut self, callee: &Value, arguments: Arguments, site: Site) -> Value {
        let Value::Object(id) = callee else { return Value::Unknown };
        let class = self.state.object(*id).and_then(|object| object.class);
        match class.and_then(|class| self.find_method(class, self.names.call)) {
            Some(method) => self.call_function(&method, arguments.with_receiver(callee.clone()), site),
            None => {
                self.escape(callee);
                self.call_unknown(&arguments, site)
            }
        }
    }

    /// Something that is not known is called.
    pub(super) fn call_unknown(&mut self, arguments: &Arguments, site: Site) -> Value {
        let values: Vec<Value> = arguments.values().cloned().collect();
        self.escape_all(&values, site);
        self.derived(super::ObjectKey::Site(site), "result", &values, None)
    }

    fn call_unit(&mut self, unit: UnitId, class: Option<ClassId>, arguments: &Arguments, site: Site) -> Value {
        let hir = self.hir(unit);
        let Some(definition) = hir.function() else { return self.call_unknown(arguments, site) };
        let nested = self.running.iter().filter(|&&running| running == unit).count();
        // A framework's `__call__` runs once for every nested layer; project code that meets itself again is recursive.
        let limit = if self.world.is_stub(unit.file) { MAX_DEPTH as usize } else { 1 };
        if hir.broken || definition.is_generator || nested >= limit || self.running.len() >= MAX_DEPTH as usize {
            return self.call_unknown(arguments, site);
        }
        let is_stub = self.world.is_stub(unit.file);
        let manner = match self.choice {
            _ if (self.in_stub() || site.context != self.here_context) && self.assumptions > 0 => Manner::Assumed,
            _ if self.in_stub() || site.context != self.here_context => Manner::Nested,
            Some(choice) if choice == site => Manner::Alternative,
            _ => Manner::Direct,
        };
        let bound = self.bind_arguments(unit, &definition.parameters, arguments);
        let context = self.contexts.call(site.context, site.node, unit, site.slot);
        if self.is_built_here() {
            self.contexts.set_builds(context);
        }
        let origins: Vec<(Name, Origin)> = bound.iter().map(|bound| (bound.name, bound.origin)).collect();
        let locals = self.bound_locals(unit, definition, &hir, bound, context);
        if is_stub && super::stub::writes(&hir, definition, &locals) {
            locals.iter().for_each(|(_, value)| self.observe(value));
        }
        let number = is_stub.then(|| self.record(unit, context, &locals, &origins, manner, class));
        let entry = (!is_stub).then(|| self.record_entry(unit, context, &locals, &origins, class));
        let result = if is_stub && super::stub::is_signature_only(&hir, definition) {
            self.call_signature(unit, definition, &hir, &locals, context)
        } else {
            if !is_stub {
                self.visit(unit, context);
            }
            let receiver = definition.parameters.first().filter(|_| class.is_some()).and_then(|first| locals.get(first.name).cloned());
            if let Some(Value::Object(object)) = receiver {
                self.called.insert((object, definition.name));
            }
            self.running.push(unit);
            self.call_frame(unit, class, context, &hir, locals, receiver);
            let assumptions = self.assumptions;
            if !is_stub {
                // What project code writes down is a fact wherever it is called from.
                self.assumptions = 0;
            }
            let result = self.run_body(&definition.body);
            self.assumptions = assumptions;
            self.pop_frame();
            self.running.pop();
            result
        };
        if let Some(number) = number {
            self.calls[number].result = result.clone();
        }
        if let Some(entry) = entry {
            self.remember_returned(context, &result);
            self.trace.entries[entry].result = result.clone();
        }
        result
    }

    /// Remembers the tensors that a call gives back: its caller may leave them unread, the function does not.
    pub(super) fn remember_returned(&mut self, context: ContextId, result: &Value) {
        let tensors = self.tensors_in(std::slice::from_ref(result));
        self.trace.returned.entry(context).or_default().extend(tensors);
    }

    /// Remembers a call of a project function, for what a test has to pass.
    fn record_entry(&mut self, unit: UnitId, context: ContextId, locals: &NameMap<Value>, origins: &[(Name, Origin)], class: Option<ClassId>) -> usize {
        let arguments: Vec<_> = origins.iter().map(|(name, origin)| (*name, locals.get(*name).cloned().unwrap_or(Value::Unknown), *origin)).collect();
        arguments.iter().for_each(|(_, value, _)| self.remember_constant(value));
        let entry = Entry { unit, class, place: self.here, caller: self.here_context, context, arguments, result: Value::Unknown };
        match self.trace.entries.iter().position(|known| known.unit == unit && known.context == context) {
            Some(known) => {
                self.trace.entries[known] = entry;
                known
            }
            None => {
                self.trace.entries.push(entry);
                self.trace.entries.len() - 1
            }
        }
    }

    /// Remembers the elements of a list of constants: the heap is gone when somebody asks.
    fn remember_constant(&mut self, value: &Value) {
        if let Value::Object(id) = value
            && let Some(literal) = self.constant(value, 0)
        {
            self.trace.constants.insert(*id, literal);
        }
    }

    /// Whether the project's code that runs is a constructor which calls the object it makes, and drops what comes out: `self(tf.zeros((1, 8)))`.
    fn is_built_here(&mut self) -> bool {
        if !self.here.unit.name.as_str().ends_with(".__init__") {
            return false;
        }
        let hir = self.hir(self.here.unit);
        let NodeId::Expr(id) = self.here.node else { return false };
        let Expr::Call { callee, .. } = hir.expr(id) else { return false };
        let own = hir.function().and_then(|definition| definition.parameters.first()).map(|parameter| parameter.name);
        matches!(hir.expr(*callee), Expr::Name(name) if Some(*name) == own) && hir.stmts.iter().any(|stmt| matches!(stmt, Stmt::Expr(dropped) if *dropped == id))
    }

    fn constant(&self, value: &Value, depth: u32) -> Option<Literal> {
        match value {
            Value::Object(_) | Value::Tuple(_) if depth < 4 => {
                let elements = self.list_elements(value)?;
                let items = elements.iter().map(|element| self.constant(element, depth + 1)).collect::<Option<Vec<_>>>()?;
                Some(if matches!(value, Value::Tuple(_)) { Literal::Tuple(items) } else { Literal::List(items) })
            }
            plain => plain.as_literal(),
        }
    }

    /// Remembers a call of a framework function, for rules that ask for its arguments.
    fn record(&mut self, unit: UnitId, context: ContextId, locals: &NameMap<Value>, origins: &[(Name, Origin)], manner: Manner, class: Option<ClassId>) -> usize {
        let arguments: Vec<_> = origins.iter().map(|(name, origin)| (*name, locals.get(*name).cloned().unwrap_or(Value::Unknown), *origin)).collect();
        arguments.iter().for_each(|(_, value, _)| self.remember_constant(value));
        let method = self.state.frames.iter().find(|frame| !frame.is_stub).map(|frame| (frame.unit, frame.class));
        let call = Call {
            callee: unit,
            place: self.here,
            context: self.here_context,
            arguments,
            manner,
            receiver_class: class,
            caller: method.map(|(unit, _)| unit),
            caller_class: method.and_then(|(_, class)| class),
            result: Value::Unknown,
            gradient: self.state.ambient(self.names.gradient) != Some(&Value::Bool(false)),
            guarded: self.state.ambient(self.names.guard).is_some(),
        };
        let key = (unit, self.here, self.here_context, context);
        if let Some(&known) = self.call_numbers.get(&key) {
            self.calls[known].merge(call);
            return known;
        }
        self.calls.push(call);
        self.call_numbers.insert(key, self.calls.len() - 1);
        self.calls.len() - 1
    }

    fn bound_locals(&mut self, unit: UnitId, definition: &FunctionDef, hir: &Tree, bound: Vec<Bound>, context: ContextId) -> NameMap<Value> {
        let mut locals = Vec::with_capacity(bound.len());
        for (number, (bound, parameter)) in bound.into_iter().zip(&definition.parameters).enumerate() {
            let site = Site { context, node: crate::syntax::hir::NodeId::Stmt(StmtId(u32::MAX)), slot: number as u32 };
            let value = match bound.value {
                BoundValue::Given(value) => value,
                BoundValue::Default => match parameter.default.map(|default| (default, hir.expr(default))) {
                    Some((_, Expr::Literal(literal))) => constant(literal),
                    Some((default, _)) => self.in_module(unit, hir, |this| this.expr(default)),
                    None => Value::Unknown,
                },
                BoundValue::Positional(values, exact) => {
                    if exact {
                        self.tuple(values)
                    } else {
                        self.new_list(site, values, false)
                    }
                }
                BoundValue::Keywords(values, exact) => {
                    let entries = values.into_iter().map(|(name, value)| (Value::text(name.as_str()), value)).collect();
                    self.new_dict(site, entries, exact)
                }
            };
            locals.push((bound.name, value));
        }
        NameMap::of_distinct(locals)
    }

    pub(super) fn call_frame(&mut self, unit: UnitId, class: Option<ClassId>, context: ContextId, hir: &Tree, locals: NameMap<Value>, receiver: Option<Value>) {
        let frame = Frame { locals, class, receiver, ..self.new_frame(unit, context, hir) };
        self.push_frame(frame);
    }

    /// Runs the body of a function in the frame that was pushed for it, and joins the ways in which it returns.
    pub(super) fn run_body(&mut self, body: &[StmtId]) -> Value {
        // What a project function entered with `with` it leaves when it returns; a stub's `__enter__` leaves it entered.
        let depth = (!self.in_stub()).then(|| self.depth());
        let before = Rc::clone(&self.state.frontier);
        self.returns.push(Vec::new());
        let exits = std::mem::take(&mut self.exits);
        self.block(body);
        self.exits = exits;
        if self.state.alive {
            self.leave(Value::None);
        }
        let returns = self.returns.pop().unwrap_or_default();
        let mut joined: Option<(State, Value)> = None;
        for (mut state, value) in returns {
            if let Some(depth) = depth {
                Self::restore(&mut state, depth);
            }
            joined = Some(match joined {
                None => (state, value),
                Some((known, old)) => {
                    let state = self.join(known, state);
                    (state, self.join_values(&old, &value))
                }
            });
        }
        match joined {
            Some((state, value)) => {
                self.state = state;
                value
            }
            None => {
                // Every path raises: what follows the call is not reached.
                self.state.alive = false;
                if self.state.frontier.is_empty() {
                    self.state.frontier = before;
                }
                Value::Unknown
            }
        }
    }
}
