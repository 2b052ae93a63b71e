//! A compiled model that trains the network which judges its output, although that network trains on its own.

use std::collections::BTreeSet;

use crate::rules::declare_rule;
use crate::rules::files::any_unit;
use crate::rules::findings::Findings;
use crate::rules::need::{Need, Needs, Twice};
use crate::rules::plan::Sides;
use crate::rules::view::{EventView, StepView};
use crate::step::event::{Passage, PathAnswer};
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::TensorId;
use crate::step::value::Value;
use crate::syntax::hir::{ArgumentKind, Expr, Hir};
use crate::syntax::{FileId, Place};

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
    for model in &models {
        let opponent = models.iter().find_map(|judge| Some((judge, opposed(view, model, judge)?)));
        if let Some((judge, opponent)) = opponent
            && !says_what_trains(view)
        {
            report(view, findings, model, judge, &opponent);
        }
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
        let is_known = held.is_exact() && matches!(event.subject, Value::Object(_)) && of(event.subject, &compiled).len() == 1;
        is_known.then(|| Compiled { event, held, fits: of(event.subject, &fits) })
    };
    compiled.iter().filter_map(model).collect()
}

/// Two that play against each other.
struct Opponent<'a> {
    sides: Sides,
    /// Where the judge is trained on what the other network makes.
    fit: EventView<'a>,
}

/// The players, if `model` trains both `judge` and the network whose output that judges, and `judge` is trained in turn with it: on data, and on
/// what the other network makes.
fn opposed<'a>(view: &StepView<'a>, model: &Compiled<'a>, judge: &Compiled<'a>) -> Option<Opponent<'a>> {
    let (all, judging) = (&model.held.certain, &judge.held.certain);
    if judging.is_empty() || !judging.is_subset(all) || judging.len() == all.len() {
        return None;
    }
    let maker: BTreeSet<ParameterId> = all.difference(judging).copied().collect();
    let is_made = |held: &ParameterSet| !held.certain.is_disjoint(&maker);
    let judges = judging.iter().any(|&parameter| view.applications(parameter).iter().any(|(_, inputs)| is_made(&view.behind(inputs))));
    let predictions: Vec<EventView<'_>> = view.events("predict").into_iter().filter(|predict| predict.parameters().is_some_and(is_made)).collect();
    let is_of_maker = |&batch: &TensorId| {
        let behind = view.step.tensors().ancestors(batch, false);
        let is_behind = |predict: &EventView<'_>| predict.detail("predicted").and_then(|predicted| view.step.tensor(predicted)).is_some_and(|predicted| behind.contains(&predicted));
        predictions.iter().any(is_behind) || is_made(&view.behind(&BTreeSet::from([batch])))
    };
    let fed = |fit: &EventView<'_>| -> Vec<Vec<bool>> {
        let data = fit.detail("data").and_then(|data| view.step.tensor(data));
        let inputs = data.map(|data| view.step.tensors().get(data).inputs.clone()).unwrap_or_default();
        inputs.into_iter().map(|input| view.batches(input).iter().map(is_of_maker).collect()).collect()
    };
    let takes_made = |fit: &EventView<'_>| fed(fit).iter().flatten().any(|made| *made);
    // What is only ever given the output of the other network (a decoder) works together with it.
    let sees_data = judge.fits.iter().map(fed).any(|inputs| {
        let is_data = !inputs.is_empty() && !inputs.iter().flatten().any(|made| *made);
        is_data || inputs.iter().any(|batches| batches.contains(&true) && batches.contains(&false))
    });
    let comes_after = |one: &EventView<'_>, other: &EventView<'_>| view.step.events().paths(one.id, other.id, |_, _| Passage::Neutral) == PathAnswer::Never;
    let alternates = |fit: &EventView<'_>| model.fits.iter().any(|other| comes_after(fit, other) && comes_after(other, fit));
    let fit = judge.fits.iter().find(|fit| takes_made(fit) && alternates(fit)).filter(|_| judges && sees_data)?;
    Some(Opponent { sides: Sides { trained: maker, untouched: judging.clone() }, fit: *fit })
}

/// Whether the project's code that runs here says anywhere what is trainable, beyond what was followed.
fn says_what_trains(view: &StepView<'_>) -> bool {
    let says_so = |hir: &Hir| {
        hir.exprs.iter().any(|expr| match expr {
            Expr::Attribute { name, .. } => *name == "trainable",
            Expr::Call { arguments, .. } => arguments.iter().any(|argument| matches!(argument.kind, ArgumentKind::Keyword(name) if name == "trainable")),
            _ => false,
        })
    };
    let mut files: Vec<FileId> = view.step.entries().iter().map(|entry| entry.unit).filter(|&unit| view.is_project(unit)).map(|unit| unit.file).collect();
    files.push(view.step.root().file);
    files.sort_unstable_by_key(|file| file.0);
    files.dedup();
    files.into_iter().any(|file| any_unit(view, file, &says_so))
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
