//! A report of GitLab's Code Quality, which merge requests show.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::{Place, Sources, write_json};
use crate::finding::{Finding, Severity};

pub(super) fn write(findings: &[Finding], sources: &Sources, output: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprints(findings, sources);
    let issues = findings.iter().zip(fingerprints).map(|(finding, fingerprint)| Issue::of(finding, fingerprint, sources));
    write_json(&issues.collect::<Vec<_>>(), output)
}

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: IssueLocation,
}

#[derive(Serialize)]
struct IssueLocation {
    path: String,
    lines: Lines,
}

/// The first line and the last.
#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Issue<'a> {
    fn of(finding: &'a Finding, fingerprint: String, sources: &Sources) -> Self {
        let place = Place::of(&finding.primary, sources);
        Self {
            description: &finding.message,
            check_name: finding.rule,
            fingerprint,
            severity: severity(finding.severity),
            location: IssueLocation { path: place.path, lines: Lines { begin: place.line, end: place.end_line } },
        }
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Information | Severity::Hint => "info",
    }
}
