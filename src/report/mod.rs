//! Findings for a terminal or a program.
//!
//! Knows findings and the texts they point into; neither how findings are found nor where the output goes.
#![forbid(unsafe_code)]

mod concise;
mod full;
mod json;
mod sources;

pub use full::Style;
pub use sources::{Source, Sources};

use std::io::{self, Write};

use crate::finding::Finding;

/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// With an excerpt of the source, as rustc writes errors.
    Full(Style),
    /// One line a finding.
    Concise,
    /// One array of objects.
    Json,
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
    }
}

/// The word for a severity, the same in every format.
const fn severity_name(severity: crate::finding::Severity) -> &'static str {
    match severity {
        crate::finding::Severity::Error => "error",
        crate::finding::Severity::Warning => "warning",
        crate::finding::Severity::Information => "information",
    }
}
