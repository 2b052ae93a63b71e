//! A layer takes the input of the layer before it instead of its output, so the layer before reaches no loss.

use crate::rules::findings::Findings;
use crate::rules::view::StepView;
use crate::rules::declare_rule;
use crate::step::tensor::{Origin, Tensor, TensorId};
use std::collections::BTreeSet;

declare_rule! {
    #[doc = include_str!("unstacked_layer.md")]
    pub(crate) static UNSTACKED_LAYER = {
        name: "unstacked-layer",
        summary: "a layer takes the input of the layer before it, so the layer before never trains",
        family: Layers,
        severity: Warning,
        check: unstacked_layer,
    }
}

fn unstacked_layer(view: &StepView<'_>, findings: &mut Findings<'_>) {
    let tensors = view.step.tensors();
    let used = tensors.used();
    let is_layer = |tensor: &Tensor| tensor.origin == Origin::Layer && tensor.parameters.all().next().is_some() && view.is_project(tensor.place.unit);
    let dead: Vec<(TensorId, &Tensor)> = tensors.iter().filter(|(id, tensor)| is_layer(tensor) && !used.contains(id)).collect();
    for (dead_id, dead_layer) in dead {
        let outputs = data_inputs(view, dead_layer);
        // The layer that should have taken the dead output: the next one in the same code with the same input.
        let next = tensors.iter().find(|(id, tensor)| {
            *id > dead_id && used.contains(id) && is_layer(tensor) && tensor.context == dead_layer.context && tensor.place.unit == dead_layer.place.unit && tensor.place != dead_layer.place && data_inputs(view, tensor) == outputs
        });
        let Some((_, taking)) = next.filter(|_| !outputs.is_empty()) else { continue };
        let (name, skipped) = (view.callee_text(taking.place), view.callee_text(dead_layer.place));
        let skipped = if skipped == name { "the layer before it".to_owned() } else { format!("`{skipped}`") };
        let place = view.callee_place(taking.place);
        findings
            .report(&UNSTACKED_LAYER, place, taking.context)
            .what(format!("`{name}` takes the input of {skipped} instead of its output"))
            .why(format!("nothing reads the output of {skipped}: it reaches no loss and never trains, while the loss still falls"))
            .help(format!("pass the output of {skipped} to `{name}`, or delete the layer that is not used"))
            .label(view.callee_place(dead_layer.place), "the output of this layer is never read")
            .proof(crate::rules::plan::trains(view, taking.place, taking.context));
    }
}

/// What flows into a layer beside its parameters.
fn data_inputs(view: &StepView<'_>, tensor: &Tensor) -> BTreeSet<TensorId> {
    tensor.inputs.iter().copied().filter(|&input| !matches!(view.step.tensors().get(input).origin, Origin::Parameter(_))).collect()
}
