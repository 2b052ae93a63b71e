//! What is to be said of comments that silence findings, once all that they could silence is known.

mod unknown_suppressed_rule;
mod unused_suppression;

use std::collections::HashSet;

use super::all;
use super::declare::Rule;
use crate::finding::{Anchor, Applicability, Confidence, Edit, Finding, Fix};
use crate::syntax::Suppressions;
use crate::text::{self, TextRange};

pub(super) use unknown_suppressed_rule::UNKNOWN_SUPPRESSED_RULE;
pub(super) use unused_suppression::UNUSED_SUPPRESSION;

/// The comments of a text, and which of their names silence something.
pub struct Commented<'text> {
    text: &'text str,
    suppressions: Suppressions,
    /// Places of names that silence a finding.
    used: HashSet<TextRange>,
}

impl<'text> Commented<'text> {
    /// The comments of `text`.
    pub fn of(text: &'text str) -> Self {
        Self { text, suppressions: Suppressions::of(text), used: HashSet::new() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.suppressions.comments().is_empty()
    }

    /// Whether a comment silences `rule` at byte `offset`; it is of use then.
    pub fn silence(&mut self, rule: &str, offset: u32) -> bool {
        let silencing: Vec<TextRange> = self.suppressions.silencing(rule, offset).collect();
        self.used.extend(&silencing);
        !silencing.is_empty()
    }

    /// What is to be said of the comments themselves. `is_answered` says of a rule whether all is known that it could find in the text.
    /// `own` are the names of the project's own rules.
    pub fn findings(mut self, is_answered: &dyn Fn(&str) -> bool, own: &[String]) -> Vec<Finding<TextRange>> {
        let known: Vec<&str> = all().iter().map(|rule| rule.name).chain(own.iter().map(String::as_str)).collect();
        let mut findings = unknown_suppressed_rule::findings(&self, &known);
        findings.retain(|finding| !self.silence(finding.rule, finding.primary.start));
        let mut unused = unused_suppression::findings(&self, &|rule| known.contains(&rule) && rule != UNUSED_SUPPRESSION.name && is_answered(rule));
        unused.retain(|finding| !self.silence(finding.rule, finding.primary.start));
        // A comment that silences this very rule is of use if another is not.
        unused.extend(unused_suppression::findings(&self, &|rule| rule == UNUSED_SUPPRESSION.name));
        findings.extend(unused);
        findings
    }
}

/// A finding about a comment, with the edit that mends it.
fn finding(rule: &'static Rule, primary: TextRange, title: String, text::Edit { range, text }: text::Edit) -> Finding<TextRange> {
    let edits = vec![Edit { place: range, anchor: Anchor::Replace, text }];
    Finding {
        rule: rule.name,
        family: rule.family,
        severity: rule.severity,
        confidence: Confidence::High,
        primary,
        message: String::new(),
        why: String::new(),
        help: String::new(),
        labels: Vec::new(),
        fix: Some(Fix { title, applicability: Applicability::Safe, edits }),
        plan: None,
    }
}
