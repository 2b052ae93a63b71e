//! One array of objects, for programs. Fields and their order are a promise.

use std::io::{self, Write};

use serde::Serialize;

use super::{Place, Sources, write_json};
use crate::finding::{Applicability, Confidence, Edit, Family, Finding, Fix, Label};

pub(super) fn write(findings: &[Finding], sources: &Sources, output: &mut dyn Write) -> io::Result<()> {
    let objects: Vec<Object<'_>> = findings.iter().map(|finding| Object::of(finding, sources)).collect();
    write_json(&objects, output)
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

impl<'a> Object<'a> {
    fn of(finding: &'a Finding, sources: &Sources) -> Self {
        Self {
            place: Place::of(&finding.primary, sources),
            rule: finding.rule,
            family: finding.family,
            severity: finding.severity.name(),
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
        let resolved = sources.resolved(edit);
        Self { place: Place::in_file(&edit.place, resolved.range, sources), text: resolved.text }
    }
}
