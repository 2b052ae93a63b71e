//! One line a finding: `path:line:column: severity[rule] message`.

use std::io::{self, Write};

use super::Sources;
use crate::finding::Finding;

pub(super) fn write(findings: &[Finding], sources: &Sources, output: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        let severity = finding.severity.name();
        match sources.get(&finding.primary.path) {
            Some(source) => {
                let position = source.position(finding.primary.range.start);
                write!(output, "{}:{}:{}: ", source.name(), position.line, position.column)?;
            }
            None => write!(output, "{}: ", finding.primary.path.display())?,
        }
        writeln!(output, "{severity}[{}] {}", finding.rule, finding.message)?;
    }
    Ok(())
}
