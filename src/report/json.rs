//! One array of objects, for programs. Fields and their order are a promise.

use std::io::{self, Write};

use serde::Serialize;

use super::{Sources, severity_name};
use crate::finding::{Applicability, Confidence, Edit, Family, Finding, Fix, Label, Location};
use crate::text::{LineColumn, TextRange};

pub(super) fn write(findings: &[Finding], sources: &Sources, output: &mut dyn Write) -> io::Result<()> {
    let objects: Vec<Object<'_>> = findings.iter().map(|finding| Object::of(finding, sources)).collect();
    serde_json::to_writer_pretty(&mut *output, &objects)?;
    writeln!(output)
}

/// Lines and columns count from 1, columns in characters; an end is one past the last character.
#[derive(Serialize)]
struct Place {
    path: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Object<'a> {
    #[serde(flatten)]
    place: Place,
    rule: &'a str,
    family: Family,
    severity: &'static str,
    confidence: Confidence,
    message: &'a str,
    why: &'a str,
    help: &'a str,
    labels: Vec<LabelObject<'a>>,
    fix: Option<FixObject<'a>>,
}

#[derive(Serialize)]
struct LabelObject<'a> {
    #[serde(flatten)]
    place: Place,
    message: &'a str,
}

#[derive(Serialize)]
struct FixObject<'a> {
    title: &'a str,
    applicability: Applicability,
    edits: Vec<EditObject>,
}

#[derive(Serialize)]
struct EditObject {
    #[serde(flatten)]
    place: Place,
    text: String,
}

impl Place {
    fn of(location: &Location, sources: &Sources) -> Self {
        Self::in_file(location, location.range, sources)
    }

    fn in_file(location: &Location, range: TextRange, sources: &Sources) -> Self {
        let Some(source) = sources.get(&location.path) else {
            let start = LineColumn { line: 1, column: 1 };
            return Self::between(location.path.display().to_string(), start, start);
        };
        Self::between(source.name().to_owned(), source.position(range.start), source.position(range.end))
    }

    fn between(path: String, start: LineColumn, end: LineColumn) -> Self {
        Self { path, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}

impl<'a> Object<'a> {
    fn of(finding: &'a Finding, sources: &Sources) -> Self {
        Self {
            place: Place::of(&finding.primary, sources),
            rule: finding.rule,
            family: finding.family,
            severity: severity_name(finding.severity),
            confidence: finding.confidence,
            message: &finding.message,
            why: &finding.why,
            help: &finding.help,
            labels: finding.labels.iter().map(|label| LabelObject::of(label, sources)).collect(),
            fix: finding.fix.as_ref().map(|fix| FixObject::of(fix, sources)),
        }
    }
}

impl<'a> LabelObject<'a> {
    fn of(label: &'a Label, sources: &Sources) -> Self {
        Self { place: Place::of(&label.place, sources), message: &label.message }
    }
}

impl<'a> FixObject<'a> {
    fn of(fix: &'a Fix, sources: &Sources) -> Self {
        Self {
            title: &fix.title,
            applicability: fix.applicability,
            edits: fix.edits.iter().map(|edit| EditObject::of(edit, sources)).collect(),
        }
    }
}

impl EditObject {
    fn of(edit: &Edit, sources: &Sources) -> Self {
        let text = sources.get(&edit.place.path).map_or("", |source| source.text());
        let resolved = edit.resolved(text);
        Self { place: Place::in_file(&edit.place, resolved.range, sources), text: resolved.text }
    }
}
