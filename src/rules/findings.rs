//! Collecting the findings of one root.

use std::sync::Arc;

use super::declare::Rule;
use super::root::{Asked, RootFinding, RootReport};
use crate::finding::{Anchor, Applicability, Confidence, Edit, Finding, Fix, Label, TestPlan};
use crate::step::Step;
use crate::step::context::ContextId;
use crate::syntax::Place;

/// The findings so far.
pub(super) struct Findings<'step> {
    step: &'step Step,
    found: Vec<(RootFinding, ContextId)>,
    unanswered: Vec<&'static str>,
    idle: Vec<&'static str>,
    asked: Vec<(Asked, ContextId)>,
}

impl<'step> Findings<'step> {
    pub(super) fn new(step: &'step Step) -> Self {
        Self { step, found: Vec::new(), unanswered: Vec::new(), idle: Vec::new(), asked: Vec::new() }
    }

    /// Reports a bug at `place`, found while evaluating `context`.
    pub(super) fn report(&mut self, rule: &'static Rule, place: Place, context: ContextId) -> Report<'_> {
        let finding = Finding {
            rule: rule.name,
            family: rule.family,
            severity: rule.severity,
            confidence: Confidence::High,
            primary: place,
            message: String::new(),
            why: String::new(),
            help: String::new(),
            labels: Vec::new(),
            fix: None,
            plan: None,
        };
        let (contextual, start) = (self.step.is_contextual(context), self.step.contexts().start(context));
        // One place is reported once a context, whatever number of reasons there are.
        let again = self.found.iter().position(|(known, other)| *other == context && known.finding.rule == rule.name && known.finding.primary == place);
        let at = again.unwrap_or_else(|| {
            self.found.push((RootFinding { finding: finding.clone(), contextual, start }, context));
            self.found.len() - 1
        });
        self.found[at].0.finding = finding;
        Report { finding: &mut self.found[at].0.finding }
    }

    /// Whether `rule`, which asks for what is missing, can be answered: not where the budget is spent.
    pub(super) fn can_answer(&mut self, rule: &'static Rule) -> bool {
        if self.step.exceeded() {
            self.unanswered.push(rule.name);
        }
        !self.step.exceeded()
    }

    /// Notes that the question of `rule` does not arise: what it is about does not happen here.
    pub(super) fn does_not_arise(&mut self, rule: &'static Rule) {
        self.idle.push(rule.name);
    }

    /// Notes that `rule`, which is about calls, looks at the one at `primary`.
    pub(super) fn ask(&mut self, rule: &'static Rule, primary: Place, context: ContextId) {
        let is_known = |(known, other): &(Asked, ContextId)| *other == context && known.rule == rule.name && known.primary == primary;
        if self.step.is_contextual(context) && !self.asked.iter().any(is_known) {
            self.asked.push((Asked { rule: rule.name, primary, start: self.step.contexts().start(context) }, context));
        }
    }

    /// All that is known of the root.
    pub(super) fn into_report(self) -> RootReport {
        let findings = self.found.into_iter().filter(|(_, context)| !self.step.contexts().builds(*context)).map(|(finding, _)| finding).collect();
        let asked = self.asked.into_iter().map(|(asked, _)| asked).collect();
        RootReport { findings, visits: self.step.contextual_visits(), unanswered: self.unanswered, idle: self.idle, asked }
    }
}

/// A finding that is being written.
pub(super) struct Report<'findings> {
    finding: &'findings mut Finding<Place>,
}

impl Report<'_> {
    /// What is wrong.
    pub(super) fn what(self, message: impl Into<String>) -> Self {
        self.finding.message = message.into();
        self
    }

    /// Why it matters.
    pub(super) fn why(self, why: impl Into<String>) -> Self {
        self.finding.why = why.into();
        self
    }

    /// What to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        self.finding.help = help.into();
        self
    }

    /// The other half of the bug.
    pub(super) fn label(self, place: Place, message: impl Into<String>) -> Self {
        let label = Label { place, message: message.into() };
        if !self.finding.labels.contains(&label) {
            self.finding.labels.push(label);
        }
        self
    }

    /// An edit that mends it.
    pub(super) fn fix(self, title: impl Into<String>, applicability: Applicability, place: Place, anchor: Anchor, text: impl Into<String>) -> Self {
        self.finding.fix = Some(Fix { title: title.into(), applicability, edits: vec![Edit { place, anchor, text: text.into() }] });
        self
    }

    /// The test that proves it.
    pub(super) fn proof(self, plan: TestPlan) -> Self {
        self.finding.plan = Some(Arc::new(plan));
        self
    }
}
