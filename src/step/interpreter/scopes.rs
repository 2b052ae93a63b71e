//! Variable scopes and the variables of the default graph.

use std::rc::Rc;
use std::sync::Arc;

use super::arguments::Arguments;
use super::{Interpreter, ObjectKey};
use crate::step::context::Site;
use crate::step::parameters::{Parameter, ParameterKey};
use crate::step::state::{Object, ObjectKind, Scope};
use crate::step::value::{Function, NameMap, Truth, Value};
use crate::syntax::Name;

impl Interpreter<'_> {
    /// Enters a variable scope and returns it as an object.
    pub(super) fn push_scope(&mut self, name: &Value, arguments: &Arguments, site: Site) -> Value {
        let outer = self.state.scopes.last().and_then(|scope| scope.path.clone());
        let inside = |name: &str| outer.as_ref().map(|outer| Arc::from(format!("{outer}{name}/")));
        let path = match name {
            Value::Str(name) => inside(name),
            Value::None => match arguments.get(1, "default").cloned() {
                Some(default @ Value::Str(_)) => match self.unique_name(&default) {
                    Value::Str(name) => inside(&name),
                    _ => None,
                },
                Some(Value::None) | None => outer.clone(),
                Some(_) => None,
            },
            // A scope that was kept: its path replaces the present one.
            Value::Object(id) => match self.state.object(*id).and_then(|object| object.attributes.get(self.names.scope_name).cloned()) {
                Some(Value::Str(path)) if path.is_empty() => Some(path),
                Some(Value::Str(path)) => Some(Arc::from(format!("{path}/"))),
                _ => None,
            },
            _ => None,
        };
        let reuse = arguments.get(2, "reuse").cloned().unwrap_or(Value::None);
        let object = self.new_scope_object(path.as_deref(), reuse, site);
        Rc::make_mut(&mut self.state.scopes).push(Scope { path, taken: NameMap::default(), object: object.clone() });
        object
    }

    /// The innermost scope as an object.
    pub(super) fn scope_object(&mut self, site: Site) -> Value {
        match self.state.scopes.last() {
            Some(scope) if scope.object != Value::Unknown => scope.object.clone(),
            Some(scope) => {
                let path = scope.path.clone();
                self.new_scope_object(path.as_deref(), Value::None, site)
            }
            None => Value::Unknown,
        }
    }

    fn new_scope_object(&mut self, path: Option<&str>, reuse: Value, site: Site) -> Value {
        let id = self.new_object(ObjectKey::Site(Site { slot: site.slot + 40, ..site }), Object::new(ObjectKind::Instance, None));
        let name = path.map_or(Value::Unknown, |path| Value::text(path.trim_end_matches('/')));
        let receiver = Value::Object(id);
        let reuse_variables = Value::Function(Rc::new(Function::Method { receiver: receiver.clone(), name: self.names.reuse_variables }));
        let (scope_name, reuse_variables_name) = (self.names.scope_name, self.names.reuse_variables);
        if let Some(object) = self.state.object_mut(id) {
            object.attributes.set(scope_name, name.clone());
            object.attributes.set(Name::new("original_name_scope"), name);
            object.attributes.set(Name::new("reuse"), reuse);
            object.attributes.set(reuse_variables_name, reuse_variables);
        }
        receiver
    }

    /// A name that is not taken in the innermost scope.
    pub(super) fn unique_name(&mut self, default: &Value) -> Value {
        let (Some(text), Some(scope)) = (default.as_text(), Rc::make_mut(&mut self.state.scopes).last_mut()) else { return Value::Unknown };
        let key = Name::new(text);
        let count = scope.taken.get(key).copied().unwrap_or(0);
        scope.taken.set(key, count + 1);
        if count == 0 { default.clone() } else { Value::text(&format!("{text}_{count}")) }
    }

    /// A variable of the default graph, made or found again.
    pub(super) fn make_variable(&mut self, name: &Value, arguments: &Arguments, site: Site) -> Value {
        let fresh = arguments.keyword("fresh").cloned().is_some_and(|value| self.truth(&value) == Truth::Yes);
        let scope = self.state.scopes.last().and_then(|scope| scope.path.clone());
        let name = if fresh { self.unique_name(name) } else { name.clone() };
        let path: Option<Arc<str>> = match (scope, name.as_text()) {
            (Some(scope), Some(name)) => Some(Arc::from(format!("{scope}{name}"))),
            _ => None,
        };
        let trainable = arguments.get(1, "trainable").cloned().map_or(Truth::Yes, |value| self.truth(&value));
        let buffer = arguments.keyword("buffer").cloned().is_some_and(|value| self.truth(&value) == Truth::Yes);
        let key = match &path {
            Some(path) if !fresh => ParameterKey::Path(Arc::clone(path)),
            _ => ParameterKey::Site(site),
        };
        let place = self.here;
        let id = self.parameters.intern(key, || Parameter { path, trainable, buffer, place: Some(place), all_of: None });
        if !self.state.graph.contains(&id) {
            Rc::make_mut(&mut self.state.graph).push(id);
        }
        Value::Tensor(self.parameter_tensor(id))
    }

    /// The default graph is emptied.
    pub(super) fn reset_graph(&mut self) {
        self.state.graph = Rc::default();
        self.state.graph_open = false;
        self.state.collections = Rc::default();
    }
}
