//! The commands: what they accept, what they print, how they end.
//!
//! Knows the terminal, the disk and the environment; asks the engine and hands findings to `report`.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "commands talk to the disk and the environment")]

mod arguments;
mod check;
mod completions;
mod explain;
mod failure;
mod pool;
mod progress;
mod rules;
mod settings;
mod step;
mod store;
mod targets;
mod test;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use failure::Failure;

/// How a command that did not fail ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    /// Nothing to complain of.
    Clean,
    /// Something was found.
    Found,
}

/// Runs the command that the process was started with. Exits 0 when clean, 1 on any finding, 2 on failure; the server
/// exits as its protocol says.
pub fn main() -> ExitCode {
    // Usage errors leave through clap, with 2 as well.
    let arguments = Arguments::parse();
    match arguments.color {
        clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
        clap::ColorChoice::Always => anstream::ColorChoice::Always,
        clap::ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let result = match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Explain { rule } => explain::run(&rule),
        Command::Rules { output_format } => rules::run(output_format),
        Command::Step { path } => step::run(&path),
        Command::Completions { shell } => completions::run(shell),
        Command::Server => return crate::server::run(),
    };
    match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        // Whoever reads our output has seen enough.
        Err(failures) if failures.iter().any(Failure::is_broken_pipe) => ExitCode::SUCCESS,
        Err(failures) => {
            failures.iter().for_each(failure::print);
            ExitCode::from(2)
        }
    }
}

/// Says something on standard error that is no failure.
fn notice(sentence: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr(), "{sentence}");
}
