//! Sizes of layers that nobody passes: numbers for parameters of a constructor, and values that are no inputs.

use std::collections::BTreeSet;

use super::super::shapes::Shapes;
use super::Network;
use crate::finding::{Argument, Literal, Passed};
use crate::rules::view::StepView;
use crate::step::Call;
use crate::step::tensor::TensorId;
use crate::step::value::Value;
use crate::syntax::{Name, UnitId};

/// The size that is passed: small, and divided by the usual numbers of heads and groups. One for all, since sizes often have to agree.
const SIZE: i64 = 32;

/// Parameters of layers that are sizes.
const SIZES: [&str; 25] = [
    "in_features", "out_features", "in1_features", "in2_features", "in_channels", "out_channels", "num_features", "num_channels", "normalized_shape", "num_embeddings",
    "embedding_dim", "input_size", "hidden_size", "embed_dim", "kdim", "vdim", "d_model", "dim_feedforward", "units", "filters", "input_dim", "output_dim", "key_dim",
    "value_dim", "num_outputs",
];

/// The sizes among `arguments`, as constants.
pub(super) fn chosen(arguments: &[Argument]) -> Vec<(Name, Literal)> {
    let number = |argument: &Argument| if let Passed::Size(size) = argument.value { Some((Name::new(&argument.name), Literal::Int(size))) } else { None };
    arguments.iter().filter_map(number).collect()
}

/// What of `passed` is no size of a layer: calls of a framework take sizes as they are, or what is computed of them, and of this nothing but sizes.
pub(in crate::rules::plan) fn without_sizes(tried: &StepView<'_>, passed: &[(Name, TensorId)]) -> Vec<(Name, TensorId)> {
    let tensors = tried.step.tensors();
    let calls = tried.step.calls().iter().filter(|call| !tried.is_project(call.callee));
    let given = calls.flat_map(|call| &call.arguments).filter(|(name, ..)| SIZES.contains(&name.as_str())).filter_map(|(_, value, _)| tried.step.tensor(value));
    let given: BTreeSet<TensorId> = given.collect();
    let sizes: BTreeSet<TensorId> = given.iter().flat_map(|&size| tensors.ancestors(size, false)).collect();
    let is_computed_with = |tensor: TensorId| {
        let of_it: BTreeSet<TensorId> = sizes.iter().copied().filter(|&other| tensors.ancestors(other, false).contains(&tensor)).collect();
        !of_it.is_empty() && tensors.iter().all(|(id, other)| of_it.contains(&id) || other.inputs.is_disjoint(&of_it))
    };
    passed.iter().filter(|(_, tensor)| !given.contains(tensor) && !is_computed_with(*tensor)).copied().collect()
}

impl Network<'_, '_> {
    /// The arguments of the constructor `init` with a number for each that is left to be filled in and is only ever the size of a layer.
    pub(super) fn sized(&self, init: UnitId) -> Vec<Argument> {
        let entry = self.trial.step.entries().iter().find(|entry| entry.unit == init);
        let sized = |argument: &Argument| {
            let value = entry.and_then(|entry| entry.argument(Name::new(&argument.name)));
            if !matches!(argument.value, Passed::FillIn(_)) || !value.is_some_and(|(value, _)| self.is_size(value)) {
                return argument.clone();
            }
            Argument { name: argument.name.clone(), by_name: true, value: Passed::Size(SIZE) }
        };
        self.constructor.iter().map(sized).collect()
    }

    /// Whether constructors of layers take `value`, and only as a size.
    fn is_size(&self, value: &Value) -> bool {
        let tried = StepView::new(&self.trial.step, self.view.world);
        let is_layer = |call: &&Call| !tried.is_project(call.callee) && call.callee.name.as_str().ends_with(".__init__");
        let made = self.trial.step.calls().iter().filter(is_layer);
        let mut taken = made.flat_map(|call| &call.arguments).filter(|(_, passed, _)| passed == value).map(|(name, ..)| SIZES.contains(&name.as_str())).peekable();
        matches!(value, Value::Object(_)) && taken.peek().is_some() && taken.all(|is_size| is_size)
    }

    /// Whether the shapes of all inputs follow from the code.
    pub(super) fn is_shaped(&self) -> bool {
        let tried = StepView::new(&self.trial.step, self.view.world);
        let inputs: Vec<_> = self.trial.inputs.iter().map(|(name, tensor)| (*tensor, self.shape_at_call(*name))).collect();
        Shapes::new(&tried).solve(&inputs).iter().all(Option::is_some)
    }
}
