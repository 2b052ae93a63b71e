//! A comment that names no rule, most likely because the name is misspelt.

use super::{Commented, finding};
use crate::finding::Finding;
use crate::rules::{declare_rule, nearest};
use crate::text::{Edit, TextRange};

declare_rule! {
    #[doc = include_str!("unknown_suppressed_rule.md")]
    pub(crate) static UNKNOWN_SUPPRESSED_RULE = {
        name: "unknown-suppressed-rule",
        summary: "a comment silences a rule that does not exist",
        family: Comments,
        severity: Warning,
    }
}

pub(super) fn findings(commented: &Commented<'_>, known: &[&str]) -> Vec<Finding<TextRange>> {
    let mut findings = Vec::new();
    for comment in commented.suppressions.comments() {
        for rule in comment.rules.iter().filter(|rule| !known.contains(&rule.name.as_str())) {
            let meant = nearest(&rule.name, known.iter().copied()).filter(|meant| comment.rules.iter().all(|other| other.name != *meant));
            let (title, edit, help) = match meant {
                Some(meant) => (format!("Silence `{meant}`"), Edit { range: rule.range, text: meant.to_owned() }, format!("write `{meant}`")),
                None => (format!("Delete `{}`", rule.name), comment.without(commented.text, |name| name == rule.name), "delete the name; `backprobe rules` lists all".to_owned()),
            };
            findings.push(Finding {
                message: format!("no rule is named `{}`", rule.name),
                why: "the comment silences nothing".to_owned(),
                help,
                ..finding(&UNKNOWN_SUPPRESSED_RULE, rule.range, title, edit)
            });
        }
    }
    findings
}
