//! A layer takes the input of the layer before it instead of its output, so the layer before reaches no loss.

use crate::rules::declare_rule;
use crate::rules::findings::Findings;
use crate::rules::need::{Need, Needs};
use crate::rules::view::{StepView, dotted};
use crate::rules::ways::{Via, parting, way};
use crate::step::parameters::ParameterId;
use crate::step::tensor::{Origin, Tensor, TensorId};
use crate::step::{Call, Manner};
use crate::syntax::hir::{Expr, ExprId, NodeId, Stmt};
use crate::syntax::leaves_call_out;
use std::collections::BTreeSet;

declare_rule! {
    #[doc = include_str!("unstacked_layer.md")]
    pub(crate) static UNSTACKED_LAYER = {
        name: "unstacked-layer",
        summary: "a layer takes the input of the layer before it, so the layer before never trains",
        family: Layers,
        severity: Warning,
        check: unstacked_layer,
        needs: || Needs { any_of: vec![Need::Called("backprobe.primitives.layer")], in_text: Some(leaves_call_out), whole: true, ..Needs::default() },
    }
}

fn unstacked_layer(view: &StepView<'_>, findings: &mut Findings<'_>) {
    if !findings.can_answer(&UNSTACKED_LAYER) {
        return;
    }
    let used = view.step.tensors().used();
    let layers: Vec<(TensorId, &Tensor)> = view.step.tensors().iter().filter(|(_, tensor)| is_layer(tensor) && view.is_project(tensor.place.unit)).collect();
    // A layer that is applied again, and read there, trains all the same.
    let trained: BTreeSet<ParameterId> = layers.iter().filter(|(id, _)| used.contains(id)).flat_map(|(_, tensor)| tensor.parameters.all()).collect();
    let never_trains = |(id, tensor): &(TensorId, &Tensor)| !used.contains(id) && tensor.parameters.all().any(|parameter| !trained.contains(&parameter));
    for (number, &dead) in layers.iter().enumerate().filter(|(_, layer)| never_trains(layer)) {
        // The layer that should have taken the dead output: the next one in the same code with the same input.
        let mut later = layers[number + 1..].iter().filter(|(id, _)| used.contains(id));
        let Some((skipped, taking)) = later.find_map(|&next| takes_input_of(view, dead, next)) else { continue };
        if !is_dropped(view, skipped, &layers, &used) || is_meant_to_be_unused(view, skipped) || is_object_used(view, skipped) || only_makes_weights(view, skipped) {
            continue;
        }
        report(view, findings, skipped, taking);
    }
}

fn is_layer(tensor: &Tensor) -> bool {
    tensor.origin == Origin::Layer && tensor.parameters.all().next().is_some()
}

/// The places at which one function makes two layers, itself or in what it calls, if both take the same.
fn takes_input_of(view: &StepView<'_>, dead: (TensorId, &Tensor), next: (TensorId, &Tensor)) -> Option<(Via, Via)> {
    let (skipped, taking) = parting(view, &way(view, dead.1), &way(view, next.1)).filter(|(skipped, taking)| skipped != taking)?;
    // As they are written, or as they come out of the same layers through activations, pooling and the like.
    [false, true].into_iter().find_map(|through| {
        let mut inputs = inputs_of(view, dead.0, skipped, through)?;
        let mut others = inputs_of(view, next.0, taking, through)?;
        // In a loop a layer may be among its own inputs.
        inputs.remove(&next.0);
        others.remove(&next.0);
        (!inputs.is_empty() && inputs == others).then_some((skipped, taking))
    })
}

/// What flows into what is made at `via` up to `layer`, beside parameters; with `through`, into what has no parameters either. `None` if
/// another layer made there comes first.
fn inputs_of(view: &StepView<'_>, layer: TensorId, via: Via, through: bool) -> Option<BTreeSet<TensorId>> {
    let tensors = view.step.tensors();
    let mut inputs = BTreeSet::new();
    let mut seen = BTreeSet::from([layer]);
    let mut waiting: Vec<TensorId> = tensors.get(layer).inputs.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        let tensor = tensors.get(id);
        if matches!(tensor.origin, Origin::Parameter(_)) || !seen.insert(id) {
            continue;
        }
        let is_plain = matches!(tensor.origin, Origin::Operation | Origin::Join) && !tensor.opaque && !tensor.inputs.is_empty();
        let is_inside = way(view, tensor).contains(&via);
        if is_layer(tensor) && is_inside {
            return None;
        } else if is_plain && (through || is_inside) {
            waiting.extend(&tensor.inputs);
        } else {
            inputs.insert(id);
        }
    }
    Some(inputs)
}

/// Whether nothing that is made at `via` is read, nor returned by the function in which that stands.
fn is_dropped(view: &StepView<'_>, via: Via, layers: &[(TensorId, &Tensor)], used: &BTreeSet<TensorId>) -> bool {
    let returned: BTreeSet<TensorId> = view.step.returned(via.context).flat_map(|id| view.step.tensors().ancestors(id, false)).collect();
    let is_read = |id: &TensorId| used.contains(id) || returned.contains(id);
    !layers.iter().any(|(id, tensor)| is_read(id) && way(view, tensor).contains(&via))
}

/// Whether the output is given a name that says so: `_`, `_hidden`.
fn is_meant_to_be_unused(view: &StepView<'_>, skipped: Via) -> bool {
    view.assigned_to(skipped.place).is_some_and(|name| name.starts_with('_'))
}

/// Whether the layer that is called at `skipped` is used otherwise in the same code: handed on, asked for its weights, called again.
fn is_object_used(view: &StepView<'_>, skipped: Via) -> bool {
    let is_layer_called = |call: &Call| call.place == skipped.place && call.manner == Manner::Direct && call.receiver_class.is_some();
    if !view.step.calls().iter().any(is_layer_called) {
        return false;
    }
    let hir = view.world.hir(skipped.place.unit);
    let is_plain = |expr: &Expr| matches!(expr, Expr::Name(_) | Expr::Attribute { .. });
    // `Dense(8)(x)` makes the layer there and then.
    let NodeId::Expr(id) = skipped.place.node else { return false };
    let Expr::Call { callee, .. } = hir.expr(id) else { return false };
    if !is_plain(hir.expr(*callee)) {
        return false;
    }
    let name = dotted(&hir, *callee);
    let mentioned = (0..hir.exprs.len() as u32).map(ExprId).filter(|&id| is_plain(hir.expr(id)) && dotted(&hir, id) == name);
    // Where it is made and bound it is named too.
    let bound = hir.stmts.iter().filter(|stmt| matches!(stmt, Stmt::Assign { targets, .. } if targets.iter().any(|&target| dotted(&hir, target) == name))).count();
    mentioned.count() > bound + 1
}

/// Whether the call at `skipped` is a statement of its own in a framework whose layers make their weights when they are called first: that
/// is what it is for then.
fn only_makes_weights(view: &StepView<'_>, skipped: Via) -> bool {
    let NodeId::Expr(call) = skipped.place.node else { return false };
    let is_lazy = |call: &&Call| ["keras.", "flax."].iter().any(|framework| view.qualified_name(call.callee).as_str().starts_with(framework));
    let is_statement = view.world.hir(skipped.place.unit).stmts.iter().any(|stmt| matches!(stmt, Stmt::Expr(expr) if *expr == call));
    is_statement && view.step.calls().iter().filter(|call| call.place == skipped.place).any(|call| is_lazy(&call))
}

fn report(view: &StepView<'_>, findings: &mut Findings<'_>, skipped: Via, taking: Via) {
    let (name, before) = (view.callee_text(taking.place), view.callee_text(skipped.place));
    let before = if before == name { "the layer before it".to_owned() } else { format!("`{before}`") };
    findings
        .report(&UNSTACKED_LAYER, view.callee_place(taking.place), taking.context)
        .what(format!("`{name}` takes the input of {before} instead of its output"))
        .why(format!("nothing reads the output of {before}: it reaches no loss and never trains, while the loss still falls"))
        .help(format!("pass the output of {before} to `{name}`, or delete the layer that is not used"))
        .label(view.callee_place(skipped.place), "the output of this layer is never read")
        .proof(crate::rules::plan::trains(view, taking.place, taking.context));
}
