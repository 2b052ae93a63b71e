//! From what a rule knows to a test plan.
//!
//! A plan says what to build, what to pass and what to assert: constructor arguments as call sites give them, inputs as the first
//! operations ask for them, the loss that the code uses. What the code does not say is left to be filled in.

mod host;
mod kind;
mod known;
mod network;
mod operation;
mod optimizer;
mod script;
mod shapes;
mod signature;
mod trainer;
mod training;

use std::collections::BTreeSet;

use super::view::{EventView, StepView};
use crate::finding::{Property, Style, TestPlan};
use crate::step::Call;
use crate::step::context::ContextId;
use crate::step::parameters::ParameterId;
use crate::syntax::{Place, UnitId};

/// Every parameter of the model that holds `place` trains.
pub(super) fn trains(view: &StepView<'_>, place: Place, context: ContextId) -> TestPlan {
    network::plan(view, place, context, Property::Trains(Vec::new()))
}

/// What does not train, where it has names of its own, trains in a step of the code that makes an optimizer; else every parameter does.
pub(super) fn trains_by(view: &StepView<'_>, optimizer: &EventView<'_>, untrained: &BTreeSet<ParameterId>) -> TestPlan {
    trainer::with_optimizer(view, optimizer, Demand::These(untrained), trainer::stepping(view, optimizer, None))
}

/// What the model puts out, or the loss, varies with the input.
pub(super) fn output_varies(view: &StepView<'_>, call: &Call, is_loss: bool) -> TestPlan {
    let property = if is_loss { Property::LossDependsOn } else { Property::OutputVaries };
    network::plan(view, call.place, call.context, property)
}

/// A step of one network leaves the other alone.
pub(super) fn opponent_untouched(view: &StepView<'_>, update: &EventView<'_>, sides: &Sides) -> TestPlan {
    let method = trainer::stepping(view, update, None);
    match style(view, update.event.place) {
        Style::Graph => trainer::with_operation(view, update, Demand::Players(sides)),
        Style::Layers if trainer::is_step_of_layers(update) => trainer::with_update(view, update, Demand::Players(sides), method),
        Style::Objects | Style::Layers | Style::Pure => trainer::with_optimizer(view, update, Demand::Players(sides), method),
    }
}

/// In a step with a tape of its own, the layers of the model that is called at `place` run as in training.
pub(super) fn step_trains(view: &StepView<'_>, place: Place, context: ContextId, normalises: bool) -> TestPlan {
    trainer::with_tape(view, place, context, if normalises { Property::StatisticsMoved } else { Property::RandomInTraining })
}

use trainer::Demand;
pub(super) use trainer::Sides;
pub(super) use training::{reaches, tests};

/// Moving statistics are learned.
pub(super) fn statistics_moved(view: &StepView<'_>, call: &Call) -> TestPlan {
    network::plan(view, call.place, call.context, Property::StatisticsMoved)
}

/// The output of one example does not depend on the others in its batch.
pub(super) fn examples_independent(view: &StepView<'_>, call: &Call) -> TestPlan {
    network::evaluation_plan(view, call, Property::ExamplesIndependent)
}

/// Two evaluations on one input are equal.
pub(super) fn deterministic(view: &StepView<'_>, call: &Call) -> TestPlan {
    network::evaluation_plan(view, call, Property::Deterministic)
}

/// Two training calls on one input differ.
pub(super) fn random_in_training(view: &StepView<'_>, call: &Call) -> TestPlan {
    network::plan(view, call.place, call.context, Property::RandomInTraining)
}

/// How the code that calls something at `place`, itself or through a helper, is run.
fn style(view: &StepView<'_>, place: Place) -> Style {
    let contexts = view.step.contexts();
    let is_behind = |call: &Call| contexts.chain(call.context).any(|context| contexts.call_site(context) == Some(place));
    if is_method_of(view, place.unit, MODULE) {
        Style::Pure
    } else if is_method_of(view, place.unit, LAYER) {
        Style::Layers
    } else {
        style_where(view, &|call| call.place == place || is_behind(call))
    }
}

/// How the code is run that makes the calls which are `there`.
fn style_where(view: &StepView<'_>, is_there: &dyn Fn(&Call) -> bool) -> Style {
    let calls = |frameworks: &[&str]| {
        let is_one = |call: &Call| frameworks.iter().any(|framework| view.qualified_name(call.callee).as_str().starts_with(framework));
        view.step.calls().iter().any(|call| is_there(call) && is_one(call))
    };
    if calls(&["keras."]) {
        Style::Layers
    } else if calls(&["flax.", "jax.", "optax."]) {
        Style::Pure
    } else if calls(&["tensorflow.", "tf_slim."]) {
        Style::Graph
    } else {
        Style::Objects
    }
}

/// Whether a unit is a method of a class that derives from the class `base` of a framework.
fn is_method_of(view: &StepView<'_>, unit: UnitId, base: &str) -> bool {
    let host::Host::Method { class, .. } = host::host(view, unit) else { return false };
    let base = view.unit_called(class.file, base);
    host::order_of(view, class).is_some_and(|order| order.into_iter().any(|above| Some(above) == base))
}

/// The base class of Keras layers and models.
const LAYER: &str = "keras.engine.base_layer.Layer";
/// The base class of Flax modules whose parameters live outside of them.
const MODULE: &str = "flax.linen.module.Module";
