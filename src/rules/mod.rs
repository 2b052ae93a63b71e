//! The rules: one bug each, with question, message, fix and test plan.
//!
//! Knows neither tree-sitter nodes nor files nor the protocol.
#![forbid(unsafe_code)]

mod root;
mod rule;

pub use root::{RootFinding, RootReport};
pub use rule::Rule;

/// All rules, in the order of their families.
pub fn all() -> &'static [&'static Rule] {
    &[]
}
