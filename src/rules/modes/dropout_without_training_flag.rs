//! Dropout that is not told whether it trains.

use super::evaluation::{Evidence, drops_nothing, evidence, flag_parameter, is_frozen, is_told_elsewhere, may_follow_mode, runs_in_evaluation_only, runs_outside_training};
use crate::finding::{Anchor, Applicability};
use crate::rules::findings::Findings;
use crate::rules::local::matches;
use crate::rules::view::StepView;
use crate::rules::declare_rule;
use crate::step::Call;
use crate::step::value::Value;

declare_rule! {
    #[doc = include_str!("dropout_without_training_flag.md")]
    pub(crate) static DROPOUT_WITHOUT_TRAINING_FLAG = {
        name: "dropout-without-training-flag",
        summary: "dropout is not told whether it trains",
        family: Modes,
        severity: Warning,
        check: dropout_without_training_flag,
        query: "dropout-without-training-flag.scm",
    }
}

fn dropout_without_training_flag(view: &StepView<'_>, findings: &mut Findings<'_>) {
    for call in matches(view, &DROPOUT_WITHOUT_TRAINING_FLAG, findings) {
        if call.guarded || drops_nothing(view, call) || may_follow_mode(view, call) {
            continue;
        }
        if call.argument("is_training").is_some() {
            report_always_on_in_graph(view, findings, call);
        } else if view.qualified_name(call.callee).as_str().starts_with("torch.") {
            report_functional(view, findings, call);
        } else {
            report_never_on(view, findings, call);
        }
    }
}

/// Whether the share that is kept is a constant; otherwise it may be what switches dropout off: it is fed, or passed.
fn keeps_a_constant_share(view: &StepView<'_>, call: &Call) -> bool {
    view.setting(call, "keep_prob").is_none_or(|share| matches!(share, Value::Float(_) | Value::Int(_)))
}

/// Whether the rate may be what switches dropout off: it is no constant, and the method asks for the mode.
fn rate_follows_mode(view: &StepView<'_>, call: &Call) -> bool {
    let is_constant = call.argument("p").is_some_and(|(value, _)| matches!(value, Value::Float(_) | Value::Int(_)));
    !is_constant && call.caller.is_some_and(|caller| view.reads_attribute(caller, "training"))
}

/// Functional dropout in a module's method: on (or, for the alpha kinds, off) whatever the module's mode.
fn report_functional(view: &StepView<'_>, findings: &mut Findings<'_>, call: &Call) {
    if !runs_outside_training(view, call) || rate_follows_mode(view, call) {
        return;
    }
    let name = view.callee_text(call.place);
    let on = call.argument("training").map(|(value, _)| value) == Some(&Value::Bool(true));
    let (what, why) = if on {
        (format!("`{name}` stays on during evaluation"), "`training` defaults to true, whatever the mode of the module: after `eval()` the output is still random")
    } else {
        (format!("`{name}` is off during training"), "`training` defaults to false, whatever the mode of the module: nothing is ever dropped")
    };
    findings
        .report(&DROPOUT_WITHOUT_TRAINING_FLAG, view.callee_place(call.place), call.context)
        .what(what)
        .why(why)
        .help("pass `training=self.training`")
        .fix("Pass `training=self.training`", Applicability::Safe, call.place, Anchor::LastArgument, "training=self.training")
        .proof(if on { crate::rules::plan::deterministic(view, call) } else { crate::rules::plan::random_in_training(view, call) });
}

/// The layer defaults to inference: it never drops anything.
fn report_never_on(view: &StepView<'_>, findings: &mut Findings<'_>, call: &Call) {
    if is_told_elsewhere(view, call) || runs_in_evaluation_only(view, call) || is_frozen(view, call) {
        return;
    }
    let name = view.callee_text(call.place);
    let report = findings
        .report(&DROPOUT_WITHOUT_TRAINING_FLAG, view.callee_place(call.place), call.context)
        .what(format!("`{name}` is not told that it trains"))
        .why("it defaults to inference: nothing is ever dropped");
    let report = match call.caller.and_then(|caller| flag_parameter(view, caller)) {
        Some(flag) => {
            let text = format!("training={flag}");
            report.help(format!("pass `{text}`")).fix(format!("Pass `{text}`"), Applicability::Unsafe, call.place, Anchor::LastArgument, text)
        }
        None => report.help("pass `training`, true while training and false otherwise"),
    };
    report.proof(crate::rules::plan::random_in_training(view, call));
}

/// The layer defaults to training: it drops at test time too.
fn report_always_on_in_graph(view: &StepView<'_>, findings: &mut Findings<'_>, call: &Call) {
    let Some(evidence) = evidence(view, call).filter(|_| keeps_a_constant_share(view, call)) else { return };
    let (place, context) = evidence.place_of(call);
    let name = view.callee_text(call.place);
    let report = findings
        .report(&DROPOUT_WITHOUT_TRAINING_FLAG, view.callee_place(place), context)
        .what(format!("`{name}` stays on at test time"))
        .why("`is_training` defaults to true: outside training the output is still random");
    let report = match evidence {
        Evidence::UnusedFlag(flag) => {
            let text = format!("is_training={flag}");
            report.help(format!("pass `{text}`")).fix(format!("Pass `{text}`"), Applicability::Unsafe, call.place, Anchor::LastArgument, text)
        }
        Evidence::FlagOutside { flag, .. } => report
            .help("pass `is_training`, true while training and false otherwise")
            .label(view.callee_place(call.place), format!("`{flag}` does not get here")),
        Evidence::SecondApplication(place) => report.help("pass `is_training`, true while training and false otherwise").label(place, "the same variables are trained here"),
    };
    report.proof(crate::rules::plan::deterministic(view, call));
}
