//! The ways to a tensor: the calls through which running functions came to make it.

use super::view::StepView;
use crate::step::context::ContextId;
use crate::step::tensor::Tensor;
use crate::syntax::Place;

/// A place in the code of a running function, at which a tensor is made by the code itself or by what it calls there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Via {
    pub(super) place: Place,
    pub(super) context: ContextId,
}

/// The places of project code on the way to `tensor`, innermost first.
pub(super) fn way(view: &StepView<'_>, tensor: &Tensor) -> Vec<Via> {
    way_to(view, Via { place: tensor.place, context: tensor.context })
}

/// The places of project code on the way to `end`, innermost first.
pub(super) fn way_to(view: &StepView<'_>, end: Via) -> Vec<Via> {
    let contexts = view.step.contexts();
    let mut way = vec![end];
    let mut current = end.context;
    while let (Some(caller), Some(place)) = (contexts.caller(current), contexts.call_site(current)) {
        way.push(Via { place, context: caller });
        current = caller;
    }
    way.retain(|via| view.is_project(via.place.unit));
    way
}

/// Where the ways to two tensors part: the places in the innermost function that both have in common.
pub(super) fn parting(view: &StepView<'_>, one: &[Via], other: &[Via]) -> Option<(Via, Via)> {
    let frame = |via: &Via| view.step.contexts().frame(via.context);
    one.iter().find_map(|mine| other.iter().find(|theirs| frame(theirs) == frame(mine)).map(|theirs| (*mine, *theirs)))
}
