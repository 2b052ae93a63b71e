//! An optimizer that was built on the parameters of the wrong network, or of both.

use super::players::players;
use crate::rules::findings::Findings;
use crate::rules::need::{Need, Needs};
use crate::rules::plan::Sides;
use crate::rules::view::{EventView, StepView};
use crate::rules::declare_rule;
use crate::step::event::{EventKind, Passage, PathAnswer};
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::TensorId;
use crate::step::value::{Truth, Value};
use crate::syntax::Name;
use std::collections::BTreeSet;

declare_rule! {
    #[doc = include_str!("optimizer_holds_wrong_parameters.md")]
    pub(crate) static OPTIMIZER_HOLDS_WRONG_PARAMETERS = {
        name: "optimizer-holds-wrong-parameters",
        summary: "an optimizer holds the parameters of the wrong network, or of both",
        family: Optimizers,
        severity: Error,
        check: optimizer_holds_wrong_parameters,
        needs: || Needs { any_of: vec![Need::Event("optimizer")], twice: true, ..Needs::default() },
    }
}

/// An optimizer with what it holds and the losses whose gradients it applies.
struct Optimizer<'a> {
    made: EventView<'a>,
    held: &'a ParameterSet,
    losses: BTreeSet<TensorId>,
}

fn optimizer_holds_wrong_parameters(view: &StepView<'_>, findings: &mut Findings<'_>) {
    if !findings.can_answer(&OPTIMIZER_HOLDS_WRONG_PARAMETERS) {
        return;
    }
    let optimizers = optimizers(view);
    for (number, optimizer) in optimizers.iter().enumerate() {
        for (other_number, other) in optimizers.iter().enumerate() {
            if number == other_number || optimizer.made.subject == other.made.subject || optimizer.losses == other.losses {
                continue;
            }
            if let Some(sides) = holds_both(view, optimizer, other)
                && !has_optimizer_of_its_own(&sides, &optimizers)
            {
                report_both(view, findings, optimizer, other, &sides);
            } else if number > other_number
                && let Some(missing) = same_network_twice(view, optimizer, other, &optimizers)
            {
                report_same(view, findings, optimizer, other, &missing);
            }
        }
    }
}

fn optimizers<'a>(view: &StepView<'a>) -> Vec<Optimizer<'a>> {
    let made = view.events("optimizer");
    if made.len() < 2 {
        return Vec::new();
    }
    let exact = |event: &EventView<'a>| match event.details.iter().find(|(name, _)| *name == "parameters").map(|(_, value)| value) {
        Some(Value::Parameters(set)) if set.is_exact() && set.empty() == Truth::No => Some(&**set),
        _ => None,
    };
    made.into_iter().filter_map(|made| exact(&made).map(|held| Optimizer { made, held, losses: losses_of(view, made.subject, held) })).collect()
}

/// Losses whose backward pass comes before a step of `optimizer`, with no clearing and no other step of it in between.
fn losses_of(view: &StepView<'_>, optimizer: &Value, held: &ParameterSet) -> BTreeSet<TensorId> {
    // A network clears the gradients of its own parameters, whoever holds them.
    let clears = |subject: &Value, details: &[(Name, Value)]| {
        let cleared = details.iter().find_map(|(name, value)| if let Value::Parameters(set) = value && *name == "parameters" { Some(set) } else { None });
        subject == optimizer || cleared.is_some_and(|cleared| held.subset(cleared, view.step.parameters()) == Truth::Yes)
    };
    let mut losses = BTreeSet::new();
    for step in view.events("step").into_iter().filter(|step| step.subject == optimizer) {
        for backward in view.events("backward") {
            let Some(loss) = view.step.tensor(backward.subject) else { continue };
            let answer = view.step.events().paths(backward.id, step.id, |_, event| match &event.kind {
                EventKind::Named { name, subject, .. } if *name == "step" && subject == optimizer => Passage::Ends,
                EventKind::Named { name, subject, details } if *name == "zero_grad" && clears(subject, details) => Passage::Ends,
                _ => Passage::Neutral,
            });
            if answer == PathAnswer::Never {
                losses.insert(loss);
            }
        }
    }
    losses
}

/// The players, if `optimizer` holds both while `other` trains one of them with another loss.
fn holds_both(view: &StepView<'_>, optimizer: &Optimizer<'_>, other: &Optimizer<'_>) -> Option<Sides> {
    optimizer.losses.iter().find_map(|&loss| {
        let players = players(view, loss)?;
        let holds = |held: &ParameterSet, player: &BTreeSet<_>| player.iter().all(|member| held.certain.contains(member));
        if !holds(optimizer.held, &players.judge) || !holds(optimizer.held, &players.maker) {
            return None;
        }
        // One of the two trains the judge on data and on what is made; without that they work together.
        if ![optimizer, other].into_iter().any(|optimizer| players.are_opposed(view, optimizer.losses.iter().copied())) {
            return None;
        }
        // The network that the other optimizer trains is to be left alone.
        if holds(other.held, &players.judge) {
            Some(Sides { trained: players.maker, untouched: players.judge })
        } else {
            holds(other.held, &players.maker).then_some(Sides { trained: players.judge, untouched: players.maker })
        }
    })
}

/// Whether the trained side has an optimizer that leaves the other side alone: then one that holds both is a third, meant to
/// (the mutual information of `InfoGAN` moves both).
fn has_optimizer_of_its_own(sides: &Sides, all: &[Optimizer<'_>]) -> bool {
    all.iter().any(|optimizer| {
        sides.trained.iter().all(|member| optimizer.held.certain.contains(member)) && optimizer.held.certain.is_disjoint(&sides.untouched)
    })
}

/// Parameters that a loss reaches and nobody holds, where two optimizers hold exactly the same ones.
fn same_network_twice(view: &StepView<'_>, optimizer: &Optimizer<'_>, other: &Optimizer<'_>, all: &[Optimizer<'_>]) -> Option<ParameterSet> {
    if optimizer.held != other.held {
        return None;
    }
    // An optimizer that is not understood may hold what seems to be missing.
    let every = view.events("optimizer");
    if every.len() != all.len() {
        return None;
    }
    // A network whose numbers are loaded, a teacher for example, trains elsewhere.
    let loaded = view.events("load");
    let parameters = view.step.parameters();
    let is_left_out = |member: ParameterId| all.iter().all(|optimizer| optimizer.held.contains(member, parameters) == Truth::No);
    let is_loaded = |member: ParameterId| loaded.iter().filter_map(EventView::parameters).any(|set| set.contains(member, parameters) != Truth::No);
    let mut missing = ParameterSet::default();
    for &loss in optimizer.losses.iter().chain(&other.losses) {
        let reached = view.step.tensors().reached(loss);
        missing.extend(&ParameterSet::exactly(reached.certain.iter().copied().filter(|&member| {
            let parameter = parameters.get(member);
            // A copy of a network (the target of a critic) follows the network that it was copied from.
            parameter.all_of.is_none() && !parameter.buffer && is_left_out(member) && !is_loaded(member) && !parameters.is_copy(member)
        })));
    }
    (missing.empty() == Truth::No).then_some(missing)
}

fn report_both(view: &StepView<'_>, findings: &mut Findings<'_>, optimizer: &Optimizer<'_>, other: &Optimizer<'_>, sides: &Sides) {
    let place = optimizer.made.event.place;
    let name = view.assigned_to(place).unwrap_or_else(|| view.callee_text(place));
    let rival = view.assigned_to(other.made.event.place).unwrap_or_else(|| view.callee_text(other.made.event.place));
    findings
        .report(&OPTIMIZER_HOLDS_WRONG_PARAMETERS, view.callee_place(place), optimizer.made.event.context)
        .what(format!("`{name}` holds the parameters of both networks"))
        .why(format!("its loss passes through the network that `{rival}` trains, so each step also moves that network towards losing"))
        .help(format!("build `{name}` on the parameters of one network only"))
        .label(view.callee_place(other.made.event.place), "the other network has an optimizer of its own")
        .proof(crate::rules::plan::opponent_untouched(view, &optimizer.made, sides));
}

fn report_same(view: &StepView<'_>, findings: &mut Findings<'_>, optimizer: &Optimizer<'_>, other: &Optimizer<'_>, missing: &ParameterSet) {
    let place = optimizer.made.event.place;
    let name = view.assigned_to(place).unwrap_or_else(|| view.callee_text(place));
    let rival = view.assigned_to(other.made.event.place).unwrap_or_else(|| view.callee_text(other.made.event.place));
    let mut report = findings
        .report(&OPTIMIZER_HOLDS_WRONG_PARAMETERS, view.callee_place(place), optimizer.made.event.context)
        .what(format!("`{name}` holds the same parameters as `{rival}`"))
        .why("the other network reaches a loss, but no optimizer holds its parameters: it never trains")
        .help(format!("build `{name}` on the parameters of the network that it is to train"))
        .label(view.callee_place(other.made.event.place), "these parameters have an optimizer already");
    if let Some(untrained) = missing.certain.iter().next().and_then(|&member| view.step.parameters().get(member).place) {
        report = report.label(view.callee_place(untrained), "nothing trains this layer");
    }
    report.proof(crate::rules::plan::trains_by(view, &optimizer.made));
}
