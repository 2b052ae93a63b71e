//! The engine with a stand-in analysis: what is recomputed, what is found, and in which order, without any rule.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test fails by panic and makes its own files")]

mod disk;
mod incremental;
mod invalidation;
mod own_rules;
mod project;
mod settings;
mod standin;
mod suppressions;
mod threads;
