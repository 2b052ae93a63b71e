//! `backprobe completions`: prints the script that completes commands in a shell.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::Outcome;
use super::arguments::Arguments;
use super::failure::Failure;

pub(super) fn run(shell: Shell) -> Result<Outcome, Vec<Failure>> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    io::stdout().write_all(&script).map_err(|error| vec![Failure::Output(error)])?;
    Ok(Outcome::Clean)
}
