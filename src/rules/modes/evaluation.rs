//! Whether a layer runs outside training too, or in training at all.

use std::collections::BTreeSet;

use crate::rules::flag::is_flag;
use crate::rules::view::StepView;
use crate::step::parameters::ParameterId;
use crate::step::tensor::TensorId;
use crate::step::context::ContextId;
use crate::step::value::Value;
use crate::step::{Call, Origin};
use crate::syntax::{Place, UnitId};

/// Why a layer without a flag is known to run outside training too.
pub(super) enum Evidence {
    /// The function around has a flag that is not passed on.
    UnusedFlag(String),
    /// A function further out has a flag, and does not pass it on at this place.
    FlagOutside {
        /// The flag.
        flag: String,
        /// The call on the way to the layer.
        place: Place,
        /// The context of that call.
        context: ContextId,
    },
    /// The same variables are used by a second application, which no minimised loss reaches.
    SecondApplication(Place),
}

impl Evidence {
    /// Where the mistake is: at the layer, or where the flag is left behind.
    pub(super) fn place_of(&self, call: &Call) -> (Place, ContextId) {
        match self {
            Self::FlagOutside { place, context, .. } => (*place, *context),
            Self::UnusedFlag(_) | Self::SecondApplication(_) => (call.place, call.context),
        }
    }
}

/// Evidence for `call`, a layer with variables that takes its default.
pub(super) fn evidence(view: &StepView<'_>, call: &Call) -> Option<Evidence> {
    if let Some(flag) = call.caller.and_then(|caller| flag_parameter(view, caller)) {
        return Some(Evidence::UnusedFlag(flag));
    }
    if let Some(outside) = flag_outside(view, call) {
        return Some(outside);
    }
    // The evidence lies in two applications together: it holds for the layer in each of them.
    let applications = view.step.calls().iter().filter(|other| other.place == call.place && other.callee == call.callee);
    applications.into_iter().find_map(|application| second_application(view, application))
}

/// The innermost function on the way to `call` that has a flag, beside the one in which it stands.
fn flag_outside(view: &StepView<'_>, call: &Call) -> Option<Evidence> {
    let contexts = view.step.contexts();
    let mut inner = call.context;
    while let Some(context) = contexts.caller(inner) {
        let place = contexts.call_site(inner)?;
        if let Some(flag) = flag_parameter(view, contexts.unit(context)).or_else(|| mode_parameter(view, contexts.unit(context))) {
            return Some(Evidence::FlagOutside { flag, place, context });
        }
        inner = context;
    }
    None
}

/// The parameter `mode` of a function that compares it with one of the modes of an estimator.
fn mode_parameter(view: &StepView<'_>, function: UnitId) -> Option<String> {
    let takes_mode = view.parameters_around(function).into_iter().any(|name| name == "mode");
    (takes_mode && view.reads_attribute(function, "ModeKeys")).then(|| "mode".to_owned())
}

/// Whether `call` is known to run outside training: in `forward`, or in what it calls, or in a method that its name says is for evaluation.
pub(super) fn runs_outside_training(view: &StepView<'_>, call: &Call) -> bool {
    methods_around(view, call).iter().any(|method| matches!(*method, "forward" | "__call__") || is_for_evaluation(method))
}

/// Whether the code around `call` is for evaluation only, as its name says: `export_graph`, `predict`. `inference` builds the network in the
/// tutorials, for training too.
pub(super) fn runs_in_evaluation_only(view: &StepView<'_>, call: &Call) -> bool {
    methods_around(view, call).iter().any(|method| is_for_evaluation(method))
}

fn is_for_evaluation(function: &str) -> bool {
    let is_word = |word: &str| matches!(word, "eval" | "evaluate" | "evaluation" | "predict" | "prediction" | "test" | "validate" | "validation" | "export" | "freeze" | "serve" | "serving" | "deploy");
    function.split('_').any(is_word)
}

/// The functions that run where `call` is made, without their classes, innermost first.
fn methods_around(view: &StepView<'_>, call: &Call) -> Vec<&'static str> {
    let contexts = view.step.contexts();
    let chain = contexts.chain(call.context);
    chain.map(|context| contexts.unit(context)).chain(call.caller).map(|unit| unit.name.as_str().rsplit('.').next().unwrap_or_default()).collect()
}

/// Whether no gradient passes through what `call` makes: it is stopped behind it, wherever it goes.
pub(super) fn is_frozen(view: &StepView<'_>, call: &Call) -> bool {
    let tensors = view.step.tensors();
    let is_open = |id: TensorId| tensors.get(id).cut.is_none();
    // Where no gradient is recorded at all, the network is evaluated.
    let Some(output) = view.step.tensor(&call.result).filter(|&output| is_open(output)) else { return false };
    let mut passed = BTreeSet::from([output]);
    // Whatever is computed from a tensor comes behind it, but for what loops make again.
    for (id, tensor) in tensors.iter() {
        if is_open(id) && tensor.inputs.iter().any(|input| passed.contains(input)) {
            passed.insert(id);
        }
    }
    let is_cut = tensors.iter().any(|(_, tensor)| tensor.cut.is_some() && tensor.inputs.iter().any(|input| passed.contains(input)));
    is_cut && !passed.iter().any(|&id| tensors.get(id).observed)
}

/// Whether the rate is known to be zero (or the share that is kept one).
pub(super) fn drops_nothing(view: &StepView<'_>, call: &Call) -> bool {
    let is = |name: &str, wanted: f64| {
        view.setting(call, name).is_some_and(|value| match value {
            Value::Float(value) => (*value - wanted).abs() < f64::EPSILON,
            Value::Int(value) => (*value as f64 - wanted).abs() < f64::EPSILON,
            _ => false,
        })
    };
    is("p", 0.0) || is("rate", 0.0) || is("keep_prob", 1.0)
}

/// The parameter of the function around that says whether it trains.
pub(super) fn flag_parameter(view: &StepView<'_>, function: UnitId) -> Option<String> {
    view.parameters_around(function).into_iter().find(|&name| is_flag(name.as_str())).map(|name| name.to_string())
}

/// Whether another call of the same layer is told the mode: then this one may be meant to run in the other.
pub(super) fn is_told_elsewhere(view: &StepView<'_>, call: &Call) -> bool {
    let receiver = |call: &Call| call.argument("self").map(|(value, _)| value.clone());
    let is_told = |other: &Call| other.argument("training").is_some_and(|(_, origin)| origin != Origin::Default);
    let is_same = |other: &Call| match receiver(call) {
        Some(layer) => receiver(other) == Some(layer),
        None => !variables(view, call).is_disjoint(&variables(view, other)),
    };
    view.step.calls().iter().any(|other| other.callee == call.callee && is_told(other) && is_same(other))
}

/// The variables that the layer `call` holds for certain.
fn variables(view: &StepView<'_>, call: &Call) -> BTreeSet<ParameterId> {
    view.step.tensor(&call.result).map(|output| view.step.tensors().get(output).parameters.certain.clone()).unwrap_or_default()
}

/// Whether the mode may decide what is called: `drop = F.dropout if self.training else keep`.
pub(super) fn may_follow_mode(view: &StepView<'_>, call: &Call) -> bool {
    let asks_for_mode = |caller| view.reads_attribute(caller, "training") || flag_parameter(view, caller).is_some();
    call.receiver_class.is_none() && !view.is_called_by_name(call) && call.caller.is_some_and(asks_for_mode)
}

fn second_application(view: &StepView<'_>, call: &Call) -> Option<Evidence> {
    let tensors = view.step.tensors();
    let minimised: Vec<TensorId> = view.events("minimize").iter().filter_map(|event| view.tensor_of(event, "loss")).collect();
    if minimised.is_empty() || view.step.exceeded() {
        return None;
    }
    let trained: BTreeSet<TensorId> = minimised.into_iter().flat_map(|loss| tensors.ancestors(loss, false)).collect();
    let output = view.step.tensor(&call.result)?;
    let used = tensors.used();
    // This application is the one outside training; the other one, with the same variables, trains them.
    if trained.contains(&output) || !used.contains(&output) {
        return None;
    }
    let parameters = &tensors.get(output).parameters;
    let twin = tensors.iter().find(|(id, tensor)| *id != output && trained.contains(id) && !tensor.parameters.certain.is_disjoint(&parameters.certain))?;
    Some(Evidence::SecondApplication(view.call_site(twin.1.context).unwrap_or(twin.1.place)))
}
