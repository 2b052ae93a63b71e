//! `minimize` without a list of variables trains every network that the loss reaches, the opponent too.

use super::MINIMIZING;
use super::players::{Players, players};
use crate::rules::findings::Findings;
use crate::rules::need::{Need, Needs, Twice};
use crate::rules::view::{EventView, StepView};
use crate::rules::declare_rule;
use crate::step::parameters::ParameterId;
use crate::step::value::Value;
use std::collections::BTreeSet;

declare_rule! {
    #[doc = include_str!("optimizer_without_variable_list.md")]
    pub(crate) static OPTIMIZER_WITHOUT_VARIABLE_LIST = {
        name: "optimizer-without-variable-list",
        summary: "minimising without a list of variables trains the other network too",
        family: Optimizers,
        severity: Error,
        check: optimizer_without_variable_list,
        needs: || Needs { any_of: vec![Need::Event("minimize")], twice: Twice::Called(&MINIMIZING), whole: true, ..Needs::default() },
    }
}

fn optimizer_without_variable_list(view: &StepView<'_>, findings: &mut Findings<'_>) {
    if !findings.can_answer(&OPTIMIZER_WITHOUT_VARIABLE_LIST) {
        return;
    }
    let updates = view.events("minimize");
    if updates.len() < 2 {
        return;
    }
    for update in updates.iter().filter(|update| update.detail("explicit") == Some(&Value::Bool(false))) {
        let Some(loss) = view.tensor_of(update, "loss") else { continue };
        let Some(players) = players(view, loss) else { continue };
        let Some(held) = update.parameters() else { continue };
        let holds = |player: &BTreeSet<ParameterId>| player.iter().all(|member| held.certain.contains(member));
        if !holds(&players.judge) || !holds(&players.maker) {
            continue;
        }
        // Another loss trains one of the two: then this one trains the opponent of the other.
        let Some(other) = updates.iter().find(|other| trains_separately(view, other, update, &players)) else { continue };
        let name = view.callee_text(update.event.place);
        findings
            .report(&OPTIMIZER_WITHOUT_VARIABLE_LIST, view.callee_place(update.event.place), update.event.context)
            .what(format!("`{name}` without `var_list` trains both networks"))
            .why("the loss of one network passes through the other, so each step also moves its opponent towards losing")
            .help("pass `var_list` with the variables of the network that this loss is for")
            .label(view.callee_place(other.event.place), "the other loss over the same variables is minimised here")
            .proof(crate::rules::plan::opponent_untouched(view, update, &players.sides(view, loss)));
    }
}

fn trains_separately(view: &StepView<'_>, other: &EventView<'_>, update: &EventView<'_>, players: &Players) -> bool {
    let losses = [other, update].map(|event| view.tensor_of(event, "loss"));
    let [Some(theirs), Some(ours)] = losses else { return false };
    let reached = view.step.tensors().reached(theirs);
    theirs != ours
        && other.event.place != update.event.place
        && players.judge.iter().any(|member| reached.certain.contains(member))
        && [theirs, ours].into_iter().any(|loss| players.are_opposed(view, [loss]))
}
