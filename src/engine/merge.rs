//! What several roots found, made one answer.
//!
//! A finding that needs a caller's facts is reported only if it holds in every known context. So a unit that callers reach
//! is judged by them alone, and all of them must agree; what was found on symbols counts only where no caller is known.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::rules::RootReport;
use crate::syntax::hir::NodeId;
use crate::syntax::{FileId, Place, UnitId};

/// The findings whose primary place lies in `file`, one for each rule and place, sorted by unit, node and rule.
///
/// `reports` are those of all known roots, smallest root first: of equal findings the first is taken.
pub(super) fn merge(file: FileId, reports: &[&RootReport]) -> Vec<Finding<Place>> {
    let visits = contextual_visits(file, reports);
    let mut tallies: HashMap<(&'static str, Place), Tally<'_>> = HashMap::new();
    for found in reports.iter().flat_map(|report| &report.findings) {
        let finding = &found.finding;
        if finding.primary.unit.file == file {
            tallies.entry((finding.rule, finding.primary)).or_default().add(finding, found.contextual);
        }
    }
    let mut kept: Vec<&Finding<Place>> = tallies
        .into_iter()
        .filter_map(|((_, place), tally)| tally.verdict(visits.get(&place.unit).copied().unwrap_or(0)))
        .collect();
    kept.sort_by_key(|finding| sort_key(finding));
    kept.into_iter().cloned().collect()
}

fn contextual_visits(file: FileId, reports: &[&RootReport]) -> HashMap<UnitId, u32> {
    let mut visits = HashMap::new();
    for &(unit, count) in reports.iter().flat_map(|report| &report.visits) {
        if unit.file == file {
            *visits.entry(unit).or_insert(0) += count;
        }
    }
    visits
}

/// How often one rule fired at one place.
#[derive(Default)]
struct Tally<'a> {
    contextual: u32,
    /// Of all that agree, the one whose test leaves least to be filled in.
    first_contextual: Option<&'a Finding<Place>>,
    first_on_symbols: Option<&'a Finding<Place>>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, finding: &'a Finding<Place>, contextual: bool) {
        if contextual {
            self.contextual += 1;
            let is_better = self.first_contextual.is_none_or(|known| gaps(finding) < gaps(known));
            if is_better {
                self.first_contextual = Some(finding);
            }
        } else {
            self.first_on_symbols.get_or_insert(finding);
        }
    }

    fn verdict(self, visits: u32) -> Option<&'a Finding<Place>> {
        if visits == 0 {
            return self.first_on_symbols;
        }
        // More firings than visits would be a rule that fires twice in one evaluation: it holds there all the same.
        self.first_contextual.filter(|_| self.contextual >= visits)
    }
}

/// How much the test of a finding leaves to be filled in.
fn gaps(finding: &Finding<Place>) -> usize {
    finding.plan.as_ref().map_or(usize::MAX, |plan| plan.gaps())
}

fn sort_key(finding: &Finding<Place>) -> (&'static str, u32, NodeId, &'static str) {
    let Place { unit, node } = finding.primary;
    (unit.name.as_str(), unit.ordinal, node, finding.rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Confidence, Family, Severity};
    use crate::rules::RootFinding;
    use crate::syntax::Name;
    use crate::syntax::hir::ExprId;

    const FILE: FileId = FileId(7);

    fn unit(name: &str) -> UnitId {
        UnitId { file: FILE, name: Name::new(name), ordinal: 0 }
    }

    fn found(rule: &'static str, name: &str, node: u32, message: &str, contextual: bool) -> RootFinding {
        let primary = Place { unit: unit(name), node: NodeId::Expr(ExprId(node)) };
        let finding = Finding {
            rule,
            family: Family::Modes,
            severity: Severity::Warning,
            confidence: Confidence::High,
            primary,
            message: message.to_owned(),
            why: String::new(),
            help: String::new(),
            labels: Vec::new(),
            fix: None,
            plan: None,
        };
        RootFinding { finding, contextual }
    }

    fn messages(reports: &[RootReport]) -> Vec<String> {
        let reports: Vec<&RootReport> = reports.iter().collect();
        merge(FILE, &reports).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn symbols_decide_where_no_caller_is_known() {
        let alone = RootReport { findings: vec![found("r", "f", 1, "a", false)], visits: vec![] };
        assert_eq!(messages(&[alone]), ["a"]);
    }

    #[test]
    fn every_known_context_must_agree() {
        let own = || RootReport { findings: vec![found("r", "f", 1, "own", false)], visits: vec![] };
        let fires = || RootReport { findings: vec![found("r", "f", 1, "caller", true)], visits: vec![(unit("f"), 1)] };
        let silent = || RootReport { findings: vec![], visits: vec![(unit("f"), 1)] };
        assert_eq!(messages(&[own(), fires()]), ["caller"]);
        assert_eq!(messages(&[own(), fires(), fires()]), ["caller"]);
        assert!(messages(&[own(), fires(), silent()]).is_empty());
        assert!(messages(&[own(), silent()]).is_empty());
    }

    #[test]
    fn one_root_may_pass_a_unit_several_times() {
        let twice = |firings: usize| RootReport {
            findings: vec![found("r", "f", 1, "x", true); firings],
            visits: vec![(unit("f"), 2)],
        };
        assert!(messages(&[twice(1)]).is_empty());
        assert_eq!(messages(&[twice(2)]), ["x"]);
    }

    #[test]
    fn units_places_and_rules_are_judged_apart() {
        let report = RootReport {
            findings: vec![
                found("r", "g", 2, "g2", false),
                found("s", "f", 1, "s", true),
                found("r", "f", 1, "r", true),
                found("r", "g", 1, "g1", false),
            ],
            visits: vec![(unit("f"), 1)],
        };
        assert_eq!(messages(&[report]), ["r", "s", "g1", "g2"]);
    }

    #[test]
    fn findings_of_other_files_are_left_to_them() {
        let mut elsewhere = found("r", "f", 1, "a", false);
        elsewhere.finding.primary.unit.file = FileId(8);
        assert!(messages(&[RootReport { findings: vec![elsewhere], visits: vec![] }]).is_empty());
    }
}
