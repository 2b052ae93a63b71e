//! What a rule needs within reach of a root to fire there. A root that offers no rule what it needs is not evaluated.

use crate::syntax::Callee;

/// A set of rules: bit `n` stands for the rule at `n` in [`all`](super::all).
pub type RuleSet = u64;

/// Whether a call may be what a rule is about.
pub type MayMatter<'a> = &'a dyn Fn(Callee<'_>) -> bool;

/// What a rule needs.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// At least one of these.
    pub any_of: Vec<Need>,
    /// Whether it needs that twice.
    pub twice: Twice,
    /// Whether it asks for what is missing: then it needs all that the root does.
    pub whole: bool,
    /// Whether it needs a layer of one unit.
    pub one_unit: bool,
    /// Whether the rule could fire in the text of a unit (a module unit if `true`), asked of the units that reach one of `any_of`.
    pub in_text: Option<fn(&str, bool, MayMatter<'_>) -> bool>,
}

/// What a rule needs twice: at two places, or at one that may run twice.
#[derive(Clone, Copy, Debug, Default)]
pub enum Twice {
    /// Nothing.
    #[default]
    No,
    /// One of these functions or methods, called on what it needs.
    Called(&'static [&'static str]),
    /// One of these, or one of its needs.
    MadeOrCalled(&'static [&'static str]),
}

impl Twice {
    /// The functions and methods that count.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::No => &[],
            Self::Called(words) | Self::MadeOrCalled(words) => words,
        }
    }
}

/// Something that the evaluation of a root comes across.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Need {
    /// Project code names this framework function.
    Named(String),
    /// This framework function or primitive is called, by project code or by what that calls.
    Called(&'static str),
    /// An event of this kind.
    Event(&'static str),
}
