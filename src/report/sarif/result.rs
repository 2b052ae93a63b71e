//! Findings, with what is related to them and what mends them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::location::{ArtifactLocation, Location, Region};
use super::{Message, level};
use crate::finding::{Applicability, Edit, Finding, Fix};
use crate::report::{Sources, explanation};
use crate::rules;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultObject<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<String>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: PartialFingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<[FixObject<'a>; 1]>,
}

/// A version is part of each name, so that what is computed otherwise one day is not compared.
#[derive(Serialize)]
struct PartialFingerprints {
    #[serde(rename = "backprobe/v1")]
    backprobe: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixObject<'a> {
    description: Message<&'a str>,
    artifact_changes: Vec<ArtifactChange>,
    properties: FixProperties,
}

/// What the standard has no word for.
#[derive(Serialize)]
struct FixProperties {
    applicability: Applicability,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message<String>,
}

impl<'a> ResultObject<'a> {
    pub(super) fn of(finding: &'a Finding, fingerprint: String, sources: &Sources) -> Self {
        Self {
            rule_id: finding.rule,
            rule_index: rules::all().iter().position(|rule| rule.name == finding.rule),
            level: level(finding.severity),
            message: Message { text: format!("{}\n{}", finding.message, explanation(finding)) },
            locations: [Location::of(&finding.primary, sources)],
            related_locations: finding.labels.iter().map(|label| Location::of_label(label, sources)).collect(),
            partial_fingerprints: PartialFingerprints { backprobe: fingerprint },
            fixes: finding.fix.as_ref().map(|fix| [FixObject::of(fix, sources)]),
        }
    }
}

impl<'a> FixObject<'a> {
    fn of(fix: &'a Fix, sources: &Sources) -> Self {
        let mut files = BTreeMap::<_, Vec<Replacement>>::new();
        for edit in &fix.edits {
            let replacements = files.entry(ArtifactLocation::of(&edit.place.path, sources)).or_default();
            replacements.push(Replacement::of(edit, sources));
        }
        let change = |(artifact_location, replacements)| ArtifactChange { artifact_location, replacements };
        Self {
            description: Message { text: &fix.title },
            artifact_changes: files.into_iter().map(change).collect(),
            properties: FixProperties { applicability: fix.applicability },
        }
    }
}

impl Replacement {
    fn of(edit: &Edit, sources: &Sources) -> Self {
        let resolved = sources.resolved(edit);
        Self {
            deleted_region: Region::of_edit(edit, resolved.range, sources),
            inserted_content: Message { text: resolved.text },
        }
    }
}
