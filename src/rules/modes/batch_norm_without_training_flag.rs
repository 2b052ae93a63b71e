//! Batch normalization that is not told whether it trains.

use super::evaluation::{Evidence, evidence, flag_parameter, is_frozen, is_told_elsewhere, may_follow_mode, runs_in_evaluation_only};
use crate::finding::{Anchor, Applicability};
use crate::rules::findings::Findings;
use crate::rules::local::matches;
use crate::rules::view::StepView;
use crate::rules::declare_rule;
use crate::step::value::Value;
use crate::step::{Call, Origin};

declare_rule! {
    #[doc = include_str!("batch_norm_without_training_flag.md")]
    pub(crate) static BATCH_NORM_WITHOUT_TRAINING_FLAG = {
        name: "batch-norm-without-training-flag",
        summary: "batch normalization is not told whether it trains",
        family: Modes,
        severity: Warning,
        check: batch_norm_without_training_flag,
        query: "batch-norm-without-training-flag.scm",
    }
}

fn batch_norm_without_training_flag(view: &StepView<'_>, findings: &mut Findings<'_>) {
    for call in matches(view, &BATCH_NORM_WITHOUT_TRAINING_FLAG, findings) {
        if view.setting(call, "trainable").is_some_and(|value| *value != Value::Bool(true)) || call.guarded || may_follow_mode(view, call) {
            continue;
        }
        if call.argument("is_training").is_some() {
            report_always_training(view, findings, call);
        } else {
            report_never_training(view, findings, call);
        }
    }
    // Through `normalizer_fn` a layer calls batch normalization itself: no query sees that call.
    for call in view.calls_of("tf_slim.layers.layers.batch_norm").filter(|call| !call.is_direct()) {
        findings.ask(&BATCH_NORM_WITHOUT_TRAINING_FLAG, view.callee_place(call.place), call.context);
        if call.argument("is_training").is_some_and(|(_, origin)| origin == Origin::Default) && !call.guarded {
            report_always_training(view, findings, call);
        }
    }
}

/// The default is inference: statistics are never learned.
fn report_never_training(view: &StepView<'_>, findings: &mut Findings<'_>, call: &Call) {
    if is_told_elsewhere(view, call) || runs_in_evaluation_only(view, call) || is_frozen(view, call) {
        return;
    }
    let name = view.callee_text(call.place);
    let report = findings
        .report(&BATCH_NORM_WITHOUT_TRAINING_FLAG, view.callee_place(call.place), call.context)
        .what(format!("`{name}` is not told that it trains"))
        .why("it defaults to inference: it normalises with moving statistics that are never learned, so it does not normalise at all");
    let flag = if call.caller_class.is_some() && view.is_inside_method_of(call, "torch.nn.modules.module.Module") {
        Some("self.training".to_owned())
    } else {
        call.caller.and_then(|caller| flag_parameter(view, caller))
    };
    let report = match flag {
        Some(flag) => report.help(format!("pass `training={flag}`")).fix(
            format!("Pass `training={flag}`"),
            Applicability::Unsafe,
            call.place,
            Anchor::LastArgument,
            format!("training={flag}"),
        ),
        None => report.help("pass `training`, true while training and false otherwise, and run the update operations with the train step"),
    };
    report.proof(crate::rules::plan::statistics_moved(view, call));
}

/// The default is training: at test time the statistics of the batch are used.
fn report_always_training(view: &StepView<'_>, findings: &mut Findings<'_>, call: &Call) {
    let Some(evidence) = evidence(view, call) else { return };
    let (place, context) = evidence.place_of(call);
    let name = view.callee_text(call.place);
    let report = findings
        .report(&BATCH_NORM_WITHOUT_TRAINING_FLAG, view.callee_place(place), context)
        .what(format!("`{name}` normalises with the statistics of the batch at test time too"))
        .why("`is_training` defaults to true: outside training the output of one example depends on the others in its batch");
    let help = "pass `is_training`, true while training and false otherwise, and run the update operations with the train step";
    let report = match evidence {
        Evidence::UnusedFlag(flag) => {
            let report = report.help(format!("pass `is_training={flag}`, and run the update operations with the train step"));
            if call.is_direct() {
                let text = format!("is_training={flag}");
                report.fix(format!("Pass `{text}`"), Applicability::Unsafe, call.place, Anchor::LastArgument, text)
            } else {
                report
            }
        }
        Evidence::FlagOutside { flag, .. } => report.help(help).label(view.callee_place(call.place), format!("`{flag}` does not get here")),
        Evidence::SecondApplication(place) => report.help(help).label(place, "the same variables are trained here"),
    };
    report.proof(crate::rules::plan::examples_independent(view, call));
}
