//! What a test is called: the property, in words, of what it is about.

use super::name_of;
use crate::finding::{Property, Style, Subject, TestPlan};
use crate::testgen::names::part;

/// Parts of an object that are named one by one.
const MOST_NAMED: usize = 3;

/// The name of the test for `plan`.
pub(super) fn of(plan: &TestPlan) -> String {
    let name = match part(name_of(plan)) {
        empty if empty.is_empty() => "script".to_owned(),
        name => name,
    };
    let subject = match &plan.subject {
        Subject::Model { method: Some(method), .. } | Subject::Trainer { step: method, .. } if !method.starts_with("__") => format!("{name}_{}", part(method)),
        _ => name.clone(),
    };
    let member = match plan.style {
        Style::Objects | Style::Pure => "parameter",
        Style::Graph => "variable",
        Style::Layers => "weight",
    };
    let players = |scopes: &[String]| scopes.iter().map(|scope| part(scope)).collect::<Vec<_>>().join("_and_");
    let title = match &plan.property {
        Property::Trains(scopes) if scopes.is_empty() => format!("every_{member}_of_{subject}_trains"),
        Property::Trains(scopes) if scopes.len() > MOST_NAMED => format!("what_{subject}_applies_trains"),
        Property::Trains(scopes) => format!("{}_of_{subject}_trains", players(scopes)),
        Property::OpponentUntouched { untouched, .. } => {
            let step = match &plan.subject {
                Subject::Trainer { step, .. } | Subject::TrainerFunction { step, .. } => part(step),
                _ => "step".to_owned(),
            };
            let opponent = if untouched.is_empty() { "the_other_network".to_owned() } else { players(untouched) };
            format!("{step}_of_{name}_leaves_{opponent}_alone")
        }
        Property::StatisticsMoved => format!("statistics_of_{subject}_move"),
        Property::ExamplesIndependent => format!("examples_in_a_batch_of_{subject}_are_independent"),
        Property::Deterministic => format!("{subject}_is_deterministic_in_evaluation"),
        Property::RandomInTraining => format!("{subject}_is_random_in_training"),
        Property::OutputVaries => format!("output_of_{subject}_varies"),
        Property::LossDependsOn => format!("loss_of_{subject}_depends_on_its_input"),
    };
    format!("test_{title}")
}
