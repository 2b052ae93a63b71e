//! Plain data: a finding, its labels, its fix and its test plan.
//!
//! Knows neither how a finding is found nor how it is shown.
#![forbid(unsafe_code)]

mod edit;
mod plan;

pub use plan::{Argument, Content, Input, Literal, Loss, Optimizer, Passed, Property, Returns, Style, Subject, TestPlan};

use std::path::PathBuf;
use std::sync::Arc;

use crate::text::TextRange;

/// A silent training bug at one place.
///
/// `P` is how places are given: [`crate::syntax::Place`] while analysing, [`Location`] when it is shown.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Finding<P = Location> {
    /// The rule's kebab-case name.
    pub rule: &'static str,
    /// The rule's family.
    pub family: Family,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The narrow place it points to.
    pub primary: P,
    /// What is wrong. Lower-case, no full stop.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub help: String,
    /// The other half of the bug.
    pub labels: Vec<Label<P>>,
    /// An edit that mends it.
    pub fix: Option<Fix<P>>,
    /// The test that proves it.
    pub plan: Option<Arc<TestPlan>>,
}

/// A second place with what it has to do with the bug.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Label<P = Location> {
    /// The place.
    pub place: P,
    /// What is there.
    pub message: String,
}

/// Edits that mend a finding.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fix<P = Location> {
    /// What it does, as a title of an action.
    pub title: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit<P>>,
}

/// One edit: insert text before or after a place, or replace it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Edit<P = Location> {
    /// Where.
    pub place: P,
    /// What of the place is replaced.
    pub anchor: Anchor,
    /// The new text.
    pub text: String,
}

/// What an edit does to its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Anchor {
    /// The place is replaced.
    Replace,
    /// The text is put before it.
    Before,
    /// The text is put after it.
    After,
    /// The place is a call; the text becomes its last argument, with a comma if one is needed.
    LastArgument,
}

/// A range of one file.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Location {
    /// The file, as it was named to the engine.
    pub path: Arc<PathBuf>,
    /// Bytes of its text.
    pub range: TextRange,
}

/// Families of rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Layers that reach no loss.
    Layers,
    /// Layers in the wrong mode.
    Modes,
    /// Losses that do not fit what reaches them.
    Losses,
    /// Optimizers that hold the wrong parameters.
    Optimizers,
    /// Comments that silence findings, and do not.
    Comments,
    /// What a project's own rules look for.
    Project,
}

impl Family {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Layers => "layers",
            Self::Modes => "modes",
            Self::Losses => "losses",
            Self::Optimizers => "optimizers",
            Self::Comments => "comments",
            Self::Project => "project",
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Training cannot do what the code says.
    Error,
    /// Training is most likely wrong.
    Warning,
    /// Worth knowing.
    Information,
    /// Worth a look at leisure: editors mark it least.
    Hint,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Information, Self::Hint];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
            Self::Hint => "hint",
        }
    }

    /// The severity of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Every fact it rests on is known.
    High,
    /// It rests on one likely assumption, named in the message.
    Medium,
}

/// Whether a fix may be applied unseen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// It changes nothing but the bug.
    Safe,
    /// It may change what the code does elsewhere.
    Unsafe,
}

impl<P> Finding<P> {
    /// The same finding with every place mapped by `map`.
    pub fn map_places<Q>(self, map: &mut impl FnMut(P) -> Q) -> Finding<Q> {
        Finding {
            rule: self.rule,
            family: self.family,
            severity: self.severity,
            confidence: self.confidence,
            primary: map(self.primary),
            message: self.message,
            why: self.why,
            help: self.help,
            labels: self.labels.into_iter().map(|label| Label { place: map(label.place), message: label.message }).collect(),
            fix: self.fix.map(|fix| Fix {
                title: fix.title,
                applicability: fix.applicability,
                edits: fix.edits.into_iter().map(|edit| Edit { place: map(edit.place), anchor: edit.anchor, text: edit.text }).collect(),
            }),
            plan: self.plan,
        }
    }
}
