//! Code that a test cannot reach: what has to be filled in then.

use crate::finding::{Loss, Property, Style, Subject, TestPlan};
use crate::rules::view::StepView;
use crate::syntax::UnitId;

/// A plan that asks for what the code keeps to itself.
pub(super) fn unreachable(view: &StepView<'_>, unit: UnitId, style: Style, property: Property, missing: &str) -> TestPlan {
    let name = unit.name.to_string();
    let place = if name.is_empty() { "the script".to_owned() } else { format!("`{name}`") };
    TestPlan {
        style,
        module: view.world.module_name(unit.file).to_string(),
        subject: Subject::Unreachable { name, missing: missing.replace("{place}", &place) },
        inputs: Vec::new(),
        loss: Loss::Probe,
        property,
    }
}
