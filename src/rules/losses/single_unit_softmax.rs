//! Softmax over a single unit is always one.

use crate::rules::findings::Findings;
use crate::rules::need::{Need, Needs};
use crate::rules::view::StepView;
use crate::rules::declare_rule;
use crate::step::tensor::{FeatureAxis, Origin, Tensor, TensorId};
use crate::step::value::Value;
use crate::step::{Call, Manner};
use crate::syntax::Place;

declare_rule! {
    #[doc = include_str!("single_unit_softmax.md")]
    pub(crate) static SINGLE_UNIT_SOFTMAX = {
        name: "single-unit-softmax",
        summary: "softmax over one unit is always 1, whatever the input",
        family: Losses,
        severity: Error,
        check: single_unit_softmax,
        needs: || Needs { any_of: NORMALISING.iter().map(|function| function.name).chain([ACTIVATED]).map(Need::Called).collect(), one_unit: true, ..Needs::default() },
    }
}

/// Over which axis a function normalises.
enum Axis {
    /// The argument `axis`, or `dim` as it was called before; the last axis if it is not given.
    GivenOrLast,
    /// The argument `dim`; a guess that depends on the rank if it is not given.
    Dim,
    /// The class axis of torch: the second.
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

/// What a layer does with the activation that it was made with.
const ACTIVATED: &str = "keras.activations._activated";

static NORMALISING: [Normalising; 22] = [
    softmax("torch.nn.functional.softmax", Axis::Dim),
    softmax("torch.nn.functional.log_softmax", Axis::Dim),
    softmax("torch.softmax", Axis::Dim),
    softmax("torch.log_softmax", Axis::Dim),
    loss("torch.nn.functional.cross_entropy", Axis::Classes),
    softmax("tensorflow.nn.softmax", Axis::GivenOrLast),
    softmax("tensorflow.nn.log_softmax", Axis::GivenOrLast),
    loss("tensorflow.nn.softmax_cross_entropy_with_logits", Axis::GivenOrLast),
    loss("tensorflow.nn.softmax_cross_entropy_with_logits_v2", Axis::GivenOrLast),
    loss("tensorflow.nn.sparse_softmax_cross_entropy_with_logits", Axis::Last),
    loss("tensorflow.losses.softmax_cross_entropy", Axis::Last),
    loss("tensorflow.losses.sparse_softmax_cross_entropy", Axis::Last),
    softmax("tf_slim.softmax", Axis::Last),
    loss("tf_slim.losses.softmax_cross_entropy", Axis::Last),
    softmax("jax.nn.softmax", Axis::GivenOrLast),
    softmax("jax.nn.log_softmax", Axis::GivenOrLast),
    loss("optax.softmax_cross_entropy", Axis::GivenOrLast),
    loss("optax.softmax_cross_entropy_with_integer_labels", Axis::GivenOrLast),
    softmax("keras.activations.softmax", Axis::GivenOrLast),
    softmax("keras.activations.log_softmax", Axis::GivenOrLast),
    softmax("keras.layers.advanced_activations.Softmax.call", Axis::GivenOrLast),
    softmax("keras.layers.core.Activation.call", Axis::Last),
];

/// What functions call their scores.
const SCORES: [&str; 4] = ["input", "logits", "inputs", "x"];

fn single_unit_softmax(view: &StepView<'_>, findings: &mut Findings<'_>) {
    let is_certain = |call: &&Call| matches!(call.manner, Manner::Direct | Manner::Nested);
    for call in view.step.calls().iter().filter(is_certain) {
        if makes_single_unit_softmax(view, call) {
            report(view, findings, call, call, None, false);
            continue;
        }
        let Some((function, id)) = normalised_by(view, call) else { continue };
        // A loss on the output of a softmax over one unit: that softmax is the bug.
        if !function.is_loss || !is_softmax_of_one(view, id) {
            let maker = view.maker(call).filter(|maker| call.receiver_class.is_some() && maker.is_direct());
            report(view, findings, call, maker.unwrap_or(call), Some(id), function.is_loss);
        }
    }
}

/// The function with a softmax that `call` calls, and its scores, if it normalises a single unit.
fn normalised_by(view: &StepView<'_>, call: &Call) -> Option<(&'static Normalising, TensorId)> {
    // Few tensors have one feature: only their callees are worth a name.
    let scores = SCORES.iter().find_map(|name| call.argument(name));
    let id = scores.and_then(|(value, _)| single_unit(view, value))?;
    let function = NORMALISING.iter().find(|function| view.unit_called(call.place.unit.file, function.name) == Some(call.callee))?;
    if call.receiver_class.is_some() && view.setting(call, "activation").is_some_and(|activation| !is_softmax(view, call, activation)) {
        return None;
    }
    normalises_features(view, call, &function.axis, view.step.tensors().get(id)).then_some((function, id))
}

/// Whether a tensor is what a softmax over a single unit made of one.
fn is_softmax_of_one(view: &StepView<'_>, id: TensorId) -> bool {
    let makes_it = |call: &&Call| view.step.tensor(&call.result) == Some(id);
    view.layer_maker(id).is_some_and(|maker| makes_single_unit_softmax(view, maker))
        || view.step.calls().iter().filter(makes_it).any(|call| normalised_by(view, call).is_some_and(|(function, _)| !function.is_loss))
}

/// Whether a layer of one unit is made with softmax as its activation, which normalises the last axis: that of the units.
fn makes_single_unit_softmax(view: &StepView<'_>, call: &Call) -> bool {
    let is_one = |name: &str| call.argument(name).is_some_and(|(units, _)| *units == Value::Int(1));
    let is = |name: &str, wanted: &Value| call.argument(name).is_some_and(|(value, _)| value == wanted);
    call.is_direct()
        && (is_one("units") || is_one("filters"))
        && call.callee.name.as_str().ends_with(".__init__")
        && call.argument("recurrent_activation").is_none()
        && !is("data_format", &Value::text("channels_first"))
        && call.argument("activation").is_some_and(|(activation, _)| is_softmax(view, call, activation))
        && view.qualified_name(call.callee).as_str().starts_with("keras.layers.")
}

/// Whether an activation is softmax, by its name or as a function.
fn is_softmax(view: &StepView<'_>, call: &Call, activation: &Value) -> bool {
    let functions = ["keras.activations.softmax", "keras.activations.log_softmax", "tensorflow.nn.softmax", "tensorflow.nn.log_softmax"];
    match activation {
        Value::Str(name) => matches!(&**name, "softmax" | "log_softmax"),
        Value::Function(_) => functions.iter().filter_map(|name| view.unit_called(call.place.unit.file, name)).any(|unit| *activation == Value::unit(unit)),
        _ => false,
    }
}

/// The tensor that a value is, if it has one unit; of several, which each have one, the first.
fn single_unit(view: &StepView<'_>, value: &Value) -> Option<TensorId> {
    let has_one_unit = |id: &TensorId| view.step.tensors().get(*id).features == Some(1);
    let ids: Option<Vec<TensorId>> = value.alternatives().iter().map(|value| view.step.tensor(value).filter(has_one_unit)).collect();
    ids?.first().copied()
}

/// Reports `call`, the softmax, where it is `written`: where its layer is made, if it is one.
fn report(view: &StepView<'_>, findings: &mut Findings<'_>, call: &Call, written: &Call, scores: Option<TensorId>, is_loss: bool) {
    let name = view.callee_text(written.place);
    let outcome = if is_loss { "the loss is always 0" } else { "its output is always 1" };
    let mut report = findings
        .report(&SINGLE_UNIT_SOFTMAX, view.callee_place(written.place), written.context)
        .what(format!("`{name}` normalises over a single unit"))
        .why(format!("a softmax over one unit is exactly 1: {outcome}, whatever the network computes"))
        .help("use a sigmoid with a binary cross-entropy for one unit, or as many units as there are classes");
    if let Some(place) = scores.and_then(|scores| single_unit_layer(view, scores)).filter(|place| *place != written.place) {
        report = report.label(view.callee_place(place), "this layer has one unit");
    }
    report.proof(crate::rules::plan::output_varies(view, call, is_loss));
}

/// Whether the normalised axis is that of the features. Attention scores, one unit and a softmax over time, are not meant.
fn normalises_features(view: &StepView<'_>, call: &Call, axis: &Axis, scores: &Tensor) -> bool {
    let Some(normalised) = normalised(view, call, axis, scores.rank) else { return false };
    match (scores.axis, scores.rank) {
        (FeatureAxis::Last, Some(rank)) => normalised == -1 || normalised == rank - 1,
        (FeatureAxis::Second, Some(rank)) => normalised == 1 || normalised == 1 - rank,
        // Of scores whose rank is not known, classes are taken to be the last of two axes.
        (FeatureAxis::Last, None) => normalised == -1 || matches!(axis, Axis::Classes),
        (FeatureAxis::Second, None) => normalised == 1,
    }
}

/// The normalised axis, counted from the front or, if negative, from the end.
fn normalised(view: &StepView<'_>, call: &Call, axis: &Axis, rank: Option<i64>) -> Option<i64> {
    let given = |name: &str| view.setting(call, name).filter(|value| **value != Value::None);
    match axis {
        Axis::Last => Some(-1),
        Axis::Classes => Some(1),
        Axis::GivenOrLast => given("axis").or_else(|| given("dim")).map_or(Some(-1), Value::as_int),
        Axis::Dim => given("dim").map_or_else(|| (rank == Some(2)).then_some(1), Value::as_int),
    }
}

/// Where the layer that made the single unit is written.
fn single_unit_layer(view: &StepView<'_>, id: TensorId) -> Option<Place> {
    let tensors = view.step.tensors();
    let is_it = |id: &TensorId| tensors.get(*id).origin == Origin::Layer && tensors.get(*id).features == Some(1);
    let layer = tensors.ancestors(id, false).into_iter().rev().find(is_it)?;
    let made = view.layer_maker(layer).filter(|maker| maker.is_direct());
    Some(made.map_or(tensors.get(layer).place, |maker| maker.place))
}
