//! A reconstructed step together with the code it was found in: what rules look at.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::project::{self, Binding, World};
use crate::step::context::ContextId;
use crate::step::event::{Event, EventId, EventKind};
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::{Origin, Tensor, TensorId};
use crate::step::value::{Truth, Value};
use crate::step::{Call, Step};
use crate::syntax::hir::{Expr, ExprId, Hir, NodeId, Stmt};
use crate::syntax::{FileId, Name, Place, UnitId};

/// What rules look at.
pub(super) struct StepView<'a> {
    pub(super) step: &'a Step,
    pub(super) world: &'a dyn World,
    qualified: RefCell<HashMap<UnitId, Name>>,
    units: RefCell<HashMap<String, Option<UnitId>>>,
}

impl<'a> StepView<'a> {
    pub(super) fn new(step: &'a Step, world: &'a dyn World) -> Self {
        Self { step, world, qualified: RefCell::default(), units: RefCell::default() }
    }

    /// The qualified name of a function or class: `torch.nn.functional.dropout`.
    pub(super) fn qualified_name(&self, unit: UnitId) -> Name {
        *self.qualified.borrow_mut().entry(unit).or_insert_with(|| Name::new(&format!("{}.{}", self.world.module_name(unit.file), unit.name)))
    }

    /// The function or class that `qualified` names, through re-exports, seen from `file`.
    pub(super) fn unit_called(&self, file: FileId, qualified: &str) -> Option<UnitId> {
        if let Some(known) = self.units.borrow().get(qualified) {
            return *known;
        }
        let found = match project::resolve(self.world, file, qualified) {
            Binding::Function(unit) | Binding::Class(unit) => Some(unit),
            _ => None,
        };
        self.units.borrow_mut().insert(qualified.to_owned(), found);
        found
    }

    /// Calls of the framework function `qualified`.
    pub(super) fn calls_of(&self, qualified: &'a str) -> impl Iterator<Item = &'a Call> + '_ {
        self.step.calls().iter().filter(move |call| self.qualified_name(call.callee) == qualified)
    }

    /// The call of the constructor that made the receiver of `call`: the outermost, if constructors call those of their bases.
    pub(super) fn maker(&self, call: &Call) -> Option<&'a Call> {
        let (receiver @ Value::Object(_), _) = call.argument("self")? else { return None };
        let makes = |made: &&Call| made.callee.name.as_str().ends_with(".__init__") && made.argument("self").is_some_and(|(made, _)| made == receiver);
        self.step.calls().iter().find(makes)
    }

    /// The call that made the layer of a framework which made `tensor`, where layers are objects.
    pub(super) fn layer_maker(&self, tensor: TensorId) -> Option<&'a Call> {
        let applies = |call: &&Call| call.receiver_class.is_some() && self.step.tensor(&call.result) == Some(tensor);
        // The constructor of a layer of the project calls that of its base.
        let is_whole = |maker: &&Call| !self.callee_text(maker.place).starts_with("super(");
        self.step.calls().iter().filter(applies).find_map(|call| self.maker(call).filter(is_whole))
    }

    /// What `name` is set to, by the call itself or by the constructor of the layer that is called.
    pub(super) fn setting<'c>(&self, call: &'c Call, name: &str) -> Option<&'c Value>
    where
        'a: 'c,
    {
        call.argument(name).or_else(|| self.maker(call)?.argument(name)).map(|(value, _)| value)
    }

    /// The call that stands at `place`, as it is written: `tf.layers.dropout`; of `Dense(8)(x)` the layer.
    pub(super) fn callee_text(&self, place: Place) -> String {
        match self.callee_place(place).node {
            NodeId::Expr(id) => dotted(&self.world.hir(place.unit), id),
            _ => String::new(),
        }
    }

    /// The place of the name that is called at `place`: narrower than the whole call.
    pub(super) fn callee_place(&self, place: Place) -> Place {
        let hir = self.world.hir(place.unit);
        let NodeId::Expr(mut id) = place.node else { return place };
        while let Expr::Call { callee, .. } = hir.expr(id) {
            id = *callee;
        }
        Place { node: NodeId::Expr(id), ..place }
    }

    /// Whether the function is called under its own name or one that an import gives it, not under that of a variable.
    pub(super) fn is_called_by_name(&self, call: &Call) -> bool {
        let hir = self.world.hir(call.place.unit);
        let NodeId::Expr(id) = call.place.node else { return false };
        let Expr::Call { callee, .. } = hir.expr(id) else { return false };
        match hir.expr(*callee) {
            Expr::Name(name) => project::lookup(self.world, call.place.unit.file, *name) == Binding::Function(call.callee),
            Expr::Attribute { name, .. } => *name == call.callee.name,
            _ => false,
        }
    }

    /// The name to which the value made at `place` is assigned, if it is assigned to one.
    pub(super) fn assigned_to(&self, place: Place) -> Option<String> {
        let NodeId::Expr(wanted) = place.node else { return None };
        let hir = self.world.hir(place.unit);
        let target = hir.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Assign { targets, value } => targets.first().and_then(|&target| part_assigned(&hir, target, *value, &|part| contains(&hir, part, wanted))),
            _ => None,
        })?;
        Some(dotted(&hir, target)).filter(|name| !name.is_empty())
    }

    /// Whether `unit` lies in project code rather than in a stub.
    pub(super) fn is_project(&self, unit: UnitId) -> bool {
        !self.world.is_stub(unit.file)
    }

    /// Names of the parameters of the project function in which `call` stands.
    pub(super) fn parameters_around(&self, unit: UnitId) -> Vec<Name> {
        let hir: Arc<Hir> = self.world.hir(unit);
        hir.function().map(|definition| definition.parameters.iter().map(|parameter| parameter.name).collect()).unwrap_or_default()
    }

    /// Whether the code of `unit` reads an attribute called `name` of anything.
    pub(super) fn reads_attribute(&self, unit: UnitId, name: &str) -> bool {
        self.world.hir(unit).exprs.iter().any(|expr| matches!(expr, Expr::Attribute { name: read, .. } if *read == name))
    }

    /// Whether the method in which `call` stands belongs to a class that derives from the class `qualified`.
    pub(super) fn is_inside_method_of(&self, call: &Call, qualified: &str) -> bool {
        let Some(wanted) = self.unit_called(call.place.unit.file, qualified) else { return false };
        call.caller_class.is_some_and(|class| self.step.class_order(class).any(|unit| unit == wanted))
    }

    /// Events called `name`, with their subject and details.
    pub(super) fn events(&self, name: &str) -> Vec<EventView<'a>> {
        let wanted = Name::new(name);
        self.step
            .events()
            .iter()
            .filter_map(|(id, event)| match &event.kind {
                EventKind::Named { name, subject, details } if *name == wanted => Some(EventView { id, event, subject, details }),
                _ => None,
            })
            .collect()
    }

    /// The tensor among the details of an event that is called `name`.
    pub(super) fn tensor_of(&self, event: &EventView<'_>, name: &str) -> Option<TensorId> {
        event.detail(name).and_then(|value| self.step.tensor(value))
    }

    /// The tensors that apply `parameter`, each with what flows in beside parameters.
    pub(super) fn applications(&self, parameter: ParameterId) -> Vec<(TensorId, BTreeSet<TensorId>)> {
        let is_parameter = |id: TensorId| matches!(self.step.tensors().get(id).origin, Origin::Parameter(_));
        let owned = |tensor: &Tensor| {
            tensor.parameters.contains(parameter, self.step.parameters()) == Truth::Yes
                || tensor.inputs.iter().any(|&input| self.step.tensors().get(input).origin == Origin::Parameter(parameter))
        };
        self.step
            .tensors()
            .iter()
            .filter(|(_, tensor)| owned(tensor))
            .map(|(id, tensor)| (id, tensor.inputs.iter().copied().filter(|&input| !is_parameter(input)).collect()))
            .collect()
    }

    /// Whether a tensor comes straight out of something with parameters.
    pub(super) fn applies_parameters(&self, tensor: &Tensor) -> bool {
        let is_parameter = |&input: &TensorId| matches!(self.step.tensors().get(input).origin, Origin::Parameter(_));
        tensor.parameters.all().next().is_some() || tensor.inputs.iter().any(is_parameter)
    }

    /// Parameters on which any of `tensors` depends differentiably, cut or not.
    pub(super) fn behind(&self, tensors: &BTreeSet<TensorId>) -> ParameterSet {
        let mut found = ParameterSet::default();
        for &tensor in tensors {
            for id in self.step.tensors().ancestors(tensor, false) {
                let tensor = self.step.tensors().get(id);
                found.extend(&tensor.parameters);
                if let Origin::Parameter(parameter) = tensor.origin {
                    found.certain.insert(parameter);
                }
            }
        }
        found
    }

    /// The batches that `numpy` puts one after the other in `batch`; itself, if it does not.
    pub(super) fn batches(&self, batch: TensorId) -> Vec<TensorId> {
        let tensor = self.step.tensors().get(batch);
        let puts_together = tensor.opaque && matches!(self.callee_text(tensor.place).rsplit('.').next(), Some("concatenate" | "vstack"));
        if puts_together { tensor.inputs.iter().copied().collect() } else { vec![batch] }
    }

    /// The context of a call in words that messages can use: its call site.
    pub(super) fn call_site(&self, context: ContextId) -> Option<Place> {
        self.step.contexts().call_site(context).filter(|place| self.is_project(place.unit))
    }
}

/// An event with its parts.
#[derive(Clone, Copy)]
pub(super) struct EventView<'a> {
    pub(super) id: EventId,
    pub(super) event: &'a Event,
    pub(super) subject: &'a Value,
    pub(super) details: &'a [(Name, Value)],
}

impl EventView<'_> {
    /// A detail of the event.
    pub(super) fn detail(&self, name: &str) -> Option<&Value> {
        self.details.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// A set of parameters among the details.
    pub(super) fn parameters(&self) -> Option<&ParameterSet> {
        match self.detail("parameters") {
            Some(Value::Parameters(set)) => Some(set),
            _ => None,
        }
    }
}

/// A name or chain of attributes as it is written.
pub(super) fn dotted(hir: &Hir, id: ExprId) -> String {
    match hir.expr(id) {
        Expr::Name(name) => name.to_string(),
        Expr::Attribute { object, name } => match dotted(hir, *object) {
            object if object.is_empty() => name.to_string(),
            object => format!("{object}.{name}"),
        },
        Expr::Call { callee, .. } => format!("{}(…)", dotted(hir, *callee)),
        Expr::Subscript { object, .. } => format!("{}[…]", dotted(hir, *object)),
        _ => String::new(),
    }
}

/// Which part of `target` takes the part of `value` that is the one: `a, b = one, other`.
pub(super) fn part_assigned(hir: &Hir, target: ExprId, value: ExprId, is_it: &dyn Fn(ExprId) -> bool) -> Option<ExprId> {
    match (hir.expr(target), hir.expr(value)) {
        (Expr::Tuple(targets), Expr::Tuple(values)) if targets.len() == values.len() => {
            targets.iter().zip(values).find(|(_, value)| is_it(**value)).map(|(target, _)| *target)
        }
        (Expr::Tuple(_), _) => None,
        _ => is_it(value).then_some(target),
    }
}

/// Whether `wanted` is `expr` or the receiver or an argument chain inside it: `Adam(…).minimize(loss)`.
fn contains(hir: &Hir, expr: ExprId, wanted: ExprId) -> bool {
    expr == wanted
        || match hir.expr(expr) {
            Expr::Call { callee, .. } => contains(hir, *callee, wanted),
            Expr::Attribute { object, .. } => contains(hir, *object, wanted),
            Expr::Tuple(parts) => parts.iter().any(|&part| contains(hir, part, wanted)),
            _ => false,
        }
}
