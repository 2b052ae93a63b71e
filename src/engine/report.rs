//! From places to the present text: the last step before findings are shown.

use std::path::PathBuf;
use std::sync::Arc;

use super::database::{AnyFile, Db, SourceFile, file_of};
use super::folders::{folder_of, project_root};
use super::reach::{could_fire, units_of};
use super::roots::merged;
use super::settings;
use super::source::source;
use super::units::{errors_of, has_words, layout, outline, spans_of};
use super::{Report, Unanalysed};
use crate::finding::{Edit, Finding, Fix, Label, Location};
use crate::rules::Commented;
use crate::syntax::{ClassItem, FunctionItem, ItemKind, Name, Place};
use crate::text::TextRange;

/// What is shown of `file`.
#[salsa::tracked(returns(ref))]
pub(super) fn report(db: &dyn Db, file: SourceFile) -> Report {
    if settings::of_file(db, file).excludes(file.path(db)) {
        return Report::default();
    }
    if let Some(problem) = &source(db, file).problem {
        return Report { findings: Vec::new(), unanalysed: vec![Unanalysed { range: None, reason: problem.clone() }] };
    }
    let mut commented = Commented::of(source(db, file).text.as_deref().unwrap_or_default());
    if !has_words(db, file) && commented.is_empty() {
        return Report::default();
    }
    let merged = merged(db, file);
    let mut shown: Vec<Finding> = merged.findings.iter().filter_map(|finding| located(db, finding)).collect();
    if !commented.is_empty() {
        shown.retain(|finding| !commented.silence(finding.rule, finding.primary.range.start));
        let path: &Arc<PathBuf> = file.path(db);
        let own = settings::own_rules(db, project_root(db, folder_of(db, file)));
        // What was not analysed may hold what a comment silences.
        let is_whole = broken(db, file, true).is_empty();
        let of_comments = commented.findings(&|rule| is_whole && !merged.unanswered.contains(&rule), &own.names);
        shown.extend(of_comments.into_iter().map(|finding| finding.map_places(&mut |range| Location { path: Arc::clone(path), range })));
    }
    settings::of_file(db, file).select(file.path(db), &mut shown);
    shown.sort_by(|left, right| (&left.primary.range, left.rule).cmp(&(&right.primary.range, right.rule)));
    Report { findings: shown, unanalysed: broken(db, file, file.overlay(db).is_some()) }
}

/// The finding with its places in the present texts; `None` if its primary place is in none.
fn located(db: &dyn Db, finding: &Finding<Place>) -> Option<Finding> {
    let labels = finding.labels.iter().filter_map(|label| {
        // A label in a stub has no text to be shown in.
        Some(Label { place: location(db, label.place)?, message: label.message.clone() })
    });
    Some(Finding {
        rule: finding.rule,
        family: finding.family,
        severity: finding.severity,
        confidence: finding.confidence,
        primary: location(db, finding.primary)?,
        message: finding.message.clone(),
        why: finding.why.clone(),
        help: finding.help.clone(),
        labels: labels.collect(),
        fix: finding.fix.as_ref().and_then(|fix| located_fix(db, fix)),
        plan: finding.plan.clone(),
    })
}

/// A fix is whole or none.
fn located_fix(db: &dyn Db, fix: &Fix<Place>) -> Option<Fix> {
    let edit = |edit: &Edit<Place>| {
        Some(Edit { place: location(db, edit.place)?, anchor: edit.anchor, text: edit.text.clone() })
    };
    let edits = fix.edits.iter().map(edit).collect::<Option<Vec<Edit>>>()?;
    Some(Fix { title: fix.title.clone(), applicability: fix.applicability, edits })
}

/// Where `place` stands now; `None` in stubs.
pub(super) fn location(db: &dyn Db, place: Place) -> Option<Location> {
    let AnyFile::Source(file) = file_of(place.unit.file) else { return None };
    let unit = layout(db, file).unit(place.unit.name, place.unit.ordinal)?;
    let spans = spans_of(db, file, place.unit.name, place.unit.ordinal)?;
    let range = unit.resolve(spans.of(place.node))?;
    let path: &Arc<PathBuf> = file.path(db);
    Some(Location { path: Arc::clone(path), range })
}

/// The segments in which the parser met an error, in source order: of the units that are analysed, or of `all` that matter.
fn broken(db: &dyn Db, file: SourceFile, all: bool) -> Vec<Unanalysed> {
    let layout = layout(db, file);
    let segments = |(name, ordinal): (Name, u32)| {
        let unit = layout.unit(name, ordinal)?;
        let errors = errors_of(db, file, name, ordinal).iter();
        Some(errors.filter_map(|error| unit.segments.get(error.segment as usize).copied()))
    };
    let mut ranges: Vec<TextRange> = units_to_parse(db, file, all).into_iter().filter_map(segments).flatten().collect();
    ranges.sort();
    ranges.dedup();
    ranges.into_iter().map(|range| Unanalysed { range: Some(range), reason: "syntax error".to_owned() }).collect()
}

/// The units that are analysed: those of the roots in which a rule could fire, or `all` that matter. In an editor these are, since
/// findings of half-typed code are kept.
fn units_to_parse(db: &dyn Db, file: SourceFile, all: bool) -> Vec<(Name, u32)> {
    let outline = outline(db, file);
    let is_analysed = |name: Name, ordinal: u32, matters: bool| matters && (all || could_fire(db, file, name, ordinal) != 0);
    let mut units = Vec::new();
    let module = Name::new("");
    if is_analysed(module, 0, outline.module_matters) {
        units.push((module, 0));
    }
    for item in &outline.items {
        if let ItemKind::Function(FunctionItem { ordinal, matters, .. }) | ItemKind::Class(ClassItem { ordinal, matters, .. }) = item.kind
            && is_analysed(item.name, ordinal, matters)
        {
            units.extend(units_of(outline, item.name, ordinal));
        }
    }
    units
}
