//! From what a rule knows to a test plan.

use super::view::{EventView, StepView};
use crate::finding::TestPlan;
use crate::step::Call;
use crate::step::context::ContextId;
use crate::syntax::Place;

/// Every parameter of the model that holds `place` trains.
pub(super) fn trains(_view: &StepView<'_>, _place: Place, _context: ContextId) -> Option<TestPlan> {
    None
}

/// What the model puts out, or the loss, varies with the input.
pub(super) fn output_varies(_view: &StepView<'_>, _call: &Call, _is_loss: bool) -> Option<TestPlan> {
    None
}

/// A step of one network leaves the other alone.
pub(super) fn opponent_untouched(_view: &StepView<'_>, _update: &EventView<'_>) -> Option<TestPlan> {
    None
}

/// Moving statistics are learned.
pub(super) fn statistics_moved(_view: &StepView<'_>, _call: &Call) -> Option<TestPlan> {
    None
}

/// The output of one example does not depend on the others in its batch.
pub(super) fn examples_independent(_view: &StepView<'_>, _call: &Call) -> Option<TestPlan> {
    None
}

/// Two evaluations on one input are equal.
pub(super) fn deterministic(_view: &StepView<'_>, _call: &Call) -> Option<TestPlan> {
    None
}

/// Two training calls on one input differ.
pub(super) fn random_in_training(_view: &StepView<'_>, _call: &Call) -> Option<TestPlan> {
    None
}
