//! A compiled model that trains the network which judges its output, although that network is trained against it.

use std::collections::BTreeSet;

use crate::project::Binding;
use crate::rules::declare_rule;
use crate::rules::files::any_unit;
use crate::rules::findings::Findings;
use crate::rules::need::{Need, Needs, Twice};
use crate::rules::plan::Sides;
use crate::rules::trainable::denoted;
use crate::rules::view::{EventView, StepView};
use crate::step::Call;
use crate::step::event::{EventKind, Passage, PathAnswer};
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::TensorId;
use crate::step::value::{ClassId, Value};
use crate::syntax::hir::{ArgumentKind, Expr, ExprId, Hir, NodeId};
use crate::syntax::{FileId, Place, UnitId};

declare_rule! {
    #[doc = include_str!("opponent_not_frozen.md")]
    pub(crate) static OPPONENT_NOT_FROZEN = {
        name: "opponent-not-frozen",
        summary: "a compiled model also trains the network that judges its output",
        family: Optimizers,
        severity: Error,
        check: opponent_not_frozen,
        needs: || Needs { any_of: vec![Need::Event("compile")], twice: Twice::Called(&["compile"]), whole: true, ..Needs::default() },
    }
}

fn opponent_not_frozen(view: &StepView<'_>, findings: &mut Findings<'_>) {
    let models = compiled(view);
    if models.iter().all(|model| model.fits.is_empty()) {
        return findings.does_not_arise(&OPPONENT_NOT_FROZEN);
    }
    if !findings.can_answer(&OPPONENT_NOT_FROZEN) {
        return;
    }
    let pairs = models.iter().flat_map(|model| models.iter().map(move |judge| (model, judge)));
    let found: Vec<_> = pairs.filter_map(|(model, judge)| Some((model, judge, opposed(view, model, judge)?))).collect();
    if found.is_empty() || may_freeze(view) {
        return;
    }
    for (model, judge, opponent) in &found {
        report(view, findings, model, judge, opponent);
    }
}

/// A model that is compiled once, with what trains in it, and where it is trained.
struct Compiled<'a> {
    event: EventView<'a>,
    held: &'a ParameterSet,
    fits: Vec<EventView<'a>>,
}

fn compiled<'a>(view: &StepView<'a>) -> Vec<Compiled<'a>> {
    let (compiled, fits) = (view.events("compile"), view.events("fit"));
    let of = |subject: &Value, events: &[EventView<'a>]| events.iter().filter(|event| event.subject == subject).copied().collect::<Vec<_>>();
    let model = |&event: &EventView<'a>| {
        let held = event.details.iter().find_map(|(name, value)| if let Value::Parameters(held) = value && *name == "parameters" { Some(&**held) } else { None })?;
        let is_known = held.is_exact() && is_of_framework(view, event.subject) && of(event.subject, &compiled).len() == 1;
        is_known.then(|| Compiled { event, held, fits: of(event.subject, &fits) })
    };
    compiled.iter().filter_map(model).collect()
}

/// Whether a model is an object of a class of Keras: one of the project's may train in a way of its own.
fn is_of_framework(view: &StepView<'_>, model: &Value) -> bool {
    let makes = |call: &&Call| call.callee.name.as_str().ends_with(".__init__") && call.argument("self").is_some_and(|(made, _)| made == model);
    let Some(made) = view.step.calls().iter().find(makes).filter(|_| matches!(model, Value::Object(_))) else { return false };
    let hir = view.world.hir(made.place.unit);
    let NodeId::Expr(id) = made.place.node else { return false };
    let Expr::Call { callee, .. } = hir.expr(id) else { return false };
    matches!(denoted(view.world, made.place.unit.file, &hir, *callee), Binding::Class(class) if view.world.is_stub(class.file))
}

/// Two that play against each other.
struct Opponent<'a> {
    sides: Sides,
    /// Where the judge is trained on what the other network makes.
    fit: EventView<'a>,
}

/// The players, if `model` trains both `judge` and the network whose output that judges, and `judge` is trained in turn with it: on data, and on
/// what the other network makes, towards something else than in `model`.
fn opposed<'a>(view: &StepView<'a>, model: &Compiled<'a>, judge: &Compiled<'a>) -> Option<Opponent<'a>> {
    let (all, judging) = (&model.held.certain, &judge.held.certain);
    if judging.is_empty() || !judging.is_subset(all) || judging.len() == all.len() {
        return None;
    }
    let maker: BTreeSet<ParameterId> = all.difference(judging).copied().collect();
    let made = Made { view, maker: &maker };
    let judges = judging.iter().any(|&parameter| view.applications(parameter).iter().any(|(_, inputs)| made.is_behind(inputs)));
    // What is only ever given the output of the other network (a decoder) works together with it.
    if !judges || !judge.fits.iter().any(|fit| made.is_beside_data(fit)) {
        return None;
    }
    let wanted: BTreeSet<Target> = model.fits.iter().flat_map(|fit| targets(view, fit)).collect();
    let wants_else = |fit: &EventView<'a>| {
        let targets = targets(view, fit);
        let is_mixed = made.is_mixed(fit) && targets.len() > 1;
        !wanted.is_empty() && !targets.is_empty() && (is_mixed || targets.is_disjoint(&wanted))
    };
    let fit = judge.fits.iter().find(|fit| made.is_fed(fit) && wants_else(fit) && alternate(view, model, judge, fit))?;
    Some(Opponent { sides: Sides { trained: maker.clone(), untouched: judging.clone() }, fit: *fit })
}

/// Whether `judge` is trained by `fit` before and after `model` is, both as they were compiled once.
fn alternate(view: &StepView<'_>, model: &Compiled<'_>, judge: &Compiled<'_>, fit: &EventView<'_>) -> bool {
    let judged = |event: &EventKind| match event {
        EventKind::Named { name, subject, .. } if *name == "compile" && (subject == model.event.subject || subject == judge.event.subject) => Passage::Ends,
        _ => Passage::Neutral,
    };
    let comes_after = |one: &EventView<'_>, other: &EventView<'_>| view.step.events().paths(one.id, other.id, |_, event| judged(&event.kind)) == PathAnswer::Never;
    model.fits.iter().any(|other| comes_after(fit, other) && comes_after(other, fit))
}

/// What a network with these parameters makes.
struct Made<'m, 'a> {
    view: &'m StepView<'a>,
    maker: &'m BTreeSet<ParameterId>,
}

impl Made<'_, '_> {
    fn is_behind(&self, tensors: &BTreeSet<TensorId>) -> bool {
        !self.view.behind(tensors).certain.is_disjoint(self.maker)
    }

    /// Whether a batch holds what the network made: as a tensor, or as a prediction.
    fn is_of_maker(&self, batch: TensorId) -> bool {
        let behind = self.view.step.tensors().ancestors(batch, false);
        let mut predictions = self.view.events("predict").into_iter().filter(|predict| predict.parameters().is_some_and(|held| !held.certain.is_disjoint(self.maker)));
        let is_behind = |predict: EventView<'_>| self.view.tensor_of(&predict, "predicted").is_some_and(|predicted| behind.contains(&predicted));
        predictions.any(is_behind) || self.is_behind(&BTreeSet::from([batch]))
    }

    /// Which of the batches that are put together in each input of a step the network made.
    fn inputs(&self, fit: &EventView<'_>) -> Vec<Vec<bool>> {
        let inputs = self.view.tensor_of(fit, "data").map(|data| self.view.step.tensors().get(data).inputs.clone()).unwrap_or_default();
        inputs.into_iter().map(|input| self.view.batches(input).iter().map(|&batch| self.is_of_maker(batch)).collect()).collect()
    }

    /// Whether a step is given what the network made.
    fn is_fed(&self, fit: &EventView<'_>) -> bool {
        self.inputs(fit).iter().flatten().any(|&made| made)
    }

    /// Whether a step is given a batch of both: what the network made, and data.
    fn is_mixed(&self, fit: &EventView<'_>) -> bool {
        self.inputs(fit).iter().any(|batches| batches.contains(&true) && batches.contains(&false))
    }

    /// Whether a step is given data.
    fn is_beside_data(&self, fit: &EventView<'_>) -> bool {
        self.is_mixed(fit) || !self.inputs(fit).is_empty() && !self.is_fed(fit)
    }
}

/// What a step trains towards, as far as the code says it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Ones,
    Zeros,
}

fn targets(view: &StepView<'_>, fit: &EventView<'_>) -> BTreeSet<Target> {
    let behind = view.tensor_of(fit, "targets").map(|targets| view.step.tensors().ancestors(targets, false)).unwrap_or_default();
    let target = |id: TensorId| match view.callee_text(view.step.tensors().get(id).place).rsplit('.').next() {
        Some("ones" | "ones_like") => Some(Target::Ones),
        Some("zeros" | "zeros_like") => Some(Target::Zeros),
        _ => None,
    };
    behind.into_iter().filter_map(target).collect()
}

/// Whether the project's code may freeze something in a way that was not followed: it says what is `trainable`, sets weights, takes layers out
/// of models, or runs in functions and classes that are decorated or derived from what is not known.
fn may_freeze(view: &StepView<'_>) -> bool {
    const SAID: [&str; 5] = ["trainable", "_trainable", "get_layer", "set_weights", "load_weights"];
    let says_so = |hir: &Hir| {
        hir.exprs.iter().enumerate().any(|(number, expr)| match expr {
            Expr::Attribute { name, .. } if *name == "layers" => !is_namespace(hir, ExprId(number as u32)),
            Expr::Attribute { name, .. } => SAID.contains(&name.as_str()),
            Expr::Call { arguments, .. } => arguments.iter().any(|argument| matches!(argument.kind, ArgumentKind::Keyword(name) if SAID.contains(&name.as_str()))),
            _ => false,
        })
    };
    let entries = || view.step.entries().iter().filter(|entry| view.is_project(entry.unit));
    let mut files: Vec<FileId> = entries().map(|entry| entry.unit.file).collect();
    files.push(view.step.root().file);
    files.sort_unstable_by_key(|file| file.0);
    files.dedup();
    let root = (view.step.root(), view.step.class_called(view.step.root()));
    let mut running = entries().map(|entry| (entry.unit, entry.class)).chain([root]);
    running.any(|(unit, class)| is_changed(view, unit, class)) || files.into_iter().any(|file| any_unit(view, file, &says_so))
}

/// Whether code that is not known may change what a unit, or the class that defines it, does.
fn is_changed(view: &StepView<'_>, unit: UnitId, class: Option<ClassId>) -> bool {
    const HARMLESS: [&str; 3] = ["staticmethod", "classmethod", "property"];
    let is_harmless = |hir: &Hir, decorator: ExprId| matches!(hir.expr(decorator), Expr::Name(name) if HARMLESS.contains(&name.as_str()));
    let is_decorated = |unit: UnitId| {
        let hir = view.world.hir(unit);
        let decorators = hir.function().map(|function| &function.decorators).or_else(|| hir.class().map(|class| &class.decorators));
        decorators.is_some_and(|decorators| decorators.iter().any(|&decorator| !is_harmless(&hir, decorator)))
    };
    let (of_class, is_known) = class.map_or((None, true), |class| (Some(view.step.class_unit(class).0), view.step.class_unit(class).1));
    !is_known || [Some(unit), of_class].into_iter().flatten().any(is_decorated)
}

/// Whether `layers` is the module: `keras.layers.Dense`.
fn is_namespace(hir: &Hir, layers: ExprId) -> bool {
    hir.exprs.iter().any(|expr| matches!(expr, Expr::Attribute { object, .. } if *object == layers))
}

/// What a model is called where a method of it is called.
fn name_at(view: &StepView<'_>, place: Place) -> String {
    let text = view.callee_text(place);
    text.rsplit_once('.').map_or_else(|| text.clone(), |(name, _)| name.to_owned())
}

fn report(view: &StepView<'_>, findings: &mut Findings<'_>, model: &Compiled<'_>, judge: &Compiled<'_>, opponent: &Opponent<'_>) {
    let [name, judging] = [model, judge].map(|model| name_at(view, model.event.event.place));
    let fit = model.fits.first().unwrap_or(&model.event);
    findings
        .report(&OPPONENT_NOT_FROZEN, view.callee_place(model.event.event.place), model.event.event.context)
        .what(format!("`{name}` also trains `{judging}`, which judges what it makes"))
        .why(format!("each step of `{name}` also moves its opponent towards losing"))
        .help(format!("set `{judging}.trainable = False` before this line; in Keras 3, and true again before `{judging}` trains"))
        .label(view.callee_place(opponent.fit.event.place), "the opponent trains here on its own")
        .proof(crate::rules::plan::opponent_untouched(view, fit, &opponent.sides));
}
