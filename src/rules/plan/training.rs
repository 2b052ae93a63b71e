//! Plans for code without a finding: what holds of every model, and of every player of a training step.

use super::host::{Host, host, method_of, order_of};
use super::network::{self, Missing, Sought};
use super::script::{runs_on_import, script, unimportable};
use super::{style_where, trainer};
use crate::finding::{Property, Style, Subject, TestPlan};
use crate::project;
use crate::rules::trainable::{Trainable, is_script, model_style};
use crate::rules::view::StepView;
use crate::step::Call;
use crate::step::context::ContextId;
use crate::syntax::{Place, UnitId};

/// Methods that apply a network which is no model of a framework, the likeliest first.
const APPLYING: [&str; 6] = ["__call__", "forward", "call", "inference", "build", "build_model"];

/// The tests of `trainable`, as far as the code of this step says what to pass: what is not known they ask for. None of a method that
/// trains nothing.
pub(in crate::rules) fn tests(view: &StepView<'_>, trainable: &Trainable) -> Vec<TestPlan> {
    let unit = trainable.unit;
    let is_class = view.world.hir(unit).class().is_some();
    let wanted = (unit != trainable.root).then_some(unit);
    let methods = methods_of(view, trainable.root);
    let own: Vec<UnitId> = if is_class || wanted.is_some() { methods.clone() } else { vec![unit] };
    let style = model_style(view.world, trainable.root).unwrap_or_else(|| style_where(view, &|call| runs_in(view, call, &own)));
    let trains = Property::Trains(Vec::new());
    let can_run = matches!(style, Style::Objects | Style::Layers);
    if trainable.is_script() {
        return vec![if can_run { script(view, unit.file, style, trains) } else { unimportable(view, unit, style, trains) }];
    }
    if runs_on_import(view, unit.file) {
        let runs = can_run && is_script(view.world, unit.file);
        return vec![if runs { script(view, unit.file, style, trains) } else { unimportable(view, unit, style, trains) }];
    }
    let updates = trainer::training_plans(view, &own, wanted);
    let is_reached = |plan: &TestPlan| !matches!(plan.subject, Subject::Unreachable { .. });
    let is_training = !is_class && takes_steps(view, unit);
    if can_run && (is_training || !updates.is_empty()) && !updates.iter().any(is_reached) && is_run_by_script(view, unit) {
        return vec![script(view, unit.file, style, trains)];
    }
    if updates.iter().any(is_reached) || !is_class && !updates.is_empty() {
        return updates;
    }
    let plans = if is_training { Err(Missing::Unknown) } else { networks(view, trainable, &methods, style) };
    match plans {
        Ok(plans) => plans,
        Err(_) if !updates.is_empty() => updates,
        Err(Missing::Nothing) => Vec::new(),
        Err(Missing::Unknown) if is_training => vec![network::gap(view, unit, style, trains)],
        Err(Missing::Unknown) => vec![network::not_followed(view, unit, style, trains)],
    }
}

/// Whether `trainable` is run in this step, or an object of its class is made or used.
pub(in crate::rules) fn reaches(view: &StepView<'_>, trainable: &Trainable) -> bool {
    let methods = methods_of(view, trainable.root);
    let is_own = |unit: UnitId| unit == trainable.unit || methods.contains(&unit);
    let inherited = order_of(view, trainable.root).and_then(|order| method_of(view, &order, "__init__"));
    let is_named = |place: Place| view.callee_text(place).rsplit('.').next() == Some(trainable.root.name.as_str());
    view.step.entries().iter().any(|entry| is_own(entry.unit) || Some(entry.unit) == inherited && is_named(entry.place))
}

/// The plans for a class of models, a method or a function.
fn networks(view: &StepView<'_>, trainable: &Trainable, methods: &[UnitId], style: Style) -> Result<Vec<TestPlan>, Missing> {
    let (unit, class) = (trainable.unit, trainable.root);
    let sought = |host: Host| Sought { host, context: None, style };
    let of_class = |name: &str| sought(Host::Method { class, method: name.to_owned() });
    if unit != class {
        if runs_without_gradients(view, unit) {
            return Err(Missing::Nothing);
        }
        return network::method_plans(view, &of_class(last_name(unit)));
    }
    if view.world.hir(unit).class().is_none() {
        return network::training_plans(view, &sought(host(view, unit)));
    }
    let plans = |name: &str| network::training_plans(view, &of_class(name));
    if model_style(view.world, unit).is_some() {
        return plans(match style {
            Style::Layers => "call",
            Style::Pure => "__call__",
            Style::Objects | Style::Graph => "forward",
        });
    }
    let own = |name: &str| methods.iter().any(|&unit| last_name(unit) == name);
    APPLYING.into_iter().filter(|name| own(name)).map(plans).find(Result::is_ok).unwrap_or(Err(Missing::Unknown))
}

/// Whether no tensor that is computed in `unit` records gradients.
fn runs_without_gradients(view: &StepView<'_>, unit: UnitId) -> bool {
    let mut calls = view.step.calls().iter().filter(|call| view.step.tensor(&call.result).is_some() && runs_in(view, call, &[unit])).peekable();
    calls.peek().is_some() && calls.all(|call| !call.gradient)
}

/// The name of a method without that of its class.
fn last_name(unit: UnitId) -> &'static str {
    let name = unit.name.as_str();
    name.rsplit_once('.').map_or(name, |(_, method)| method)
}

/// The methods that a class defines.
fn methods_of(view: &StepView<'_>, unit: UnitId) -> Vec<UnitId> {
    let outline = view.world.outline(unit.file);
    let methods = project::class_item(&outline, unit).map(|class| class.methods.as_slice()).unwrap_or_default();
    methods.iter().map(|method| UnitId { file: unit.file, name: method.unit, ordinal: method.ordinal }).collect()
}

/// Whether `call` is made in one of `units`, or in something that they call.
fn runs_in(view: &StepView<'_>, call: &Call, units: &[UnitId]) -> bool {
    let contexts = view.step.contexts();
    units.contains(&call.place.unit) || contexts.chain(call.context).any(|context| units.contains(&contexts.unit(context)))
}

/// Whether a function takes training steps, itself or in what it calls.
pub(super) fn takes_steps(view: &StepView<'_>, unit: UnitId) -> bool {
    let contexts = view.step.contexts();
    let runs_here = |context: ContextId| contexts.chain(context).any(|context| contexts.unit(context) == unit);
    ["optimizer", "step", "backward", "fit", "apply"].iter().any(|name| view.events(name).iter().any(|event| runs_here(event.event.context)))
}

/// Whether this is the step of a script that runs `unit`.
fn is_run_by_script(view: &StepView<'_>, unit: UnitId) -> bool {
    let root = view.step.root();
    root.file == unit.file && root.name.as_str().is_empty() && view.step.entries().iter().any(|entry| entry.unit == unit || entry.unit.name.as_str().starts_with(&format!("{}.", unit.name)))
}
