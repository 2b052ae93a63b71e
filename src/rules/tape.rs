//! Gradients that a tape takes, and an optimizer applies.

use super::view::{EventView, StepView};
use crate::step::tensor::TensorId;
use std::collections::BTreeSet;

/// The losses whose gradients `update`, a step of an optimizer, applies. What those losses themselves were made of, other gradients
/// included, is left to the graph.
pub(super) fn losses_applied(view: &StepView<'_>, update: &EventView<'_>) -> BTreeSet<TensorId> {
    let tensors = view.step.tensors();
    let Some(applied) = view.tensor_of(update, "gradients") else { return BTreeSet::new() };
    let taken = view.events("backward");
    let gradients = |backward: &EventView<'_>| view.tensor_of(backward, "gradients").map(|gradients| &tensors.get(gradients).inputs);
    let mut losses = BTreeSet::new();
    let mut seen = BTreeSet::from([applied]);
    let mut waiting = vec![applied];
    while let Some(id) = waiting.pop() {
        let mut of = taken.iter().filter(|backward| gradients(backward).is_some_and(|gradients| gradients.contains(&id))).peekable();
        if of.peek().is_none() {
            waiting.extend(tensors.get(id).inputs.iter().copied().filter(|&input| seen.insert(input)));
        }
        losses.extend(of.filter_map(|backward| view.step.tensor(backward.subject)));
    }
    losses
}
