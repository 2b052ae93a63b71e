//! A reconstructed step in words, for people who wonder what is known and what is not.

use std::fmt::Write;

use super::event::EventKind;
use super::parameters::{ParameterId, ParameterSet};
use super::tensor::{Origin, Tensor};
use super::value::Value;
use super::view::Step;
use crate::syntax::Place;

/// The tensors, parameters and events of `step`, one a line; `place` says where something stands.
pub fn describe(step: &Step, place: &dyn Fn(Place) -> String) -> String {
    let mut text = String::new();
    let used = step.tensors.used();
    for (id, tensor) in step.tensors.iter() {
        let kind = match &tensor.origin {
            Origin::Input(_) => "input".to_owned(),
            Origin::Parameter(parameter) => format!("parameter {}", name(step, *parameter)),
            Origin::Layer => format!("layer with {}", set(step, &tensor.parameters)),
            Origin::Operation => "operation".to_owned(),
            Origin::Join => "join".to_owned(),
        };
        let inputs: Vec<String> = tensor.inputs.iter().map(|input| format!("t{}", input.0)).collect();
        let unused = if used.contains(&id) { "" } else { ", unused" };
        let _ = writeln!(text, "  t{} = {kind} of [{}]{}{unused}  {}", id.0, inputs.join(" "), facts(tensor), place(tensor.place));
    }
    for (id, event) in step.events.iter() {
        let what = match &event.kind {
            EventKind::Junction => "junction".to_owned(),
            EventKind::Made(object) => format!("made o{}", object.0),
            EventKind::Opaque(values) => format!("unknown call with {}", values.iter().map(|value| value_text(step, value)).collect::<Vec<_>>().join(" ")),
            EventKind::Named { name, subject, details } => {
                let details: Vec<String> = details
                    .iter()
                    .map(|(name, detail)| format!("{name}={}", value_text(step, detail)))
                    .collect();
                format!("{name} {} {}", value_text(step, subject), details.join(" "))
            }
        };
        let before: Vec<String> = event.before.iter().map(|before| format!("e{}", before.0)).collect();
        let _ = writeln!(text, "  e{} after [{}]: {what}  {}", id.0, before.join(" "), place(event.place));
    }
    if step.exceeded() {
        text.push_str("  the budget of this root is spent: nothing is reported\n");
    }
    text
}

fn facts(tensor: &Tensor) -> String {
    let mut text = String::new();
    if let Some(features) = tensor.features {
        let _ = write!(text, ", features {features}");
    }
    if let Some(rank) = tensor.rank {
        let _ = write!(text, ", rank {rank}");
    }
    if let Some(cut) = &tensor.cut {
        let _ = write!(text, ", cut by {cut}");
    }
    if tensor.observed {
        text.push_str(", observed");
    }
    if tensor.opaque {
        text.push_str(", opaque");
    }
    text
}

fn value_text(step: &Step, value: &Value) -> String {
    match value {
        Value::Tensor(id) => format!("t{}", id.0),
        Value::Object(id) => format!("o{}", id.0),
        Value::Parameters(members) => set(step, members),
        Value::Bool(known) => known.to_string(),
        Value::Int(known) => known.to_string(),
        Value::Str(text) => format!("{text:?}"),
        Value::None => "None".to_owned(),
        Value::Either(values) => values.iter().map(|value| value_text(step, value)).collect::<Vec<_>>().join("|"),
        _ => "?".to_owned(),
    }
}

fn name(step: &Step, id: ParameterId) -> String {
    let parameter = step.parameters.get(id);
    match (&parameter.path, parameter.all_of) {
        (Some(path), _) => path.to_string(),
        (None, Some(object)) => format!("all of o{}", object.0),
        (None, None) => format!("p{}", id.0),
    }
}

fn set(step: &Step, members: &ParameterSet) -> String {
    let certain = members.certain.iter().map(|&id| name(step, id));
    let possible = members.possible.iter().map(|&id| format!("{}?", name(step, id)));
    let open = members.open.then(|| "…".to_owned());
    format!("{{{}}}", certain.chain(possible).chain(open).collect::<Vec<_>>().join(" "))
}
