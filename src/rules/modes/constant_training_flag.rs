//! A layer that is told its mode by a constant, in a function that takes the mode as a parameter.

use crate::finding::{Anchor, Applicability};
use crate::rules::declare_rule;
use crate::rules::findings::Findings;
use crate::rules::flag::{Flag, flag};
use crate::rules::layer_kinds::{Kind, TOLD, told};
use crate::rules::need::{MayMatter, Need, Needs};
use crate::rules::view::StepView;
use crate::step::{Call, Manner};
use crate::syntax::hir::{ArgumentKind, Expr, ExprId, Hir, Literal, NodeId};
use crate::syntax::{Name, Place, UnitId, says_constant_instead};

declare_rule! {
    #[doc = include_str!("constant_training_flag.md")]
    pub(crate) static CONSTANT_TRAINING_FLAG = {
        name: "constant-training-flag",
        summary: "a layer is told its mode by a constant, whatever the function's parameter says",
        family: Modes,
        severity: Warning,
        check: constant_training_flag,
        needs: || Needs { any_of: TOLD.iter().map(|told| Need::Called(told.0)).collect(), in_text: Some(says_constant), ..Needs::default() },
    }
}

/// Parts of names of code that keeps a mode on purpose: layers that are frozen, predictions that are sampled.
const ON_PURPOSE: [&str; 8] = ["frozen", "freeze", "mc_", "mcdropout", "monte", "bayes", "uncertain", "stochastic"];

fn says_constant(text: &str, is_module: bool, _: MayMatter<'_>) -> bool {
    !is_module && says_constant_instead(text, &|word| flag(word).is_some())
}

fn constant_training_flag(view: &StepView<'_>, findings: &mut Findings<'_>) {
    for call in view.step.calls().iter().filter(|call| call.manner == Manner::Direct || call.manner == Manner::Nested && is_called_itself(view, call)) {
        let Some(kind) = told(view.qualified_name(call.callee).as_str()) else { continue };
        let hir = view.world.hir(call.place.unit);
        let Some(set) = constant(&hir, call.place) else { continue };
        let Some(asked) = call.caller.and_then(|caller| parameter(view, caller)) else { continue };
        findings.ask(&CONSTANT_TRAINING_FLAG, view.callee_place(call.place), call.context);
        if !call.guarded && is_forgotten(&hir, asked.0) && !is_on_purpose(view, call) && !says_what_trains(view, call) {
            report(view, findings, call, kind, &set, asked);
        }
    }
}

/// Whether a layer whose method a framework calls is the one that project code calls, not part of a model that it calls.
fn is_called_itself(view: &StepView<'_>, call: &Call) -> bool {
    let Some((receiver, _)) = call.argument("self") else { return false };
    let is_it = |other: &Call| other.manner == Manner::Direct && other.argument("self").is_some_and(|(called, _)| called == receiver) && other.callee.name.as_str().ends_with(".__call__");
    view.step.calls().iter().filter(|other| (other.place, other.context) == (call.place, call.context)).any(is_it)
}

/// A flag that a call sets to a constant.
struct Set {
    name: Name,
    flag: Flag,
    value: bool,
    expr: ExprId,
}

impl Set {
    /// Whether the layer is told to run as in training.
    fn trains(&self) -> bool {
        self.value == (self.flag == Flag::Trains)
    }
}

/// The flag that the call at `place` sets to a constant.
fn constant(hir: &Hir, place: Place) -> Option<Set> {
    arguments(hir, place).find_map(|(name, flag, expr)| match hir.expr(expr) {
        Expr::Literal(Literal::Bool(value)) => Some(Set { name, flag, value: *value, expr }),
        _ => None,
    })
}

/// The flags that the call at `place` sets by name.
fn arguments(hir: &Hir, place: Place) -> impl Iterator<Item = (Name, Flag, ExprId)> + '_ {
    let given = match place.node {
        NodeId::Expr(id) => match hir.expr(id) {
            Expr::Call { arguments, .. } => arguments.as_slice(),
            _ => &[],
        },
        _ => &[],
    };
    given.iter().filter_map(|argument| match argument.kind {
        ArgumentKind::Keyword(name) => Some((name, flag(name.as_str())?, argument.value)),
        _ => None,
    })
}

/// The parameter of a function that says the mode.
fn parameter(view: &StepView<'_>, function: UnitId) -> Option<(Name, Flag)> {
    view.parameters_around(function).into_iter().find_map(|name| Some((name, flag(name.as_str())?)))
}

/// Whether the function never asks for the mode.
fn is_forgotten(hir: &Hir, parameter: Name) -> bool {
    !hir.exprs.iter().any(|expr| matches!(expr, Expr::Name(name) if *name == parameter))
}

/// Whether the code around says which layers train: in the function, or where its object is made.
fn says_what_trains(view: &StepView<'_>, call: &Call) -> bool {
    let classes = call.caller_class.into_iter().flat_map(|class| view.step.class_order(class)).filter(|class| view.is_project(*class));
    let makers = classes.filter_map(|class| crate::project::method(view.world, class, Name::new("__init__")));
    let says_so = |unit: UnitId| {
        let hir = view.world.hir(unit);
        hir.exprs.iter().any(|expr| match expr {
            Expr::Attribute { name, .. } => *name == "trainable",
            Expr::Call { arguments, .. } => arguments.iter().any(|argument| matches!(argument.kind, ArgumentKind::Keyword(name) if name == "trainable")),
            _ => false,
        })
    };
    makers.chain(call.caller).any(says_so)
}

fn is_on_purpose(view: &StepView<'_>, call: &Call) -> bool {
    let named = |name: &str| {
        let name = name.to_lowercase();
        ON_PURPOSE.iter().any(|part| name.contains(part))
    };
    // A layer that is made of another to run in one mode.
    view.callee_text(call.place).starts_with("super")
        || call.caller.is_some_and(|caller| named(caller.name.as_str()))
        || view.assigned_to(call.place).is_some_and(|name| named(&name))
}

fn report(view: &StepView<'_>, findings: &mut Findings<'_>, call: &Call, kind: Kind, set: &Set, (parameter, asked): (Name, Flag)) {
    let callee = view.callee_text(call.place);
    let constant = if set.value { "True" } else { "False" };
    let why = match (kind, set.trains()) {
        (Kind::Drops, true) => "it drops at test time too: predictions are random, and worse than the model",
        (Kind::Drops, false) => "nothing is ever dropped: the network is not regularised",
        (Kind::Normalises, true) => "it normalises with the statistics of the batch at test time too: the output of one example depends on the others in its batch",
        (Kind::Normalises, false) => "its statistics are never learned: it does not normalise at all",
    };
    let value = if set.flag == asked { parameter.to_string() } else { format!("not {parameter}") };
    let text = format!("{}={value}", set.name);
    let proof = match (kind, set.trains()) {
        (Kind::Drops, true) => crate::rules::plan::deterministic(view, call),
        (Kind::Drops, false) => crate::rules::plan::random_in_training(view, call),
        (Kind::Normalises, true) => crate::rules::plan::examples_independent(view, call),
        (Kind::Normalises, false) => crate::rules::plan::statistics_moved(view, call),
    };
    findings
        .report(&CONSTANT_TRAINING_FLAG, view.callee_place(call.place), call.context)
        .what(format!("`{callee}` gets `{}={constant}`, whatever `{parameter}` says", set.name))
        .why(why)
        .help(format!("pass `{text}`"))
        .fix(format!("Pass `{text}`"), Applicability::Unsafe, Place { node: NodeId::Expr(set.expr), ..call.place }, Anchor::Replace, value)
        .proof(proof);
}
