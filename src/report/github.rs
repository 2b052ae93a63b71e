//! Workflow commands of GitHub Actions, which shows each as an annotation of the code.

use std::io::{self, Write};

use super::{Place, Sources, explanation};
use crate::finding::{Finding, Severity};

pub(super) fn write(findings: &[Finding], sources: &Sources, output: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        let place = Place::of(&finding.primary, sources);
        writeln!(
            output,
            "::{} file={},line={},col={},endLine={},endColumn={},title={}::{}",
            command(finding.severity),
            property(&place.path),
            place.line,
            place.column,
            place.end_line,
            place.end_column,
            property(&format!("backprobe ({})", finding.rule)),
            data(&format!("{}\n{}", finding.message, explanation(finding))),
        )?;
    }
    Ok(())
}

const fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "notice",
    }
}

/// `text` as what a command says.
fn data(text: &str) -> String {
    // The percent sign first: the escapes hold it.
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// `text` as the value of a property, which ends at a colon or a comma.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
