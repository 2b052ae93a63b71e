//! Making tensors.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Interpreter;
use crate::step::context::Site;
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::{FeatureAxis, Origin, Scale, Tensor, TensorId, TensorKey};
use crate::step::value::{ClassId, Truth, Value};
use crate::syntax::{FileId, Name};

/// What is known of a new tensor beside its inputs.
pub(super) struct Shape {
    pub(super) origin: Origin,
    pub(super) parameters: ParameterSet,
    pub(super) cut: Option<Arc<str>>,
    pub(super) features: Option<i64>,
    pub(super) axis: FeatureAxis,
    pub(super) rank: Option<i64>,
    pub(super) scale: Scale,
}

impl Shape {
    /// An operation of which only the inputs are known.
    pub(super) fn operation() -> Self {
        Self { origin: Origin::Operation, parameters: ParameterSet::default(), cut: None, features: None, axis: FeatureAxis::Last, rank: None, scale: Scale::Unknown }
    }

    /// As [`Self::operation`], element by element on `tensor`: the axes stay, the scale is lost.
    pub(super) fn elementwise(tensor: &Tensor) -> Self {
        Self { features: tensor.features, axis: tensor.axis, rank: tensor.rank, ..Self::operation() }
    }
}

impl Interpreter<'_> {
    /// The tensor that `site` makes from `inputs`.
    pub(super) fn new_tensor(&mut self, site: Site, inputs: BTreeSet<TensorId>, shape: Shape, class: Option<ClassId>) -> Value {
        let class = class.or_else(|| inputs.iter().find_map(|&input| self.tensors.get(input).class));
        let tensor = Tensor {
            origin: shape.origin,
            inputs,
            parameters: shape.parameters,
            cut: shape.cut.or_else(|| self.gradient_cut()),
            features: shape.features,
            axis: shape.axis,
            rank: shape.rank,
            scale: shape.scale,
            class,
            place: self.here,
            context: self.here_context,
            observed: false,
            opaque: false,
        };
        Value::Tensor(self.tensors.intern(TensorKey::Site(site), tensor))
    }

    /// Why no gradient is recorded at this point, if so.
    pub(super) fn gradient_cut(&self) -> Option<Arc<str>> {
        (self.state.ambient(self.names.gradient) == Some(&Value::Bool(false))).then(|| Arc::from("no_grad"))
    }

    /// The tensor of a value, if it is or stands for one.
    pub(super) fn tensor_of(&mut self, value: &Value) -> Option<TensorId> {
        match value {
            Value::Tensor(id) => Some(*id),
            Value::Object(id) => self.tensors.find(&TensorKey::Object(*id)),
            Value::Either(values) => {
                let values = std::rc::Rc::clone(values);
                let all: Option<Vec<TensorId>> = values.iter().filter(|value| **value != Value::None).map(|value| self.tensor_of(value)).collect();
                let all = all?;
                let (&first, rest) = all.split_first()?;
                Some(rest.iter().fold(first, |joined, &next| match self.join_values(&Value::Tensor(joined), &Value::Tensor(next)) {
                    Value::Tensor(id) => id,
                    _ => joined,
                }))
            }
            _ => None,
        }
    }

    /// All tensors among `values` and directly inside them.
    pub(super) fn tensors_in(&mut self, values: &[Value]) -> BTreeSet<TensorId> {
        let mut found = BTreeSet::new();
        for value in values {
            self.gather_tensors(value, &mut found, 0);
        }
        found
    }

    fn gather_tensors(&mut self, value: &Value, found: &mut BTreeSet<TensorId>, depth: u32) {
        if let Some(id) = self.tensor_of(value) {
            found.insert(id);
        } else if depth < 3 {
            for inner in self.contents(value) {
                self.gather_tensors(&inner, found, depth + 1);
            }
        }
    }

    /// The parameter that a tensor is, if it is one.
    pub(super) fn parameter_of(&self, id: TensorId) -> Option<ParameterId> {
        match self.tensors.get(id).origin {
            Origin::Parameter(parameter) => Some(parameter),
            _ => None,
        }
    }

    /// A parameter as a tensor.
    pub(super) fn parameter_tensor(&mut self, id: ParameterId) -> TensorId {
        if let Some(known) = self.tensors.find(&TensorKey::Parameter(id)) {
            return known;
        }
        let class = self.tensor_class();
        let place = self.parameters.get(id).place.unwrap_or(self.here);
        let tensor = Tensor {
            origin: Origin::Parameter(id),
            inputs: BTreeSet::new(),
            parameters: ParameterSet::default(),
            cut: None,
            features: None,
            axis: FeatureAxis::Last,
            rank: None,
            scale: Scale::Unknown,
            class,
            place,
            context: self.here_context,
            observed: false,
            opaque: false,
        };
        self.tensors.intern(TensorKey::Parameter(id), tensor)
    }

    /// The class of tensors that the running stub makes: the name `Tensor` in its module.
    pub(super) fn tensor_class(&mut self) -> Option<ClassId> {
        let file = self.state.frames.top()?.file;
        self.tensor_class_of(file)
    }

    pub(super) fn tensor_class_of(&mut self, file: FileId) -> Option<ClassId> {
        if !self.world.is_stub(file) {
            return None;
        }
        let name = self.names.tensor_class;
        match self.lookup(file, name) {
            crate::project::Binding::Class(unit) => match self.class_value(unit) {
                Value::Class(class) => Some(class),
                _ => None,
            },
            _ => None,
        }
    }

    /// A tensor computed from `value` by something of which nothing else is known.
    pub(super) fn derived_tensor(&mut self, value: &Value, site: Site) -> Value {
        let inputs = self.tensors_in(std::slice::from_ref(value));
        self.new_tensor(site, inputs, Shape::operation(), None)
    }

    /// `tensor.name`
    pub(super) fn tensor_attribute(&mut self, tensor: &Value, name: Name, site: Site) -> Value {
        let Value::Tensor(id) = tensor else { return Value::Unknown };
        let class = self.tensors.get(*id).class;
        if let Some(class) = class {
            if let Some(method) = self.find_method(class, name) {
                return self.bound(tensor, &method);
            }
            if let Some(value) = self.class_attribute(class, name) {
                return value;
            }
        }
        if name == "data" {
            let inputs = BTreeSet::from([*id]);
            let shape = Shape { cut: Some(Arc::from("detach")), ..Shape::elementwise(self.tensors.get(*id)) };
            return self.new_tensor(site, inputs, shape, class);
        }
        self.observe(tensor);
        Value::Unknown
    }

    /// `parameter.name`
    pub(super) fn parameter_attribute(&mut self, value: &Value, parameter: ParameterId, name: Name, site: Site) -> Value {
        match name.as_str() {
            "name" => match &self.parameters.get(parameter).path {
                Some(path) => Value::text(&format!("{path}:0")),
                None => Value::Unknown,
            },
            // An operation's name is the variable's without the output number, which no filter asks for.
            "op" => value.clone(),
            "requires_grad" | "trainable" => self.trainable(parameter).value(),
            "grad" => Value::Unknown,
            _ => self.tensor_attribute(value, name, site),
        }
    }

    /// Whether a parameter trains, at this point.
    pub(super) fn trainable(&self, parameter: ParameterId) -> Truth {
        self.state.is_trainable(parameter).unwrap_or_else(|| self.parameters.get(parameter).trainable)
    }
}
