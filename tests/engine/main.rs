//! The engine with a stand-in analysis: what is recomputed, what is found, and in which order, without any rule.
#![allow(clippy::expect_used, reason = "a test fails by panic")]

mod disk;
mod incremental;
mod invalidation;
mod project;
mod standin;
mod threads;
