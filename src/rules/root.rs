//! What the evaluation of one root finds, before the engine compares it with that of other roots.

use crate::finding::Finding;
use crate::step::Visits;
use crate::syntax::{Place, UnitId};

/// The findings of one root, with how often it passed through each unit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RootReport {
    /// One entry for each evaluation of a unit in which a rule fired at a place: a rule that fires at one place in two
    /// contexts has two entries.
    pub findings: Vec<RootFinding>,
    /// How many times each unit was evaluated contextually.
    pub visits: Vec<Visits>,
    /// Rules that could not be answered, because the budget of the root was spent.
    pub unanswered: Vec<&'static str>,
    /// Rules whose question does not arise there: nothing happens that it is about.
    pub idle: Vec<&'static str>,
    /// For rules about calls: the calls that they looked at in contexts that callers know. Who calls something else there, or nothing,
    /// does not object.
    pub asked: Vec<Asked>,
}

/// A call that a rule looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The rule.
    pub rule: &'static str,
    /// Where a finding would be.
    pub primary: Place,
    /// The unit in which the calls that lead to it begin.
    pub start: UnitId,
}

/// A finding of one root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RootFinding {
    /// The finding.
    pub finding: Finding<Place>,
    /// Whether it was found with a caller's facts: in a unit that was called from the root, or in the root's own unit or
    /// class. Otherwise it was found on symbols.
    pub contextual: bool,
    /// The unit in which the calls that lead to it begin.
    pub start: UnitId,
}
