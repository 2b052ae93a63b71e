//! Symbols: values of known identity and unknown content.

use std::collections::BTreeSet;

use super::arguments::Arguments;
use super::{Interpreter, ObjectKey};
use crate::step::context::Site;
use crate::step::event::EventKind;
use crate::step::parameters::{Parameter, ParameterId, ParameterKey, ParameterSet};
use crate::step::state::{Object, ObjectKind};
use crate::step::tensor::{FeatureAxis, Origin, Scale, Tensor, TensorId, TensorKey};
use crate::step::value::{ClassId, Function, ObjectId, Truth, Value};
use crate::syntax::Name;

impl Interpreter<'_> {
    /// A symbol that was computed from `inputs` with `parameters`, as far as gradients go.
    pub(super) fn new_symbol(&mut self, key: ObjectKey, text: &str, inputs: &BTreeSet<TensorId>, parameters: Option<ParameterSet>) -> Value {
        let class = self.symbol_class();
        let id = self.new_object(key, Object::new(ObjectKind::Symbol(Self::text(text)), class));
        // What is taken out of data is data: only what may hide parameters is opaque.
        let is_data = |&input: &TensorId| {
            let input = self.tensors.get(input);
            matches!(input.origin, Origin::Input(_)) && !input.opaque
        };
        let computed = parameters.is_some() || !inputs.iter().all(is_data);
        let tensor = Tensor {
            origin: if computed { Origin::Operation } else { Origin::Input(Some(id)) },
            inputs: inputs.clone(),
            parameters: parameters.unwrap_or_default(),
            cut: self.gradient_cut(),
            features: None,
            axis: FeatureAxis::default(),
            rank: None,
            scale: Scale::Unknown,
            class,
            place: self.here,
            context: self.here_context,
            observed: false,
            opaque: computed,
        };
        self.tensors.intern(TensorKey::Object(id), tensor);
        Value::Object(id)
    }

    /// A symbol that comes out of something unknown into which `values` went.
    pub(super) fn derived(&mut self, key: ObjectKey, text: &str, values: &[Value], parameters: Option<ParameterSet>) -> Value {
        if let Some(&known) = self.objects.get(&key)
            && !matches!(key, ObjectKey::Site(_))
            && self.state.object(known).is_some()
        {
            return Value::Object(known);
        }
        let inputs = self.tensors_in(values);
        self.new_symbol(key, text, &inputs, parameters)
    }

    /// The class that says how symbols behave.
    fn symbol_class(&mut self) -> Option<ClassId> {
        if self.symbols.is_none() {
            let module = self.world.stub(self.names.symbols_module)?;
            let unit = crate::syntax::UnitId { file: module, name: self.names.symbol, ordinal: 0 };
            if let Value::Class(class) = self.class_value(unit) {
                self.symbols = Some(class);
            }
        }
        self.symbols
    }

    pub(super) fn is_symbol(&self, id: ObjectId) -> bool {
        self.state.object(id).is_some_and(|object| matches!(object.kind, ObjectKind::Symbol(_)))
    }

    pub(super) fn symbol_attribute(&mut self, id: ObjectId, name: Name) -> Value {
        let receiver = Value::Object(id);
        if let Some(class) = self.state.object(id).and_then(|object| object.class)
            && let Some(function) = self.find_method(class, name)
        {
            return self.bound(&receiver, &function);
        }
        let value = self.derived(ObjectKey::Attribute(id, name), name.as_str(), &[receiver], None);
        if let Some(object) = self.state.object_mut(id) {
            object.attributes.set(name, value.clone());
        }
        value
    }

    /// A symbol is called: what comes out depends on the arguments and on all its parameters. Without any tensor among the arguments it
    /// may have none: data comes out of such calls too (`iterator.get_next()`).
    pub(super) fn call_symbol(&mut self, callee: &Value, arguments: &Arguments, site: Site) -> Value {
        let values: Vec<Value> = arguments.values().cloned().collect();
        self.escape_all(&values, site);
        let is_applied = !self.tensors_in(&values).is_empty();
        let parameters = match callee {
            Value::Object(id) if is_applied => Some(ParameterSet::exactly([self.all_of(*id)])),
            Value::Object(id) => Some(ParameterSet { possible: [self.all_of(*id)].into(), ..ParameterSet::default() }),
            _ => None,
        };
        let mut inputs = values;
        inputs.push(callee.clone());
        self.derived(ObjectKey::Site(site), "result", &inputs, parameters)
    }

    /// All parameters of an object of unknown content.
    pub(super) fn all_of(&mut self, id: ObjectId) -> ParameterId {
        let place = self.here;
        self.parameters.intern(ParameterKey::AllOf(id), || Parameter { path: None, trainable: Truth::Unknown, buffer: false, place: Some(place), all_of: Some(id) })
    }

    /// Values are passed to something unknown: tensors count as used, objects may be changed.
    pub(super) fn escape_all(&mut self, values: &[Value], site: Site) {
        let mut objects = Vec::new();
        for value in values {
            self.escape(value);
            self.gather_objects(value, &mut objects, 0);
        }
        if !objects.is_empty() {
            self.emit(EventKind::Opaque(objects), site, 1);
        }
    }

    fn gather_objects(&self, value: &Value, found: &mut Vec<Value>, depth: u32) {
        if depth > 3 {
            return;
        }
        match value {
            Value::Object(id) if !found.contains(value) => {
                let Some(object) = self.state.object(*id) else { return };
                match &object.kind {
                    ObjectKind::Instance | ObjectKind::Symbol(_) => {
                        found.push(value.clone());
                        for (_, inner) in object.attributes.iter() {
                            self.gather_objects(inner, found, depth + 1);
                        }
                    }
                    _ => self.contents(value).iter().for_each(|inner| self.gather_objects(inner, found, depth + 1)),
                }
            }
            Value::Tuple(values) | Value::Either(values) => values.iter().for_each(|inner| self.gather_objects(inner, found, depth + 1)),
            Value::Parameters(_) => found.push(value.clone()),
            Value::Function(function) => match &**function {
                Function::Bound { receiver, .. } => self.gather_objects(receiver, found, depth + 1),
                Function::Partial { function, positional, keywords } => {
                    let values = positional.iter().chain(keywords.iter().map(|(_, value)| value)).chain([function]);
                    values.for_each(|value| self.gather_objects(value, found, depth + 1));
                }
                _ => {}
            },
            _ => {}
        }
    }
}
