//! A comment that silences nothing, because nothing is found there.

use super::{Commented, finding};
use crate::finding::Finding;
use crate::rules::declare_rule;
use crate::syntax::SuppressedRule;
use crate::text::TextRange;

declare_rule! {
    #[doc = include_str!("unused_suppression.md")]
    pub(crate) static UNUSED_SUPPRESSION = {
        name: "unused-suppression",
        summary: "a comment silences a rule that finds nothing there",
        family: Comments,
        severity: Information,
    }
}

/// The comments that silence nothing, as far as they name rules of which `is_answered` says that all is known.
pub(super) fn findings(commented: &Commented<'_>, is_answered: &dyn Fn(&str) -> bool) -> Vec<Finding<TextRange>> {
    let mut findings = Vec::new();
    for comment in commented.suppressions.comments() {
        let is_unused = |rule: &&SuppressedRule| !commented.used.contains(&rule.range) && is_answered(&rule.name);
        let unused: Vec<&SuppressedRule> = comment.rules.iter().filter(is_unused).collect();
        let (Some(first), Some(last)) = (unused.first(), unused.last()) else { continue };
        let names = unused.iter().map(|rule| format!("`{}`", rule.name)).collect::<Vec<_>>().join(", ");
        let (why, help) = if comment.scope.is_some() {
            ("the comment silences nothing, but would silence a bug that is made here later", format!("delete {names} from the comment"))
        } else {
            ("a comment that is meant for the whole file counts above the first statement only", "move the comment to the top of the file, or delete it".to_owned())
        };
        let edit = comment.without(commented.text, |name| unused.iter().any(|rule| rule.name == name));
        findings.push(Finding {
            message: format!("{names} silenced here, where nothing is found"),
            why: why.to_owned(),
            help,
            ..finding(&UNUSED_SUPPRESSION, TextRange::new(first.range.start, last.range.end), format!("Delete {names}"), edit)
        });
    }
    findings
}
