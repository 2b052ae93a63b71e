//! A training step with a tape of its own that calls a model without saying that it trains.

use super::evaluation::{drops_nothing, flag_parameter};
use crate::finding::{Anchor, Applicability};
use crate::rules::declare_rule;
use crate::rules::files::{any_unit, imports};
use crate::rules::findings::Findings;
use crate::rules::need::{Need, Needs};
use crate::rules::tape::losses_applied;
use crate::rules::view::{EventView, StepView};
use crate::rules::ways::{Via, way, way_to};
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::{Origin, Tensor, TensorId};
use crate::step::value::Value;
use crate::step::{Call, Manner};
use crate::syntax::hir::{Argument, ArgumentKind, Expr, Hir, Literal, NodeId};
use crate::syntax::{Place, UnitId};
use std::collections::BTreeSet;

declare_rule! {
    #[doc = include_str!("tape_without_training_flag.md")]
    pub(crate) static TAPE_WITHOUT_TRAINING_FLAG = {
        name: "tape-without-training-flag",
        summary: "a step with a tape of its own trains a model that runs as in evaluation",
        family: Modes,
        severity: Warning,
        check: tape_without_training_flag,
        needs: || Needs { any_of: vec![Need::Called("tensorflow.GradientTape.gradient")], ..Needs::default() },
    }
}

/// What a layer with a mode calls with its output, and what Keras calls for every layer and model.
const RAN: &str = "keras.engine.base_layer.Layer._ran";
const CALLED: &str = "keras.engine.base_layer.Layer.__call__";

fn tape_without_training_flag(view: &StepView<'_>, findings: &mut Findings<'_>) {
    let updates = updates(view);
    let is_untold = |call: &&Call| call.manner != Manner::Assumed && runs_as_in_evaluation(call) && matches!(call.argument("tape"), Some((Value::Object(_), _)));
    let mut found: Vec<Untold<'_>> = Vec::new();
    for call in view.calls_of(RAN).filter(is_untold) {
        let Some(model) = outermost(view, call) else { continue };
        findings.ask(&TAPE_WITHOUT_TRAINING_FLAG, view.callee_place(model.place), model.context);
        if sets_learning_phase(view, model.place.unit) || says_mode(view, model.place) || is_told_elsewhere(view, model) {
            continue;
        }
        let Some(output) = view.step.tensor(&call.result) else { continue };
        let layers = layers(view, call);
        let trained = updates.iter().find(|update| update.reaches(view, output) && layers.iter().any(|layer| update.trains(view, layer, call, model)));
        let Some(update) = trained else { continue };
        let layers = layers.into_iter().filter(|layer| update.trains(view, layer, call, model));
        match found.iter_mut().find(|known| known.model == model) {
            Some(known) => known.layers.extend(layers),
            None => found.push(Untold { model, layers: layers.collect(), update: update.event }),
        }
    }
    found.iter().for_each(|untold| report(view, findings, untold));
}

/// A model that is called without being told that it trains.
struct Untold<'a> {
    model: Via,
    layers: Vec<Layer<'a>>,
    update: EventView<'a>,
}

/// A layer with a mode.
struct Layer<'a> {
    ran: &'a Call,
    normalises: bool,
}

/// A step of an optimizer, and the losses whose gradients it applies.
struct Update<'a> {
    event: EventView<'a>,
    held: &'a ParameterSet,
    losses: BTreeSet<TensorId>,
}

impl Update<'_> {
    /// Whether a gradient that is applied comes from behind `output`.
    fn reaches(&self, view: &StepView<'_>, output: TensorId) -> bool {
        self.losses.iter().any(|&loss| view.step.tensors().ancestors(loss, true).contains(&output))
    }

    /// Whether it trains what the mode of `layer` matters to: normalization its own weights, dropout any of the model around.
    fn trains(&self, view: &StepView<'_>, layer: &Layer<'_>, ran: &Call, model: Via) -> bool {
        let own = |call: &Call| view.step.tensor(&call.result).map(|output| view.step.tensors().get(output).parameters.certain.clone()).unwrap_or_default();
        let matters = if layer.normalises { own(layer.ran) } else { &own(ran) | &applied_through(view, model) };
        matters.iter().any(|member| self.held.certain.contains(member))
    }
}

fn updates<'a>(view: &StepView<'a>) -> Vec<Update<'a>> {
    let update = |event: EventView<'a>| match event.details.iter().find(|(name, _)| *name == "parameters") {
        Some((_, Value::Parameters(held))) => {
            let losses = losses_applied(view, &event);
            Some(Update { event, held, losses })
        }
        _ => None,
    };
    view.events("apply").into_iter().filter_map(update).collect()
}

/// Whether nobody says that a layer trains.
fn runs_as_in_evaluation(call: &Call) -> bool {
    matches!(call.argument("training"), Some((Value::None, _)))
}

/// The outermost call of a layer or model on the way to `ran`: inner ones take its mode.
fn outermost(view: &StepView<'_>, ran: &Call) -> Option<Via> {
    let is_call = |via: &Via| view.calls_of(CALLED).any(|call| call.is_direct() && (call.place, call.context) == (via.place, via.context));
    way_to(view, Via { place: ran.place, context: ran.context }).into_iter().rfind(is_call)
}

/// Whether the mode of all models is set in the file where `unit` is, in that where the step begins, or in a module of the project that one of them imports.
fn sets_learning_phase(view: &StepView<'_>, unit: UnitId) -> bool {
    const SETTERS: [&str; 2] = ["set_learning_phase", "learning_phase_scope"];
    let names_setter = |hir: &Hir| hir.exprs.iter().any(|expr| matches!(expr, Expr::Attribute { name, .. } | Expr::Name(name) if SETTERS.contains(&name.as_str())));
    [unit.file, view.step.root().file].into_iter().any(|file| {
        let imported = imports(view, file);
        imported.into_iter().chain([file]).any(|file| any_unit(view, file, &names_setter))
    })
}

/// Whether a call may say the mode: by name, or in a way that is not known.
fn says_mode(view: &StepView<'_>, place: Place) -> bool {
    let hir = view.world.hir(place.unit);
    let NodeId::Expr(id) = place.node else { return true };
    let Expr::Call { arguments, .. } = hir.expr(id) else { return true };
    let says = |argument: &Argument| match argument.kind {
        ArgumentKind::Positional => false,
        ArgumentKind::Keyword(name) => name == "training" && *hir.expr(argument.value) != Expr::Literal(Literal::Bool(false)),
        ArgumentKind::Star | ArgumentKind::DoubleStar => true,
    };
    arguments.iter().any(says)
}

/// Whether a layer says the mode to the layer that it derives from, whatever it is told itself: `super().call(inputs, training=True)`.
fn is_told_inside(view: &StepView<'_>, ran: &Call) -> bool {
    let tells = |via: &Via| {
        let hir = view.world.hir(via.place.unit);
        let NodeId::Expr(id) = via.place.node else { return false };
        let Expr::Call { callee, arguments, .. } = hir.expr(id) else { return false };
        matches!(hir.expr(*callee), Expr::Attribute { name, .. } if *name == "call") && arguments.len() > 1
    };
    way_to(view, Via { place: ran.place, context: ran.context }).iter().any(tells)
}

/// Whether another call of the same model may say that it trains: then this one may be meant not to.
fn is_told_elsewhere(view: &StepView<'_>, model: Via) -> bool {
    let called = |call: &&Call| call.is_direct() && (call.place, call.context) == (model.place, model.context);
    let receiver = |call: &'_ Call| call.argument("self").map(|(value, _)| value.clone());
    let Some(itself) = view.calls_of(CALLED).find(called).and_then(receiver) else { return true };
    view.calls_of(CALLED).any(|call| call.is_direct() && call.place != model.place && receiver(call).as_ref() == Some(&itself) && says_mode(view, call.place))
}

/// The layers with a mode that ran: the one itself, or those of which the model was built.
fn layers<'a>(view: &StepView<'a>, ran: &'a Call) -> Vec<Layer<'a>> {
    let inner: Vec<&Call> = match ran.argument("graph").and_then(|(graph, _)| view.step.tensor(graph)) {
        Some(graph) => {
            let behind = view.step.tensors().ancestors(graph, false);
            let is_inside = |call: &&Call| runs_as_in_evaluation(call) && view.step.tensor(&call.result).is_some_and(|output| behind.contains(&output));
            view.calls_of(RAN).filter(is_inside).collect()
        }
        None => vec![ran],
    };
    let layer = |ran: &'a Call| {
        let maker = view.maker(ran)?.callee.name;
        let class = maker.as_str().split('.').next()?;
        (class != "Model" && !drops_nothing(view, ran) && !is_told_inside(view, ran)).then_some(Layer { ran, normalises: class == "BatchNormalization" })
    };
    inner.into_iter().filter_map(layer).collect()
}

/// The parameters that are applied on the way through a call.
fn applied_through(view: &StepView<'_>, model: Via) -> BTreeSet<ParameterId> {
    let tensors = view.step.tensors();
    let parameters = |tensor: &Tensor| {
        let inputs = tensor.inputs.iter().filter_map(|&input| match tensors.get(input).origin {
            Origin::Parameter(parameter) => Some(parameter),
            _ => None,
        });
        tensor.parameters.certain.iter().copied().chain(inputs).collect::<Vec<_>>()
    };
    tensors.iter().filter(|(_, tensor)| way(view, tensor).contains(&model)).flat_map(|(_, tensor)| parameters(tensor)).collect()
}

fn report(view: &StepView<'_>, findings: &mut Findings<'_>, untold: &Untold<'_>) {
    let Via { place, context } = untold.model;
    let name = view.callee_text(place);
    let normalises = untold.layers.iter().any(|layer| layer.normalises);
    let drops = untold.layers.iter().any(|layer| !layer.normalises);
    let why = match (normalises, drops) {
        (true, true) => "it runs as in evaluation: batch normalization uses moving statistics and does not learn them, and nothing is dropped",
        (true, false) => "it runs as in evaluation: batch normalization uses moving statistics and does not learn them",
        (false, _) => "it runs as in evaluation: nothing is ever dropped",
    };
    let flag = flag_parameter(view, place.unit).or_else(|| view.reads_attribute(place.unit, "GradientTape").then(|| "True".to_owned()));
    let mut report = findings
        .report(&TAPE_WITHOUT_TRAINING_FLAG, view.callee_place(place), context)
        .what(format!("`{name}` is not told that it trains"))
        .why(why)
        .label(view.callee_place(untold.update.event.place), "its weights are trained here");
    for layer in &untold.layers {
        if let Some(made) = view.maker(layer.ran).filter(|made| view.is_project(made.place.unit)) {
            let what = if layer.normalises { "this layer learns its statistics in training only" } else { "this layer drops in training only" };
            report = report.label(view.callee_place(made.place), what);
        }
    }
    report = match flag {
        Some(flag) => {
            let text = format!("training={flag}");
            report.help(format!("pass `{text}`")).fix(format!("Pass `{text}`"), Applicability::Unsafe, place, Anchor::LastArgument, text)
        }
        None => report.help("pass `training`, true while training and false otherwise"),
    };
    report.proof(crate::rules::plan::step_trains(view, place, context, normalises));
}
