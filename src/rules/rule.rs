//! What a rule says of itself.

use crate::finding::{Family, Severity};

/// A silent training bug that backprobe finds.
#[derive(Debug)]
pub struct Rule {
    /// Names the bug, in kebab-case.
    pub name: &'static str,
    /// The family it belongs to.
    pub family: Family,
    /// The bug in half a sentence: lower-case, no full stop.
    pub summary: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// The page, in Markdown.
    pub page: &'static str,
}
