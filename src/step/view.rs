//! The questions that rules may ask of a reconstructed step.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use std::rc::Rc;

use super::context::{ContextId, Contexts};
use super::event::Events;
use super::interpreter::Class;
use super::parameters::Parameters;
use super::tensor::{TensorId, TensorKey, Tensors};
use super::value::{ClassId, ObjectId, Value};
use crate::finding::Literal;
use crate::syntax::hir::NodeId;
use crate::syntax::{Name, Place, UnitId};

/// Where an argument comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Origin {
    /// It is written at the call.
    Explicit,
    /// An arg scope sets it.
    Ambient,
    /// Nobody sets it.
    Default,
    /// Not known: `*args`, `**kwargs`, an arg scope that is not understood.
    Unknown,
}

/// How a framework function is called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Manner {
    /// Project code calls it.
    Direct,
    /// Project code calls it or another function instead.
    Alternative,
    /// Another framework function or a builtin calls it.
    Nested,
    /// Another framework function calls it if something holds that is not known.
    Assumed,
}

/// A call of a framework function, with its arguments bound to parameter names.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function.
    pub callee: UnitId,
    /// The node of project code that leads to the call.
    pub place: Place,
    /// The context of that node.
    pub context: ContextId,
    /// Parameter names, values, origins.
    pub arguments: Vec<(Name, Value, Origin)>,
    /// Who calls it.
    pub manner: Manner,
    /// For a method, the class that defines it.
    pub receiver_class: Option<ClassId>,
    /// The project function in which the place stands.
    pub caller: Option<UnitId>,
    /// The class whose method that is.
    pub caller_class: Option<ClassId>,
    /// What it returns.
    pub result: Value,
    /// Whether gradients are recorded.
    pub gradient: bool,
    /// Whether it runs under a condition that asks for the mode, such as `if self.training`.
    pub guarded: bool,
}

impl Call {
    /// The value of a parameter and where it comes from.
    pub fn argument(&self, name: &str) -> Option<(&Value, Origin)> {
        self.arguments.iter().find(|(known, ..)| *known == name).map(|(_, value, origin)| (value, *origin))
    }

    /// Whether project code calls it itself.
    pub fn is_direct(&self) -> bool {
        matches!(self.manner, Manner::Direct | Manner::Alternative)
    }

    /// The same call evaluated again in another round of a loop.
    pub(super) fn merge(&mut self, again: Self) {
        for ((_, value, origin), (_, other, another)) in self.arguments.iter_mut().zip(&again.arguments) {
            *value = value.or(other);
            if origin != another {
                *origin = Origin::Unknown;
            }
        }
        self.manner = self.manner.max(again.manner);
    }
}

/// A call of a project function, with its arguments bound to parameter names.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The function.
    pub unit: UnitId,
    /// For a method, the class that defines it.
    pub class: Option<ClassId>,
    /// The node of project code that leads to the call.
    pub place: Place,
    /// The context of that node.
    pub caller: ContextId,
    /// The context that the call enters.
    pub context: ContextId,
    /// Parameter names, values, origins.
    pub arguments: Vec<(Name, Value, Origin)>,
    /// What it returns.
    pub result: Value,
}

impl Entry {
    /// The value of a parameter and where it comes from.
    pub fn argument(&self, name: Name) -> Option<(&Value, Origin)> {
        self.arguments.iter().find(|(known, ..)| *known == name).map(|(_, value, origin)| (value, *origin))
    }
}

/// How often a unit was evaluated through chains of calls that begin in one other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visits {
    /// The unit.
    pub unit: UnitId,
    /// Where the calls begin.
    pub start: UnitId,
    /// How often.
    pub count: u32,
}

/// What an evaluation leaves beside the structures that rules ask.
#[derive(Default)]
pub(super) struct Trace {
    /// Calls of project functions.
    pub(super) entries: Vec<Entry>,
    /// Lists of constants that were passed to something.
    pub(super) constants: FxHashMap<ObjectId, Literal>,
    /// Tensors that functions returned, by the context of the call.
    pub(super) returned: FxHashMap<ContextId, BTreeSet<TensorId>>,
}

/// A reconstructed training step.
pub struct Step {
    root: UnitId,
    exceeded: bool,
    pub(super) contexts: Contexts,
    pub(super) tensors: Tensors,
    pub(super) parameters: Parameters,
    pub(super) events: Events,
    calls: Vec<Call>,
    visited: FxHashMap<UnitId, BTreeSet<ContextId>>,
    classes: Vec<Rc<Class>>,
    pub(super) revealed: Option<FxHashMap<(UnitId, NodeId), Value>>,
    trace: Trace,
}

impl Step {
    #[expect(clippy::too_many_arguments, reason = "takes the interpreter apart, once")]
    pub(super) fn new(
        root: UnitId,
        exceeded: bool,
        contexts: Contexts,
        tensors: Tensors,
        parameters: Parameters,
        events: Events,
        calls: Vec<Call>,
        visited: FxHashMap<UnitId, BTreeSet<ContextId>>,
        classes: Vec<Rc<Class>>,
        revealed: Option<FxHashMap<(UnitId, NodeId), Value>>,
        trace: Trace,
    ) -> Self {
        Self { root, exceeded, contexts, tensors, parameters, events, calls, visited, classes, revealed, trace }
    }

    /// The root of the evaluation.
    pub fn root(&self) -> UnitId {
        self.root
    }

    /// Whether the budget was exceeded: nothing is known for sure then.
    pub fn exceeded(&self) -> bool {
        self.exceeded
    }

    /// The gradient graph.
    pub fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    /// All parameters.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The events.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// The contexts.
    pub fn contexts(&self) -> &Contexts {
        &self.contexts
    }

    /// Calls of framework functions, in the order of evaluation.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Calls of project functions, in the order of evaluation.
    pub fn entries(&self) -> &[Entry] {
        &self.trace.entries
    }

    /// The tensors that the function which runs in `context` returns to its caller.
    pub fn returned(&self, context: ContextId) -> impl Iterator<Item = TensorId> + '_ {
        self.trace.returned.get(&self.contexts.frame(context)).into_iter().flatten().copied()
    }

    /// The constant that a value is: a number, text, or a tuple or list of constants that was passed to something.
    pub fn literal(&self, value: &Value) -> Option<Literal> {
        match value {
            Value::Object(id) => self.trace.constants.get(id).cloned(),
            Value::Tuple(values) => values.iter().map(|value| self.literal(value)).collect::<Option<_>>().map(Literal::Tuple),
            plain => plain.as_literal(),
        }
    }

    /// How often each unit was evaluated because something called it, by the unit in which the chain of calls begins.
    pub fn contextual_visits(&self) -> Vec<Visits> {
        let key = |unit: UnitId| (unit.file.0, unit.name, unit.ordinal);
        let called = self.visited.iter().flat_map(|(&unit, contexts)| contexts.iter().map(move |&context| (unit, context)));
        let mut counts = BTreeMap::new();
        called.filter(|&(_, context)| self.is_contextual(context)).for_each(|(unit, context)| {
            let start = self.contexts.start(context);
            counts.entry((key(unit), key(start))).or_insert(Visits { unit, start, count: 0 }).count += 1;
        });
        counts.into_values().collect()
    }

    /// Whether `context` was entered through a call that says how the code is used.
    pub fn is_contextual(&self, context: ContextId) -> bool {
        self.contexts.depth(context) > 0 && !self.contexts.builds(context)
    }

    /// The tensor of a value.
    pub fn tensor(&self, value: &Value) -> Option<TensorId> {
        match value {
            Value::Tensor(id) => Some(*id),
            Value::Object(id) => self.tensors.find(&TensorKey::Object(*id)),
            _ => None,
        }
    }

    /// The unit of a class and whether all its bases are known.
    pub fn class_unit(&self, class: ClassId) -> (UnitId, bool) {
        let class = &self.classes[class.0 as usize];
        (class.unit, class.complete)
    }

    /// The units of a class and its bases, in the order of attribute lookup.
    pub fn class_order(&self, class: ClassId) -> impl Iterator<Item = UnitId> + '_ {
        self.classes[class.0 as usize].order.iter().map(|base| self.classes[base.0 as usize].unit)
    }

    /// The class of a class unit, if it was met.
    pub fn class_called(&self, unit: UnitId) -> Option<ClassId> {
        self.classes.iter().position(|class| class.unit == unit && class.name == unit.name).map(|number| ClassId(number as u32))
    }

    /// The name of a class.
    pub fn class_name(&self, class: ClassId) -> Name {
        self.classes[class.0 as usize].name
    }
}
