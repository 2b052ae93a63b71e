//! How often each rule fired, instead of what it found where.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::write_json;
use crate::finding::Finding;

/// How statistics are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StatisticsFormat {
    /// One line a rule.
    Table,
    /// One array of objects.
    Json,
}

/// Writes how many of `findings` each rule has, the most first.
///
/// # Errors
/// Whatever `output` says.
pub fn write_statistics(findings: &[Finding], format: StatisticsFormat, output: &mut dyn Write) -> io::Result<()> {
    let counts = counts(findings);
    match format {
        StatisticsFormat::Table => write_table(&counts, output),
        StatisticsFormat::Json => write_json(&counts, output),
    }
}

#[derive(Serialize)]
struct Count {
    rule: &'static str,
    findings: usize,
    /// How many of them have a fix.
    fixable: usize,
}

fn counts(findings: &[Finding]) -> Vec<Count> {
    let mut rules = BTreeMap::new();
    for finding in findings {
        let count = rules.entry(finding.rule).or_insert(Count { rule: finding.rule, findings: 0, fixable: 0 });
        count.findings += 1;
        count.fixable += usize::from(finding.fix.is_some());
    }
    let mut counts: Vec<Count> = rules.into_values().collect();
    // The sort is stable: rules that fired as often stay sorted by name.
    counts.sort_by_key(|count| std::cmp::Reverse(count.findings));
    counts
}

fn write_table(counts: &[Count], output: &mut dyn Write) -> io::Result<()> {
    let width = counts.first().map_or(0, |most| most.findings.to_string().len());
    for Count { rule, findings, fixable } in counts {
        let mark = if *fixable > 0 { "[*]" } else { "[ ]" };
        writeln!(output, "{findings:width$}  {mark}  {rule}")?;
    }
    Ok(())
}
