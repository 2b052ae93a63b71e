//! Findings for a terminal or a program.
//!
//! Knows findings and the texts they point into; neither how findings are found nor where the output goes.
#![forbid(unsafe_code)]

mod concise;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod place;
mod sarif;
mod sources;
mod statistics;

pub use full::Style;
pub use sources::{Source, Sources};
pub use statistics::{StatisticsFormat, write_statistics};

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Finding;
use place::Place;

/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// With an excerpt of the source, as rustc writes errors.
    Full(Style),
    /// One line a finding.
    Concise,
    /// One array of objects.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// A Code Quality report of GitLab.
    Gitlab,
    /// JUnit XML.
    Junit,
}

/// Writes `findings` in their order.
///
/// # Errors
/// Whatever `output` says.
pub fn write(findings: &[Finding], sources: &Sources, format: Format, output: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full(style) => full::write(findings, sources, style, output),
        Format::Concise => concise::write(findings, sources, output),
        Format::Json => json::write(findings, sources, output),
        Format::Sarif => sarif::write(findings, sources, output),
        Format::Github => github::write(findings, sources, output),
        Format::Gitlab => gitlab::write(findings, sources, output),
        Format::Junit => junit::write(findings, sources, output),
    }
}

/// Why `finding` matters and what to do, where its message stands above.
fn explanation(finding: &Finding) -> String {
    format!("why: {}\nhelp: {}", finding.why, finding.help)
}

fn write_json(value: &impl Serialize, output: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *output, value)?;
    writeln!(output)
}
