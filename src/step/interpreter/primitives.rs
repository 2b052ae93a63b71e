//! The primitives of the stubs (`backprobe/primitives.pyi`).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::arguments::Arguments;
use super::expr::constant;
use super::tensors::Shape;
use super::{Interpreter, ObjectKey};
use crate::step::context::Site;
use crate::step::event::EventKind;
use crate::step::parameters::{Parameter, ParameterKey, ParameterSet};
use crate::step::tensor::{FeatureAxis, Origin, Scale};
use crate::step::value::{ClassId, Function, Truth, Value};
use crate::syntax::Name;
use crate::syntax::hir::Expr;

impl Interpreter<'_> {
    pub(super) fn primitive(&mut self, name: Name, arguments: &Arguments, site: Site) -> Value {
        let first = arguments.positional.first().cloned().unwrap_or(Value::None);
        match name.as_str() {
            "tensor" => self.make_tensor(arguments, site, Origin::Operation),
            "layer" => self.make_tensor(arguments, site, Origin::Layer),
            "like" => self.make_like(arguments, site),
            "cut" => self.make_cut(&first, arguments, site),
            "features" => self.tensor_of(&first).and_then(|id| self.tensors.get(id).features).map_or(Value::Unknown, Value::Int),
            "rank" => self.tensor_of(&first).and_then(|id| self.tensors.get(id).rank).map_or(Value::Unknown, Value::Int),
            "observe" => {
                arguments.values().cloned().collect::<Vec<_>>().iter().for_each(|value| self.observe(value));
                Value::None
            }
            "parameter" => self.make_parameter(arguments, site),
            "variable" => self.make_variable(&first, arguments, site),
            "parameters" => Value::Parameters(self.parameters_of(&first, class_of(arguments.get(1, "registers"))).into()),
            "named_parameters" => self.named_parameters(&first, arguments, site),
            "parameter_set" => Value::Parameters(self.parameter_set(&arguments.positional).into()),
            "reached" => Value::Parameters(self.reached_by(&arguments.positional).into()),
            "graph_variables" => {
                let scope = arguments.get(0, "scope").cloned().unwrap_or(Value::None);
                let trainable = arguments.get(1, "trainable") != Some(&Value::None);
                Value::Parameters(self.graph_variables(&scope, trainable).into())
            }
            "modules" => self.module_list(&first, arguments, site),
            "push_scope" => self.push_scope(&first, arguments, site),
            "pop_scope" => {
                if self.state.scopes.len() > 1 {
                    std::rc::Rc::make_mut(&mut self.state.scopes).pop();
                }
                Value::None
            }
            "unique_name" => self.unique_name(&first),
            "push" => {
                let value = arguments.positional.get(1).cloned().unwrap_or(Value::None);
                if let Some(kind) = first.as_text() {
                    self.state.enter(Name::new(kind), value);
                }
                Value::None
            }
            "pop" => {
                if let Some(kind) = first.as_text().map(Name::new)
                    && let Some(at) = self.state.ambient.iter().rposition(|(known, _)| *known == kind)
                {
                    std::rc::Rc::make_mut(&mut self.state.ambient).remove(at);
                }
                Value::None
            }
            "ambient" if first.as_text() == Some("scope") => self.scope_object(site),
            "ambient" => first.as_text().and_then(|kind| self.state.ambient(Name::new(kind)).cloned()).unwrap_or(Value::None),
            "event" => self.make_event(&first, arguments, site),
            "collect" => self.collect(&first, arguments.positional.get(1).cloned().unwrap_or(Value::None)),
            "collection" => {
                let found = self.state.collections.iter().filter(|(key, _)| *key == first).map(|(_, value)| value.clone()).collect();
                self.new_list(site, found, first.is_plain() && !self.state.graph_open)
            }
            "accepts_arg_scope" | "asks_shape" | "called_by_framework" | "draws_random" | "in_place" | "detaches" => first,
            "call" => self.call_through(&first, arguments, site),
            "copied" => {
                let is_deep = arguments.get(1, "deep") == Some(&Value::Bool(true));
                self.copy_of(&first, is_deep, site)
            }
            "default" => match (&first, arguments.get(1, "name").and_then(Value::as_text)) {
                (Value::Function(function), Some(name)) => self.default_of(function, Name::new(name)),
                _ => Value::Unknown,
            },
            "partial" => self.make_partial(&first, arguments),
            "set_fields" => {
                let given = self.passed_on(arguments);
                self.set_fields(&first, &given);
                Value::None
            }
            _ => self.call_unknown(arguments, site),
        }
    }

    fn make_tensor(&mut self, arguments: &Arguments, site: Site, origin: Origin) -> Value {
        let inputs = self.tensors_in(&arguments.positional);
        let parameters = match arguments.keyword("parameters") {
            Some(Value::Parameters(set)) => (**set).clone(),
            Some(given) => {
                let given = given.clone();
                let mut values = self.contents(&given);
                values.retain(|value| *value != Value::None);
                if values.is_empty() { ParameterSet::default() } else { self.parameter_set(&values) }
            }
            None => ParameterSet::default(),
        };
        let number = |name: &str| arguments.keyword(name).and_then(Value::as_int);
        let scale = arguments.keyword("scale").and_then(Value::as_text).map_or(Scale::Unknown, scale_called);
        let (features, rank) = (number("features"), number("rank"));
        let axis = match number("axis") {
            Some(1) => FeatureAxis::Second,
            Some(_) => FeatureAxis::Last,
            // Where features and rank are those of the first input, so are the axes.
            None => {
                let model = inputs.first().map(|&input| self.tensors.get(input)).filter(|model| (model.features, model.rank) == (features, rank));
                model.map_or(FeatureAxis::Last, |model| model.axis)
            }
        };
        let shape = Shape { origin, parameters, features, axis, rank, scale, cut: None };
        let class = self.tensor_class();
        self.new_tensor(site, inputs, shape, class)
    }

    fn make_like(&mut self, arguments: &Arguments, site: Site) -> Value {
        let inputs = self.tensors_in(&arguments.positional);
        let model = arguments.positional.first().cloned().and_then(|first| self.tensor_of(&first));
        let model = model.map(|id| self.tensors.get(id));
        let shape = model.map_or_else(Shape::operation, Shape::elementwise);
        let (scale, class) = model.map_or((Scale::Unknown, None), |model| (model.scale, model.class));
        let scale = arguments.keyword("scale").and_then(Value::as_text).map_or(scale, scale_called);
        let own = self.tensor_class();
        self.new_tensor(site, inputs, Shape { scale, ..shape }, own.or(class))
    }

    pub(super) fn make_cut(&mut self, value: &Value, arguments: &Arguments, site: Site) -> Value {
        let reason = arguments.get(1, "reason").and_then(Value::as_text).unwrap_or("detach").to_owned();
        let inputs = self.tensors_in(std::slice::from_ref(value));
        let model = inputs.first().map(|&id| self.tensors.get(id));
        let shape = Shape { cut: Some(Arc::from(reason)), ..model.map_or_else(Shape::operation, Shape::elementwise) };
        let class = model.and_then(|model| model.class);
        self.new_tensor(site, inputs, shape, class)
    }

    fn make_parameter(&mut self, arguments: &Arguments, site: Site) -> Value {
        let trainable = arguments.get(0, "trainable").cloned().map_or(Truth::Yes, |value| self.truth(&value));
        let place = self.here;
        let id = self.parameters.intern(ParameterKey::Site(site), || Parameter { path: None, trainable, buffer: false, place: Some(place), all_of: None });
        Value::Tensor(self.parameter_tensor(id))
    }

    /// The parameters that the tensors among `values` were computed with.
    fn reached_by(&mut self, values: &[Value]) -> ParameterSet {
        let mut reached = ParameterSet::default();
        for tensor in self.tensors_in(values) {
            for id in self.tensors.ancestors(tensor, false) {
                let tensor = self.tensors.get(id);
                reached.extend(&tensor.parameters);
                reached.open |= tensor.opaque;
                if let Origin::Parameter(parameter) = tensor.origin {
                    reached.certain.insert(parameter);
                }
            }
        }
        reached
    }

    fn named_parameters(&mut self, owner: &Value, arguments: &Arguments, site: Site) -> Value {
        let (found, open) = self.registered_parameters(owner, class_of(arguments.get(1, "registers")));
        let mut pairs = Vec::new();
        for (path, parameter) in found {
            let whole = self.parameters.get(parameter).all_of.is_some();
            let value = if whole { Value::Parameters(ParameterSet::exactly([parameter]).into()) } else { Value::Tensor(self.parameter_tensor(parameter)) };
            let name = if whole { Value::Unknown } else { Value::text(&path) };
            pairs.push(Value::Tuple(std::rc::Rc::from([name, value])));
        }
        self.new_list(site, pairs, !open)
    }

    fn module_list(&mut self, owner: &Value, arguments: &Arguments, site: Site) -> Value {
        let (found, open) = self.registered_modules(owner, class_of(arguments.get(1, "registers")));
        let values = found.into_iter().map(|module| module.value).collect();
        self.new_list(site, values, !open)
    }

    fn make_event(&mut self, name: &Value, arguments: &Arguments, site: Site) -> Value {
        let Some(name) = name.as_text().map(Name::new) else { return Value::None };
        let subject = arguments.positional.get(1).cloned().unwrap_or(Value::None);
        let details = arguments.keywords.clone();
        self.observe(&subject);
        details.iter().for_each(|(_, value)| self.observe(value));
        if name == "reset" {
            self.reset_graph();
        }
        self.emit(EventKind::Named { name, subject, details }, site, 2);
        Value::None
    }

    fn collect(&mut self, key: &Value, value: Value) -> Value {
        self.observe(&value);
        let all = std::rc::Rc::make_mut(&mut self.state.collections);
        if !all.iter().any(|(known, old)| known == key && *old == value) {
            all.push((key.clone(), value));
        }
        Value::None
    }

    /// `call(function, args, kwargs)`
    fn call_through(&mut self, function: &Value, arguments: &Arguments, site: Site) -> Value {
        let passed = self.passed_on(arguments);
        match function {
            Value::None => passed.positional.first().cloned().unwrap_or(Value::Unknown),
            _ => self.call(function, passed, site),
        }
    }

    /// The default of a parameter, as far as it is a constant.
    fn default_of(&mut self, function: &Function, name: Name) -> Value {
        match function {
            Function::Bound { function, .. } | Function::Marked { function, .. } => self.default_of(function, name),
            Function::Unit { unit, .. } => {
                let hir = self.hir(*unit);
                let Some(definition) = hir.function() else { return Value::Unknown };
                let parameter = definition.parameters.iter().find(|parameter| parameter.name == name);
                match parameter.and_then(|parameter| parameter.default).map(|default| hir.expr(default)) {
                    None => Value::None,
                    Some(Expr::Literal(literal)) => constant(literal),
                    Some(_) => Value::Unknown,
                }
            }
            _ => Value::Unknown,
        }
    }

    /// `partial(function, args, kwargs, otherwise)`
    fn make_partial(&self, function: &Value, arguments: &Arguments) -> Value {
        let Arguments { positional, keywords, more_positional: false, more_keywords: false, .. } = self.passed_on(arguments) else {
            return arguments.get(3, "otherwise").cloned().unwrap_or(Value::Unknown);
        };
        Value::Function(std::rc::Rc::new(Function::Partial { function: function.clone(), positional, keywords }))
    }

    /// The arguments of another function that are passed to a primitive, as `args` and `kwargs`.
    fn passed_on(&self, arguments: &Arguments) -> Arguments {
        let positional = arguments.get(1, "args").map(|args| self.list_elements(args));
        let keywords = arguments.get(2, "kwargs").filter(|value| **value != Value::None).map(|kwargs| self.known_entries(kwargs));
        let mut all = Arguments { more_positional: matches!(positional, Some(None)), more_keywords: matches!(keywords, Some(None)), ..Arguments::default() };
        all.positional = positional.flatten().unwrap_or_default();
        for (key, value) in keywords.flatten().unwrap_or_default() {
            match key.as_text() {
                Some(key) => all.keywords.push((Name::new(key), value)),
                None => all.more_keywords = true,
            }
        }
        all
    }

    /// A symbol that stands for what an annotation promises: unknown content, no tensor.
    pub(super) fn opaque(&mut self, site: Site, text: &str) -> Value {
        self.new_symbol(ObjectKey::Site(site), text, &BTreeSet::new(), None)
    }
}

fn class_of(value: Option<&Value>) -> Option<ClassId> {
    match value {
        Some(Value::Class(class)) => Some(*class),
        _ => None,
    }
}

/// The scale that stubs call `name`.
pub(super) fn scale_called(name: &str) -> Scale {
    match name {
        "logits" => Scale::Logits,
        "probabilities" => Scale::Probabilities,
        "log_probabilities" => Scale::LogProbabilities,
        "loss" => Scale::Loss,
        _ => Scale::Unknown,
    }
}
