//! `backprobe rules`: lists the rules.

use std::io::{self, Write};

use serde::Serialize;

use super::Outcome;
use super::arguments::RulesFormat;
use super::failure::Failure;
use crate::finding::{Family, Severity};
use crate::rules::{self, Rule};

pub(super) fn run(format: RulesFormat) -> Result<Outcome, Vec<Failure>> {
    let written = match format {
        RulesFormat::Text => write_text(rules::all(), &mut io::stdout()),
        RulesFormat::Json => write_json(rules::all(), &mut io::stdout()),
    };
    written.map(|()| Outcome::Clean).map_err(|error| vec![Failure::Output(error)])
}

fn write_text(rules: &[&Rule], output: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in rules {
        writeln!(output, "{:width$}  {}", rule.name, rule.summary)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Object {
    name: &'static str,
    family: Family,
    summary: &'static str,
    severity: Severity,
}

fn write_json(rules: &[&Rule], output: &mut dyn Write) -> io::Result<()> {
    let object = |rule: &&Rule| Object { name: rule.name, family: rule.family, summary: rule.summary, severity: rule.severity };
    serde_json::to_writer_pretty(&mut *output, &rules.iter().map(object).collect::<Vec<_>>())?;
    writeln!(output)
}
