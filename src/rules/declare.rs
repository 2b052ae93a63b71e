//! How a rule is declared.

use super::findings::Findings;
use super::need::Needs;
use super::view::StepView;
use crate::finding::{Family, Severity};

/// A rule: one bug, the question that finds it, the page that explains it.
pub struct Rule {
    /// Its kebab-case name.
    pub name: &'static str,
    /// The family it belongs to.
    pub family: Family,
    /// What is wrong, in one line.
    pub summary: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Its documentation: a Markdown page whose examples are tests.
    pub page: &'static str,
    /// The question; none for what is said of comments once all others are answered.
    pub(super) check: Option<fn(&StepView<'_>, &mut Findings<'_>)>,
    /// What it needs to fire; for a local rule the functions of its query come beside it.
    pub(super) needs: fn() -> Needs,
    /// For a local rule, the query that says which calls it looks at.
    pub(super) query: Option<&'static str>,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Declares a rule; its page documents the static.
macro_rules! declare_rule {
    (
        #[doc = include_str!($page:literal)]
        $visibility:vis static $identifier:ident = {
            name: $name:literal,
            summary: $summary:literal,
            family: $family:ident,
            severity: $severity:ident,
            $(check: $check:ident,)?
            $(needs: $needs:expr,)?
            $(query: $query:literal,)?
        }
    ) => {
        #[doc = include_str!($page)]
        $visibility static $identifier: $crate::rules::Rule = $crate::rules::Rule {
            name: $name,
            family: $crate::finding::Family::$family,
            summary: $summary,
            severity: $crate::finding::Severity::$severity,
            page: include_str!($page),
            check: declare_rule!(@check $($check)?),
            needs: declare_rule!(@needs $($needs)?),
            query: declare_rule!(@query $($query)?),
        };
    };
    (@check) => { None };
    (@check $check:ident) => { Some($check) };
    (@needs) => { Default::default };
    (@needs $needs:expr) => { $needs };
    (@query) => { None };
    (@query $query:literal) => { Some(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/queries/", $query))) };
}

pub(super) use declare_rule;
