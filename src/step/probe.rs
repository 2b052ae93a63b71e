//! Probes: what the reconstruction says of one expression or one pair of events, for tests of the interpreter.

use super::event::{EventKind, Passage, PathAnswer};
use super::parameters::ParameterSet;
use super::tensor::Scale;
use super::value::{Truth, Value};
use super::view::Step;
use crate::syntax::hir::NodeId;
use crate::syntax::{Name, UnitId};

/// What a probe asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Probe {
    /// `scale`, `features`, `rank`, `grad`, `cut`, `used` … of the value of a node.
    Value {
        /// The unit.
        unit: UnitId,
        /// The node.
        node: NodeId,
        /// What is asked.
        key: String,
    },
    /// Whether the paths between two kinds of events pass a third.
    Path {
        /// Where paths begin.
        from: String,
        /// Where they end.
        to: String,
        /// What they may pass.
        via: String,
    },
}

/// The answer to a probe, as tests spell it.
pub fn probe(step: &Step, probe: &Probe) -> String {
    match probe {
        Probe::Value { unit, node, key } => match step.revealed.as_ref().and_then(|revealed| revealed.get(&(*unit, *node))) {
            Some(value) => describe(step, value, key),
            None => "unreached".to_owned(),
        },
        Probe::Path { from, to, via } => path(step, from, to, via).to_owned(),
    }
}

fn describe(step: &Step, value: &Value, key: &str) -> String {
    let unknown = || "unknown".to_owned();
    match (key, value) {
        ("value", _) => plain(value),
        ("covers" | "trainable", Value::Parameters(set)) => set_text(step, set),
        ("covers", Value::Tensor(id)) => set_text(step, &step.tensors.reached(*id)),
        ("scale" | "features" | "rank" | "grad" | "cut" | "used", _) => {
            let Some(id) = step.tensor(value) else { return unknown() };
            let tensor = step.tensors.get(id);
            match key {
                "scale" => match tensor.scale {
                    Scale::Unknown => "unknown",
                    Scale::Logits => "logits",
                    Scale::Probabilities => "probabilities",
                    Scale::LogProbabilities => "log_probabilities",
                    Scale::Loss => "loss",
                }
                .to_owned(),
                "features" => tensor.features.map_or_else(unknown, |features| features.to_string()),
                "rank" => tensor.rank.map_or_else(unknown, |rank| rank.to_string()),
                "used" => if step.tensors.used().contains(&id) { "yes" } else { "no" }.to_owned(),
                "grad" => if step.tensors.reached(id).empty() == Truth::Yes { "no" } else { "yes" }.to_owned(),
                _ => {
                    let cuts: std::collections::BTreeSet<&str> = step.tensors.ancestors(id, true).into_iter().filter_map(|id| step.tensors.get(id).cut.as_deref()).collect();
                    if cuts.is_empty() { "none".to_owned() } else { cuts.into_iter().collect::<Vec<_>>().join(",") }
                }
            }
        }
        _ => unknown(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Str(text) => format!("{text:?}"),
        _ => "unknown".to_owned(),
    }
}

/// Members of a set: paths where variables have them, otherwise their number; `?` marks those that are only possible.
fn set_text(step: &Step, set: &ParameterSet) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut unnamed = 0;
    for (&id, sure) in set.certain.iter().map(|id| (id, true)).chain(set.possible.iter().map(|id| (id, false))) {
        match &step.parameters.get(id).path {
            Some(path) => parts.push(format!("{path}{}", if sure { "" } else { "?" })),
            None => unnamed += 1,
        }
    }
    parts.sort();
    if unnamed > 0 {
        parts.push(unnamed.to_string());
    }
    if set.open {
        parts.push("…".to_owned());
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(",") }
}

fn path(step: &Step, from: &str, to: &str, via: &str) -> &'static str {
    let via = Name::new(via);
    let mut answers = Vec::new();
    for (start, ..) in step.events.named(Name::new(from)) {
        for (end, _, subject) in step.events.named(Name::new(to)) {
            let answer = step.events.paths(start, end, |_, event| match &event.kind {
                EventKind::Named { name, .. } if *name == via => Passage::Passes,
                EventKind::Made(object) if *subject == Value::Object(*object) => Passage::Ends,
                EventKind::Opaque(values) if values.contains(subject) => Passage::Uncertain,
                _ => Passage::Neutral,
            });
            answers.push(answer);
        }
    }
    answers.retain(|answer| *answer != PathAnswer::Unknown || answers_len_one(step, from, to));
    let Some(&first) = answers.first() else { return "unknown" };
    let joined = if answers.iter().all(|answer| *answer == first) { first } else { PathAnswer::Sometimes };
    match joined {
        PathAnswer::Always => "always",
        PathAnswer::Never => "never",
        PathAnswer::Sometimes => "sometimes",
        PathAnswer::Unknown => "unknown",
    }
}

fn answers_len_one(step: &Step, from: &str, to: &str) -> bool {
    step.events.named(Name::new(from)).count() == 1 && step.events.named(Name::new(to)).count() == 1
}
