//! The gradient graph: tensors, what they were computed from, and where the gradient is cut.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use std::sync::Arc;

use super::context::{ContextId, Site};
use super::parameters::{ParameterId, ParameterSet};
use super::value::{ClassId, ObjectId};
use crate::syntax::Place;

/// A tensor.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct TensorId(pub(crate) u32);

/// What the numbers of a tensor are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scale {
    /// Not known.
    Unknown,
    /// Unnormalised scores.
    Logits,
    /// Probabilities.
    Probabilities,
    /// Logarithms of probabilities.
    LogProbabilities,
    /// A loss.
    Loss,
}

/// The axis whose size is a tensor's number of features.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum FeatureAxis {
    /// The last.
    #[default]
    Last,
    /// The second, behind that of the examples: channels that come first.
    Second,
}

/// How a tensor came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// It enters from outside: an argument, data.
    Input(Option<ObjectId>),
    /// A parameter.
    Parameter(ParameterId),
    /// The output of a layer.
    Layer,
    /// Computed otherwise.
    Operation,
    /// One of its inputs, depending on the path taken.
    Join,
}

/// What is known of a tensor.
#[derive(Clone, Debug)]
pub struct Tensor {
    /// How it came about.
    pub origin: Origin,
    /// What it was computed from.
    pub inputs: BTreeSet<TensorId>,
    /// Parameters of the layer that made it.
    pub parameters: ParameterSet,
    /// Why no gradient flows to the inputs, if so.
    pub cut: Option<Arc<str>>,
    /// Size of the feature axis.
    pub features: Option<i64>,
    /// Which axis that is.
    pub axis: FeatureAxis,
    /// Number of axes.
    pub rank: Option<i64>,
    /// What its numbers are.
    pub scale: Scale,
    /// The class that has its methods.
    pub class: Option<ClassId>,
    /// Where project code made it.
    pub place: Place,
    /// The context of that place.
    pub context: ContextId,
    /// Whether it is returned, stored, printed or passed on to something unknown.
    pub observed: bool,
    /// Whether something that is not known took part in it.
    pub opaque: bool,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum TensorKey {
    Site(Site),
    Parameter(ParameterId),
    Object(ObjectId),
    Join(TensorId, TensorId),
}

/// All tensors of one evaluation.
#[derive(Default, Debug)]
pub struct Tensors {
    numbers: FxHashMap<TensorKey, TensorId>,
    data: Vec<Tensor>,
}

impl Tensors {
    /// The tensor with this key. One that was made before, in an earlier round of a loop, gains the new inputs.
    pub(crate) fn intern(&mut self, key: TensorKey, tensor: Tensor) -> TensorId {
        if let Some(&known) = self.numbers.get(&key) {
            let old = &mut self.data[known.0 as usize];
            old.inputs.extend(&tensor.inputs);
            old.parameters.extend(&tensor.parameters);
            old.opaque |= tensor.opaque;
            old.observed |= tensor.observed;
            if old.features != tensor.features || old.axis != tensor.axis {
                old.features = None;
            }
            if old.rank != tensor.rank {
                old.rank = None;
            }
            if old.scale != tensor.scale {
                old.scale = Scale::Unknown;
            }
            if old.cut != tensor.cut {
                old.cut = None;
                old.opaque = true;
            }
            return known;
        }
        let id = TensorId(self.data.len() as u32);
        self.data.push(tensor);
        self.numbers.insert(key, id);
        id
    }

    pub(crate) fn find(&self, key: &TensorKey) -> Option<TensorId> {
        self.numbers.get(key).copied()
    }

    /// What is known of a tensor.
    pub fn get(&self, id: TensorId) -> &Tensor {
        &self.data[id.0 as usize]
    }

    pub(crate) fn observe(&mut self, id: TensorId) {
        self.data[id.0 as usize].observed = true;
    }

    /// All tensors, in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = (TensorId, &Tensor)> {
        self.data.iter().enumerate().map(|(number, tensor)| (TensorId(number as u32), tensor))
    }

    /// Everything that `from` was computed from, itself included. With `differentiable`, only what its gradient reaches.
    pub fn ancestors(&self, from: TensorId, differentiable: bool) -> BTreeSet<TensorId> {
        let mut seen = BTreeSet::from([from]);
        let mut waiting = vec![from];
        while let Some(id) = waiting.pop() {
            let tensor = self.get(id);
            if differentiable && tensor.cut.is_some() {
                continue;
            }
            waiting.extend(tensor.inputs.iter().copied().filter(|&input| seen.insert(input)));
        }
        seen
    }

    /// The parameters that the gradient of `loss` reaches.
    pub fn reached(&self, loss: TensorId) -> ParameterSet {
        let mut reached = ParameterSet::default();
        for id in self.ancestors(loss, true) {
            let tensor = self.get(id);
            if tensor.cut.is_some() {
                continue;
            }
            reached.open |= tensor.opaque;
            reached.extend(&tensor.parameters);
            if let Origin::Parameter(parameter) = tensor.origin {
                reached.certain.insert(parameter);
            }
        }
        reached
    }

    /// Tensors that take part in something that is observed.
    pub fn used(&self) -> BTreeSet<TensorId> {
        let mut used = BTreeSet::new();
        let mut waiting: Vec<TensorId> = self.iter().filter(|(_, tensor)| tensor.observed).map(|(id, _)| id).collect();
        while let Some(id) = waiting.pop() {
            if used.insert(id) {
                waiting.extend(&self.get(id).inputs);
            }
        }
        used
    }
}
