//! What stops a command, in words.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::rules::nearest;
use crate::testgen::Broken;
use crate::text::DecodeError;

/// Why a command could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A path on the command line names nothing.
    #[error("no such file or folder: `{}`", .0.display())]
    NoSuchPath(PathBuf),
    /// A file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no longer what was checked.
    #[error("`{}` changed while it was checked and is left as it is; run the command again", .0.display())]
    ChangedMeanwhile(PathBuf),
    /// A fix holds a character that the file's encoding has not.
    #[error("cannot write `{}`: its encoding lacks a character of the fix", .0.display())]
    Unencodable(PathBuf),
    /// Nothing that is to be tested has this name.
    #[error("no model, builder or training function is called `{name}`{}", suggestion(name, known))]
    NothingTrains {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// What a method returns has no parameters behind it, or no gradients.
    #[error("`{0}` has no training test: no gradient of what it returns reaches a parameter")]
    TrainsNothing(String),
    /// A line and names are given together.
    #[error("`--for` says what is tested; leave out the line, or `--for`")]
    LineAndNames,
    /// A test file cannot be extended.
    #[error("cannot add a test to `{name}`: {source}")]
    NoPlaceForTest {
        /// The file.
        name: String,
        /// Why.
        source: Broken,
    },
    /// A folder cannot be walked.
    #[error("cannot list files: {0}")]
    Walk(#[source] ignore::Error),
    /// Standard input cannot be read.
    #[error("cannot read standard input: {0}")]
    StandardInput(#[source] io::Error),
    /// Standard input is no text.
    #[error("standard input is no text that Python reads: {0}")]
    Undecodable(#[source] DecodeError),
    /// Settings hold something that means nothing.
    #[error("{0}")]
    Settings(String),
    /// Statistics are asked for in a format that has none.
    #[error("`--statistics` writes a table or JSON; leave `--output-format` out, or use `json`")]
    NoStatistics,
    /// Standard input is to be checked again and again.
    #[error("standard input comes once; name files or folders to `--watch`")]
    NothingToWatch,
    /// Changes of files cannot be seen.
    #[error("cannot watch files: {0}")]
    Watch(#[from] notify::Error),
    /// The current folder is gone.
    #[error("cannot tell the current folder: {0}; change to one that exists")]
    CurrentFolder(#[source] io::Error),
    /// Output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// Threads cannot be started.
    #[error("cannot start threads: {0}")]
    Threads(#[source] rayon::ThreadPoolBuildError),
    /// No rule has the name that was given.
    #[error("no rule is named `{name}`; {}", advice(*nearest))]
    UnknownRule {
        /// The name.
        name: String,
        /// The rule that was most likely meant.
        nearest: Option<&'static str>,
    },
    /// The analysis of a file panicked.
    #[error("the analysis of `{0}` failed, which is a bug of backprobe; please report it with the file: {1}")]
    Internal(String, String),
}

impl Failure {
    /// Whether the reader of our output went away.
    pub(super) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

fn advice(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "`backprobe rules` lists all".to_owned(),
    }
}

/// Says on standard error what went wrong.
pub(super) fn print(failure: &Failure) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr(), "error: {failure}");
}

/// What was most likely meant, or what there is.
fn suggestion(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(likely) => format!("; did you mean `{likely}`?"),
        None if known.is_empty() => ": nothing here trains".to_owned(),
        None => format!("; there is {}", known.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ")),
    }
}
