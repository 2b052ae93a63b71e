//! Softmax over a single unit is always one.

use crate::rules::findings::Findings;
use crate::rules::view::StepView;
use crate::rules::declare_rule;
use crate::step::tensor::{Origin, Tensor, TensorId};
use crate::step::value::Value;
use crate::step::Call;

declare_rule! {
    #[doc = include_str!("single_unit_softmax.md")]
    pub(crate) static SINGLE_UNIT_SOFTMAX = {
        name: "single-unit-softmax",
        summary: "softmax over one unit is always 1, whatever the input",
        family: Losses,
        severity: Error,
        check: single_unit_softmax,
    }
}

/// Over which axis a function normalises.
enum Axis {
    /// The argument of this name; the last axis if it is not given.
    Argument(&'static str),
    /// The class axis of torch: 1.
    Classes,
    /// The last.
    Last,
}

/// A function that applies a softmax.
struct Normalising {
    /// Its public name.
    name: &'static str,
    /// Over which axis.
    axis: Axis,
    /// Whether it is a loss.
    is_loss: bool,
}

const fn softmax(name: &'static str, axis: Axis) -> Normalising {
    Normalising { name, axis, is_loss: false }
}

const fn loss(name: &'static str, axis: Axis) -> Normalising {
    Normalising { name, axis, is_loss: true }
}

static NORMALISING: [Normalising; 14] = [
    softmax("torch.nn.functional.softmax", Axis::Argument("dim")),
    softmax("torch.nn.functional.log_softmax", Axis::Argument("dim")),
    softmax("torch.softmax", Axis::Argument("dim")),
    softmax("torch.log_softmax", Axis::Argument("dim")),
    loss("torch.nn.functional.cross_entropy", Axis::Classes),
    softmax("tensorflow.nn.softmax", Axis::Argument("axis")),
    softmax("tensorflow.nn.log_softmax", Axis::Argument("axis")),
    loss("tensorflow.nn.softmax_cross_entropy_with_logits", Axis::Last),
    loss("tensorflow.nn.softmax_cross_entropy_with_logits_v2", Axis::Last),
    loss("tensorflow.nn.sparse_softmax_cross_entropy_with_logits", Axis::Last),
    loss("tensorflow.losses.softmax_cross_entropy", Axis::Last),
    loss("tensorflow.losses.sparse_softmax_cross_entropy", Axis::Last),
    softmax("tf_slim.softmax", Axis::Last),
    loss("tf_slim.losses.softmax_cross_entropy", Axis::Last),
];

fn single_unit_softmax(view: &StepView<'_>, findings: &mut Findings<'_>) {
    for call in view.step.calls() {
        // Few tensors have one feature: only their callees are worth a name.
        let scores = ["input", "logits"].iter().find_map(|name| call.argument(name)).and_then(|(value, _)| view.step.tensor(value));
        let Some(id) = scores.filter(|&id| view.step.tensors().get(id).features == Some(1)) else { continue };
        let Some(function) = NORMALISING.iter().find(|function| view.unit_called(call.place.unit.file, function.name) == Some(call.callee)) else { continue };
        if is_feature_axis(call, &function.axis, view.step.tensors().get(id).rank) {
            report(view, findings, call, id, function.is_loss);
        }
    }
}

fn report(view: &StepView<'_>, findings: &mut Findings<'_>, call: &Call, id: TensorId, is_loss: bool) {
    let name = view.callee_text(call.place);
    let outcome = if is_loss { "the loss is always 0" } else { "its output is always 1" };
    let mut report = findings
        .report(&SINGLE_UNIT_SOFTMAX, view.callee_place(call.place), call.context)
        .what(format!("`{name}` normalises over a single unit"))
        .why(format!("a softmax over one unit is exactly 1: {outcome}, whatever the network computes"))
        .help("use a sigmoid with a binary cross-entropy for one unit, or as many units as there are classes");
    if let Some(layer) = single_unit_layer(view, id)
        && layer.place != call.place
    {
        report = report.label(view.callee_place(layer.place), "this layer has one unit");
    }
    report.proof(crate::rules::plan::output_varies(view, call, is_loss));
}

/// Whether the normalised axis is the one whose size is known. Attention scores, one unit and a softmax over time, are not meant.
fn is_feature_axis(call: &Call, axis: &Axis, rank: Option<i64>) -> bool {
    match axis {
        Axis::Last => true,
        // Channels come second where there are spatial axes; otherwise the classes must be the last of two axes.
        Axis::Classes => rank != Some(3),
        Axis::Argument(name) => match call.argument(name).map(|(value, _)| value) {
            Some(Value::Int(-1)) => rank.is_none_or(|rank| rank < 4),
            Some(Value::Int(axis)) => rank.is_some_and(|rank| if rank >= 4 { *axis == 1 } else { *axis == rank - 1 }),
            // No axis: the last one for one framework; for the other a guess that depends on the rank.
            Some(Value::None) => *name == "axis" || rank == Some(2),
            _ => false,
        },
    }
}

/// The layer that made the single unit.
fn single_unit_layer<'a>(view: &StepView<'a>, id: TensorId) -> Option<&'a Tensor> {
    let tensors = view.step.tensors();
    tensors.ancestors(id, false).into_iter().rev().map(|id| tensors.get(id)).find(|tensor| tensor.origin == Origin::Layer && tensor.features == Some(1))
}
