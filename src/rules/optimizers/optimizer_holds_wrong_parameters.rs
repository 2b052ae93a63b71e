//! An optimizer that was built on the parameters of the wrong network, or of both.

use super::MINIMIZING;
use super::players::{Players, players};
use crate::rules::findings::Findings;
use crate::rules::need::{Need, Needs, Twice};
use crate::rules::plan::Sides;
use crate::rules::tape::losses_applied;
use crate::rules::view::{EventView, StepView};
use crate::rules::ways::{Via, parting, way_to};
use crate::rules::declare_rule;
use crate::step::Call;
use crate::step::context::ContextId;
use crate::step::event::{EventKind, Passage, PathAnswer};
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::TensorId;
use crate::step::value::{Truth, Value};
use crate::syntax::{Name, Place};
use std::collections::BTreeSet;

declare_rule! {
    #[doc = include_str!("optimizer_holds_wrong_parameters.md")]
    pub(crate) static OPTIMIZER_HOLDS_WRONG_PARAMETERS = {
        name: "optimizer-holds-wrong-parameters",
        summary: "an optimizer holds the parameters of the wrong network, or of both",
        family: Optimizers,
        severity: Error,
        check: optimizer_holds_wrong_parameters,
        needs: || Needs { any_of: vec![Need::Event("optimizer"), Need::Event("minimize"), Need::Event("apply")], twice: Twice::MadeOrCalled(&MINIMIZING), whole: true, ..Needs::default() },
    }
}

/// An optimizer with what it holds and the losses whose gradients it applies; in a graph, one minimisation with its variables and its loss,
/// and with a tape, one step with the variables that it is given.
struct Optimizer<'a> {
    made: EventView<'a>,
    held: &'a ParameterSet,
    losses: BTreeSet<TensorId>,
}

impl Optimizer<'_> {
    /// Whether it is a step of a tape's gradients.
    fn is_applied(&self) -> bool {
        self.made.detail("gradients").is_some()
    }

    /// Whether it is one step rather than an optimizer: with a tape, or a minimisation in a graph.
    fn is_minimisation(&self) -> bool {
        self.made.detail("loss").is_some() || self.is_applied()
    }

    /// Whether both are one optimizer. In a graph one object serves several minimisations; with a tape, it takes several
    /// steps with what it holds.
    fn is_same(&self, other: &Self) -> bool {
        self.made.id == other.made.id || self.made.detail("loss").is_none() && self.made.subject == other.made.subject
    }

    /// Whether somebody said what it is to hold.
    fn is_told(&self) -> bool {
        !self.is_minimisation() || self.is_applied() || self.made.detail("explicit") == Some(&Value::Bool(true))
    }
}

fn optimizer_holds_wrong_parameters(view: &StepView<'_>, findings: &mut Findings<'_>) {
    let made = made(view);
    let optimizers = optimizers(view, &made);
    // Code that only makes what trains elsewhere knows no losses.
    if optimizers.iter().all(|optimizer| optimizer.losses.is_empty()) {
        return findings.does_not_arise(&OPTIMIZER_HOLDS_WRONG_PARAMETERS);
    }
    if !findings.can_answer(&OPTIMIZER_HOLDS_WRONG_PARAMETERS) {
        return;
    }
    let is_understood = optimizers.len() == made.len();
    for (number, optimizer) in optimizers.iter().enumerate().filter(|(_, optimizer)| optimizer.is_told()) {
        for (other_number, other) in optimizers.iter().enumerate() {
            if optimizer.is_same(other) {
                continue;
            }
            if optimizer.losses != other.losses
                && let Some(sides) = holds_both(view, optimizer, other)
                && !has_optimizer_of_its_own(&sides, &optimizers)
            {
                report_both(view, findings, optimizer, other, &sides);
            } else if number > other_number
                && is_understood
                && optimizer.held == other.held
                && let Some(untrained) = untrained(view, optimizer, other, &optimizers)
            {
                report_same(view, findings, optimizer, other, &untrained);
            }
        }
    }
}

/// The optimizers, the minimisations of graphs, and the steps with a tape.
fn made<'a>(view: &StepView<'a>) -> Vec<EventView<'a>> {
    [view.events("optimizer"), view.events("minimize"), view.events("apply")].concat()
}

fn optimizers<'a>(view: &StepView<'a>, made: &[EventView<'a>]) -> Vec<Optimizer<'a>> {
    if made.len() < 2 {
        return Vec::new();
    }
    let exact = |event: &EventView<'a>| match event.details.iter().find(|(name, _)| *name == "parameters").map(|(_, value)| value) {
        Some(Value::Parameters(set)) if set.is_exact() && set.empty() == Truth::No => Some(&**set),
        _ => None,
    };
    let losses = |made: &EventView<'_>, held: &ParameterSet| match made.detail("loss") {
        Some(loss) => view.step.tensor(loss).into_iter().collect(),
        None if made.detail("gradients").is_some() => losses_applied(view, made),
        None => losses_of(view, made.subject, held),
    };
    made.iter().filter_map(|made| exact(made).map(|held| Optimizer { made: *made, held, losses: losses(made, held) })).collect()
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

/// What never trains because two optimizers hold the same.
struct Untrained {
    missing: ParameterSet,
    /// Of two that play against each other in a graph.
    sides: Option<Sides>,
}

/// Parameters that a loss reaches and nobody holds, where two optimizers hold exactly the same ones.
fn untrained(view: &StepView<'_>, optimizer: &Optimizer<'_>, other: &Optimizer<'_>, all: &[Optimizer<'_>]) -> Option<Untrained> {
    // A network whose numbers are loaded, a teacher for example, trains elsewhere.
    let loaded = view.events("load");
    let parameters = view.step.parameters();
    let is_loaded = |member: ParameterId| loaded.iter().filter_map(EventView::parameters).any(|set| set.contains(member, parameters) != Truth::No);
    let is_left_out = |member: ParameterId| all.iter().all(|optimizer| optimizer.held.contains(member, parameters) == Truth::No);
    let is_missing = |member: ParameterId| {
        let parameter = parameters.get(member);
        // A copy of a network (the target of a critic) follows the network that it was copied from.
        parameter.all_of.is_none() && !parameter.buffer && is_left_out(member) && !is_loaded(member) && !parameters.is_copy(member)
    };
    let losses: BTreeSet<TensorId> = optimizer.losses.union(&other.losses).copied().collect();
    if optimizer.is_minimisation() {
        return losses.iter().find_map(|&loss| {
            let sides = left_out_player(&players(view, loss)?, optimizer.held, &is_missing)?;
            Some(Untrained { missing: ParameterSet::exactly(sides.trained.iter().copied()), sides: Some(sides) })
        });
    }
    let members = losses.iter().flat_map(|&loss| view.step.tensors().reached(loss).certain);
    let mut missing = ParameterSet::exactly(members.filter(|&member| is_missing(member)));
    if missing.empty() == Truth::Yes {
        let is_doubled = optimizer.losses == other.losses;
        let passed_in = [optimizer, other].into_iter().flat_map(|optimizer| passed_in_untrained(view, optimizer, is_doubled));
        missing = ParameterSet::exactly(passed_in.filter(|member| all.iter().all(|optimizer| !optimizer.held.certain.contains(member))));
    }
    (missing.empty() == Truth::No).then_some(Untrained { missing, sides: None })
}

/// The players, if `held` is the whole of one of them and nothing of the other.
fn left_out_player(players: &Players, held: &ParameterSet, is_missing: &dyn Fn(ParameterId) -> bool) -> Option<Sides> {
    let holds_all = |player: &BTreeSet<ParameterId>| player.iter().all(|member| held.certain.contains(member));
    let is_out = |player: &BTreeSet<ParameterId>| player.iter().all(|&member| is_missing(member));
    [(&players.judge, &players.maker), (&players.maker, &players.judge)]
        .into_iter()
        .find(|(one, other)| holds_all(one) && is_out(other))
        .map(|(one, other)| Sides { trained: other.clone(), untouched: one.clone() })
}

/// Networks that are passed in, which a loss of `optimizer` is about: it reaches them, and nothing of what the optimizer holds; or, where
/// a second optimizer does the same once more, they are applied beside what it holds. Should one network be passed in as two, what is
/// written is wrong all the same.
fn passed_in_untrained(view: &StepView<'_>, optimizer: &Optimizer<'_>, is_doubled: bool) -> BTreeSet<ParameterId> {
    let tensors = view.step.tensors();
    let held: BTreeSet<TensorId> = optimizer.held.certain.iter().filter_map(|&member| symbol_of(view, member)).collect();
    let mut missing = BTreeSet::new();
    for &loss in &optimizer.losses {
        let below = tensors.ancestors(loss, true);
        let is_beside = |member: ParameterId| {
            let mut applied = view.applications(member);
            applied.retain(|(tensor, _)| below.contains(tensor));
            applied.iter().any(|(tensor, _)| held.is_disjoint(&tensors.ancestors(*tensor, true)))
        };
        let is_about_others = below.is_disjoint(&held);
        let reached = tensors.reached(loss).certain;
        missing.extend(reached.into_iter().filter(|&member| is_network_passed_in(view, member) && (is_about_others || is_doubled && is_beside(member))));
    }
    missing
}

/// What is called with networks, not with functions, and the parameter that takes the network.
const AS_NETWORK: [(&str, &str); 5] = [
    ("backprobe.symbols.Symbol.parameters", "self"),
    ("backprobe.symbols.Symbol.train", "self"),
    ("backprobe.symbols.Symbol.eval", "self"),
    ("backprobe.symbols.Symbol.zero_grad", "self"),
    ("copy.deepcopy", "x"),
];

/// Whether a set of parameters is that of something passed in which the code uses as a network.
fn is_network_passed_in(view: &StepView<'_>, member: ParameterId) -> bool {
    let is_argument = symbol_of(view, member).is_some_and(|id| view.step.tensors().get(id).inputs.is_empty());
    let network = view.step.parameters().get(member).all_of.map(Value::Object);
    let is_used_as_one = |function: &'static str, parameter: &str| {
        let is_it = |call: &Call| call.argument(parameter).is_some_and(|(asked, _)| asked.alternatives().iter().any(|asked| Some(asked) == network.as_ref()));
        view.calls_of(function).any(is_it)
    };
    is_argument && AS_NETWORK.iter().any(|(function, parameter)| is_used_as_one(function, parameter))
}

/// What is known of the object whose parameters `member` stands for.
fn symbol_of(view: &StepView<'_>, member: ParameterId) -> Option<TensorId> {
    view.step.parameters().get(member).all_of.and_then(|network| view.step.tensor(&Value::Object(network)))
}

/// Where two optimizers are made, and under which names: a helper may make both.
struct Made {
    place: Place,
    context: ContextId,
    name: String,
    rival: String,
    rival_place: Place,
}

impl Made {
    fn of(view: &StepView<'_>, optimizer: &Optimizer<'_>, other: &Optimizer<'_>) -> Self {
        let [one, rival] = [optimizer, other].map(|made| Via { place: made.made.event.place, context: made.made.event.context });
        let parted = parting(view, &way_to(view, one), &way_to(view, rival)).filter(|(one, rival)| one != rival);
        let (one, rival) = parted.unwrap_or((one, rival));
        let name = |place: Place| view.assigned_to(place).unwrap_or_else(|| view.callee_text(place));
        Self { place: one.place, context: one.context, name: name(one.place), rival: name(rival.place), rival_place: rival.place }
    }
}

fn report_both(view: &StepView<'_>, findings: &mut Findings<'_>, optimizer: &Optimizer<'_>, other: &Optimizer<'_>, sides: &Sides) {
    let Made { place, context, name, rival, rival_place } = Made::of(view, optimizer, other);
    findings
        .report(&OPTIMIZER_HOLDS_WRONG_PARAMETERS, view.callee_place(place), context)
        .what(format!("`{name}` {} both networks", if optimizer.is_applied() { "steps with the variables of" } else { "holds the parameters of" }))
        .why(format!("its loss passes through the network that `{rival}` trains, so each step also moves that network towards losing"))
        .help(if optimizer.is_applied() { "take and apply the gradients of one network only".to_owned() } else { format!("build `{name}` on the parameters of one network only") })
        .label(view.callee_place(rival_place), "the other network has an optimizer of its own")
        .proof(crate::rules::plan::opponent_untouched(view, &optimizer.made, sides));
}

fn report_same(view: &StepView<'_>, findings: &mut Findings<'_>, optimizer: &Optimizer<'_>, other: &Optimizer<'_>, untrained: &Untrained) {
    let Made { place, context, name, rival, rival_place } = Made::of(view, optimizer, other);
    let mut report = findings
        .report(&OPTIMIZER_HOLDS_WRONG_PARAMETERS, view.callee_place(place), context)
        .what(if optimizer.is_applied() { format!("`{name}` steps with the same variables as `{rival}`") } else { format!("`{name}` holds the same parameters as `{rival}`") })
        .why("the other network reaches a loss, but no optimizer holds its parameters: it never trains")
        .help(if optimizer.is_applied() { "take and apply the gradients of the network that this step is to train".to_owned() } else { format!("build `{name}` on the parameters of the network that it is to train") })
        .label(view.callee_place(rival_place), "these parameters have an optimizer already");
    let is_layer = |member: &&ParameterId| view.step.parameters().get(**member).all_of.is_none();
    if let Some(layer) = untrained.missing.certain.iter().find(is_layer).and_then(|&member| view.step.parameters().get(member).place) {
        report = report.label(view.callee_place(layer), "nothing trains this layer");
    }
    report.proof(match &untrained.sides {
        Some(sides) => crate::rules::plan::opponent_untouched(view, &optimizer.made, sides),
        None => crate::rules::plan::trains_by(view, &optimizer.made, &untrained.missing.certain),
    });
}
