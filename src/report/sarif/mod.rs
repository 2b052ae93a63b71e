//! SARIF 2.1.0, the interchange format of static analysis: one run with its rules and results.
//!
//! The names of types and fields are those of the standard, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

mod location;
mod result;
mod tool;

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::{Sources, write_json};
use crate::finding::{Finding, Severity};
use location::BaseIds;
use result::ResultObject;
use tool::Tool;

pub(super) fn write(findings: &[Finding], sources: &Sources, output: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprints(findings, sources);
    let results = findings.iter().zip(fingerprints).map(|(finding, fingerprint)| ResultObject::of(finding, fingerprint, sources));
    let run = Run {
        tool: Tool::backprobe(),
        original_uri_base_ids: BaseIds::of(sources),
        column_kind: "unicodeCodePoints",
        newline_sequences: ["\r\n", "\n", "\r"],
        results: results.collect(),
    };
    write_json(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, output)
}

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    original_uri_base_ids: BaseIds,
    column_kind: &'static str,
    newline_sequences: [&'static str; 3],
    results: Vec<ResultObject<'a>>,
}

/// Text for people.
#[derive(Serialize)]
struct Message<T> {
    text: T,
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}
