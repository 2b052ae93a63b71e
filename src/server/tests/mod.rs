//! The server as a client sees it, with an analysis whose findings can be read off the text.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

mod actions;
mod client;
mod diagnostics;
mod fake;
mod flood;
mod lifecycle;
mod settings;
