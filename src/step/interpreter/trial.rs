//! Trials: a function or class called as a test would call it, with constants for what is known and tensors for the rest.

use super::arguments::Arguments;
use super::{Interpreter, ObjectKey};
use crate::finding::Literal;
use crate::step::context::Site;
use crate::step::event::EventKind;
use crate::step::state::ObjectKind;
use crate::step::tensor::{Origin, TensorId};
use crate::step::value::{ClassId, Function, Value};
use crate::step::view::Step;
use crate::syntax::hir::{NodeId, ParameterKind, StmtId};
use crate::syntax::{Name, UnitId};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// What is tried out.
pub struct Request<'a> {
    /// A function, or a class whose instance is called.
    pub subject: UnitId,
    /// For a class, the method that is called.
    pub method: &'a str,
    /// Constants for parameters of the constructor.
    pub constructor: &'a [(Name, Literal)],
    /// Constants for parameters of the call.
    pub arguments: &'a [(Name, Literal)],
    /// The class of the tensors that are passed for the other required parameters.
    pub tensor: Option<UnitId>,
}

/// What came of it.
pub struct Trial {
    /// The reconstruction.
    pub step: Step,
    /// The unit that was called: for a class its method, wherever it is inherited from.
    pub called: Option<UnitId>,
    /// The tensors that were passed, by parameter.
    pub passed: Vec<(Name, TensorId)>,
    /// What flows in: the same, or the inputs of a network that was returned.
    pub inputs: Vec<(Name, TensorId)>,
    /// What was returned; of a network that was returned what it makes of the inputs.
    pub output: Value,
    /// The tensors of a dict that was returned, by their keys.
    pub entries: Vec<(Arc<str>, TensorId)>,
    /// Whether what was called returned a network.
    pub is_builder: bool,
}

impl Interpreter<'_> {
    pub(in crate::step) fn try_out(mut self, request: &Request<'_>) -> Trial {
        let root = request.subject;
        let hir = self.hir(root);
        let context = self.contexts.root(root, 0);
        (self.here.unit, self.here_context) = (root, context);
        let site = |slot: u32| Site { context, node: NodeId::Stmt(StmtId(0)), slot };
        self.emit(EventKind::Junction, site(u32::MAX), 0);
        let frame = self.new_frame(root, context, &hir);
        self.push_frame(frame);
        let mut passed = Vec::new();
        let callee = match self.class_value(root) {
            Value::Class(class) => self.built(class, request, context, site(1)),
            _ => Some((Rc::new(Function::Unit { unit: root, class: None }), None)),
        };
        let mut called = None;
        let output = callee.map_or(Value::Unknown, |(function, receiver)| {
            let Function::Unit { unit, .. } = &*function else { return Value::Unknown };
            called = Some(*unit);
            let (arguments, tensors) = self.arguments_for(*unit, receiver.is_some(), request.arguments, request.tensor, context, 1000);
            passed = tensors;
            let arguments = match receiver {
                Some(receiver) => arguments.with_receiver(receiver),
                None => arguments,
            };
            self.call_function(&function, arguments, site(2))
        });
        self.observe(&output);
        let built = self.network_built(&output, request, site(3));
        self.pop_frame();
        let is_builder = built.is_some();
        let (output, inputs) = built.unwrap_or_else(|| (output, passed.clone()));
        let entries = self.tensors_by_key(&output);
        Trial { step: self.into_step(root), called, passed, inputs, output, entries, is_builder }
    }

    fn tensors_by_key(&self, value: &Value) -> Vec<(Arc<str>, TensorId)> {
        let entries = self.known_entries(value).unwrap_or_default();
        let entry = |(key, value): (Value, Value)| match (key, value) {
            (Value::Str(key), Value::Tensor(tensor)) => Some((key, tensor)),
            _ => None,
        };
        entries.into_iter().filter_map(entry).collect()
    }

    /// What a network that was returned makes of its inputs: those that it was made from, or a tensor.
    fn network_built(&mut self, output: &Value, request: &Request<'_>, site: Site) -> Option<(Value, Vec<(Name, TensorId)>)> {
        let Value::Object(id) = output else { return None };
        let object = self.state.object(*id)?;
        let class = object.class.filter(|_| object.kind == ObjectKind::Instance)?;
        let inputs = Name::new("inputs");
        let made_from = object.attributes.get(inputs).cloned();
        self.find_method(class, self.names.call)?;
        let tensors: Vec<TensorId> = made_from.map(|made_from| self.tensors_in(&[made_from]).into_iter().collect()).unwrap_or_default();
        if !tensors.is_empty() {
            let outputs = self.state.object(*id)?.attributes.get(Name::new("outputs")).cloned()?;
            return Some((outputs, tensors.into_iter().map(|tensor| (inputs, tensor)).collect()));
        }
        let class = request.tensor.and_then(|unit| match self.class_value(unit) {
            Value::Class(class) => Some(class),
            _ => None,
        });
        let shape = super::tensors::Shape { origin: Origin::Input(None), ..super::tensors::Shape::operation() };
        let input = self.new_tensor(Site { slot: site.slot + 16, ..site }, BTreeSet::new(), shape, class);
        let made = self.call(output, Arguments::of(vec![input.clone()]), site);
        let Value::Tensor(tensor) = input else { return None };
        Some((made, vec![(inputs, tensor)]))
    }

    /// An instance, and the method that is called on it.
    fn built(&mut self, class: ClassId, request: &Request<'_>, context: crate::step::context::ContextId, site: Site) -> Option<(Rc<Function>, Option<Value>)> {
        let arguments = match self.find_method(class, self.names.init).as_deref() {
            Some(Function::Unit { unit, .. }) if !self.world.is_stub(unit.file) => self.arguments_for(*unit, true, request.constructor, None, context, 2000).0,
            _ => Arguments::of(Vec::new()),
        };
        let object = self.instantiate(class, arguments, site);
        let method = self.find_method(class, Name::new(request.method))?;
        Some((method, Some(object)))
    }

    /// Arguments for every parameter that needs one: the constants, and tensors (or symbols, without a class) for the others.
    fn arguments_for(
        &mut self,
        unit: UnitId,
        is_method: bool,
        constants: &[(Name, Literal)],
        tensor: Option<UnitId>,
        context: crate::step::context::ContextId,
        first_slot: u32,
    ) -> (Arguments, Vec<(Name, TensorId)>) {
        let hir = self.hir(unit);
        let mut arguments = Arguments::of(Vec::new());
        let mut passed = Vec::new();
        let Some(definition) = hir.function() else { return (arguments, passed) };
        let class = tensor.and_then(|unit| match self.class_value(unit) {
            Value::Class(class) => Some(class),
            _ => None,
        });
        for (number, parameter) in definition.parameters.iter().enumerate().skip(usize::from(is_method)) {
            if matches!(parameter.kind, ParameterKind::VarArgs | ParameterKind::KwArgs) {
                continue;
            }
            let site = Site { context, node: NodeId::Stmt(StmtId(0)), slot: first_slot + 16 * number as u32 };
            let value = match constants.iter().find(|(name, _)| *name == parameter.name) {
                Some((_, literal)) => self.value_of(literal, site),
                None if parameter.default.is_some() => continue,
                None if tensor.is_some() => {
                    let value = self.new_tensor(site, BTreeSet::new(), super::tensors::Shape { origin: Origin::Input(None), ..super::tensors::Shape::operation() }, class);
                    if let Value::Tensor(id) = value {
                        passed.push((parameter.name, id));
                    }
                    value
                }
                None => self.new_symbol(ObjectKey::Site(site), parameter.name.as_str(), &BTreeSet::new(), None),
            };
            arguments.keywords.push((parameter.name, value));
        }
        (arguments, passed)
    }

    fn value_of(&mut self, literal: &Literal, site: Site) -> Value {
        match literal {
            Literal::None => Value::None,
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Int(value) => Value::Int(*value),
            Literal::Float(bits) => Value::Float(f64::from_bits(*bits)),
            Literal::Str(text) => Value::Str(std::sync::Arc::clone(text)),
            Literal::Tuple(items) => Value::Tuple(items.iter().map(|item| self.value_of(item, site)).collect::<Vec<_>>().into()),
            Literal::List(items) => {
                let elements = items.iter().enumerate().map(|(number, item)| self.value_of(item, Site { slot: site.slot + 1 + number as u32, ..site })).collect();
                self.new_list(site, elements, true)
            }
        }
    }
}
