//! What several roots found, made one answer.
//!
//! A finding that needs a caller's facts is reported only if it holds in every known context. So a unit that callers reach
//! is judged by them alone, and all of them must agree; what was found on symbols counts only where no caller is known. That
//! holds along the chain: calls that begin in a unit which is itself reached by callers were made on symbols too, and count only
//! where there are no others. A root whose budget was spent before a rule could be answered neither agrees nor objects, and one in which
//! its question does not arise counts as no caller, and neither does a constructor that calls its own model only to build it. Of a rule about
//! calls, contexts in which something else is called have no say.

use std::collections::{HashMap, HashSet};

use crate::finding::Finding;
use crate::rules::{RootFinding, RootReport};
use crate::syntax::hir::NodeId;
use crate::syntax::{FileId, Place, UnitId};

/// The findings whose primary place lies in `file`, one for each rule and place, sorted by unit, node and rule.
///
/// `reports` are those of all known roots, smallest root first: of equal findings the first is taken.
pub(super) fn merge(file: FileId, reports: &[&RootReport]) -> Vec<Finding<Place>> {
    let contexts = Contexts::of(file, reports);
    let mut tallies: HashMap<(&'static str, Place), Tally<'_>> = HashMap::new();
    for found in reports.iter().flat_map(|report| &report.findings) {
        let finding = &found.finding;
        if finding.primary.unit.file == file && contexts.count(found) {
            tallies.entry((finding.rule, finding.primary)).or_default().add(finding, found.contextual);
        }
    }
    let mut kept: Vec<&Finding<Place>> = tallies.into_iter().filter_map(|((rule, place), tally)| tally.verdict(contexts.visits(place, rule))).collect();
    kept.sort_by_key(|finding| sort_key(finding));
    kept.into_iter().cloned().collect()
}

/// The contexts by which the units of a file are judged.
struct Contexts {
    /// Units that callers reach.
    called: HashSet<UnitId>,
    /// Units that are reached from units which nobody calls.
    settled: HashSet<UnitId>,
    /// How often each unit was evaluated in contexts that count.
    visits: HashMap<UnitId, u32>,
    /// How often without an answer to a rule.
    unanswered: HashMap<(UnitId, &'static str), u32>,
    /// How often where the question of a rule does not arise.
    idle: HashMap<(UnitId, &'static str), u32>,
    /// How often a rule about calls looked at the one at a place.
    asked: HashMap<(Place, &'static str), u32>,
}

/// How often callers reach a unit.
#[derive(Clone, Copy)]
struct Reached {
    /// In all.
    times: u32,
    /// With an answer to the rule in question.
    answered: u32,
}

impl Contexts {
    fn of(file: FileId, reports: &[&RootReport]) -> Self {
        let all = || reports.iter().flat_map(|report| &report.visits);
        let called: HashSet<UnitId> = all().filter(|visits| visits.start != visits.unit).map(|visits| visits.unit).collect();
        let settled = all().filter(|visits| visits.unit.file == file && !called.contains(&visits.start)).map(|visits| visits.unit).collect();
        let mut contexts = Self { called, settled, visits: HashMap::new(), unanswered: HashMap::new(), idle: HashMap::new(), asked: HashMap::new() };
        for (report, visits) in reports.iter().flat_map(|report| report.visits.iter().map(move |visits| (report, visits))) {
            if visits.unit.file == file && contexts.counts_from(visits.unit, visits.start) {
                *contexts.visits.entry(visits.unit).or_insert(0) += visits.count;
                for (rules, counted) in [(&report.unanswered, &mut contexts.unanswered), (&report.idle, &mut contexts.idle)] {
                    for &rule in rules {
                        *counted.entry((visits.unit, rule)).or_insert(0) += visits.count;
                    }
                }
            }
        }
        for asked in reports.iter().flat_map(|report| &report.asked) {
            if asked.primary.unit.file == file && contexts.counts_from(asked.primary.unit, asked.start) {
                *contexts.asked.entry((asked.primary, asked.rule)).or_insert(0) += 1;
            }
        }
        contexts
    }

    fn visits(&self, place: Place, rule: &'static str) -> Reached {
        let unit = place.unit;
        let count = |counted: &HashMap<(UnitId, &'static str), u32>| counted.get(&(unit, rule)).copied().unwrap_or(0);
        let times = self.visits.get(&unit).copied().unwrap_or(0) - count(&self.idle);
        let answered = times.saturating_sub(count(&self.unanswered));
        Reached { times, answered: self.asked.get(&(place, rule)).map_or(answered, |&asked| asked.min(answered)) }
    }

    /// Whether what calls that begin in `start` say of `unit` counts.
    fn counts_from(&self, unit: UnitId, start: UnitId) -> bool {
        !self.called.contains(&start) || !self.settled.contains(&unit)
    }

    fn count(&self, found: &RootFinding) -> bool {
        !found.contextual || self.counts_from(found.finding.primary.unit, found.start)
    }
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

    fn verdict(self, reached: Reached) -> Option<&'a Finding<Place>> {
        if reached.times == 0 {
            // What a function inside another one does, that other one does.
            return self.first_on_symbols.or(self.first_contextual);
        }
        // More firings than visits would be a rule that fires twice in one evaluation: it holds there all the same.
        self.first_contextual.filter(|_| self.contextual >= reached.answered)
    }
}

/// How much the test of a finding leaves to be filled in, and how many sizes it chooses.
fn gaps(finding: &Finding<Place>) -> (usize, usize) {
    finding.plan.as_ref().map_or((usize::MAX, 0), |plan| (plan.gaps(), plan.chosen()))
}

fn sort_key(finding: &Finding<Place>) -> (&'static str, u32, NodeId, &'static str) {
    let Place { unit, node } = finding.primary;
    (unit.name.as_str(), unit.ordinal, node, finding.rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Confidence, Family, Severity};
    use crate::rules::Asked;
    use crate::step::Visits;
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
        RootFinding { finding, contextual, start: unit("start") }
    }

    fn visits(name: &str, start: &str, count: u32) -> Visits {
        Visits { unit: unit(name), start: unit(start), count }
    }

    fn messages(reports: &[RootReport]) -> Vec<String> {
        let reports: Vec<&RootReport> = reports.iter().collect();
        merge(FILE, &reports).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn symbols_decide_where_no_caller_is_known() {
        let alone = RootReport { findings: vec![found("r", "f", 1, "a", false)], visits: vec![], ..RootReport::default() };
        assert_eq!(messages(&[alone]), ["a"]);
    }

    #[test]
    fn what_runs_inside_a_function_that_nobody_calls_is_its_own() {
        let inside = || RootReport { findings: vec![found("r", "f", 1, "inside", true)], ..RootReport::default() };
        let silent = RootReport { visits: vec![visits("f", "start", 1)], ..RootReport::default() };
        assert_eq!(messages(&[inside()]), ["inside"]);
        assert!(messages(&[inside(), silent, RootReport { visits: vec![visits("f", "other", 1)], ..RootReport::default() }]).is_empty());
    }

    #[test]
    fn every_known_context_must_agree() {
        let own = || RootReport { findings: vec![found("r", "f", 1, "own", false)], visits: vec![], ..RootReport::default() };
        let fires = || RootReport { findings: vec![found("r", "f", 1, "caller", true)], visits: vec![visits("f", "start", 1)], ..RootReport::default() };
        let silent = || RootReport { findings: vec![], visits: vec![visits("f", "start", 1)], ..RootReport::default() };
        assert_eq!(messages(&[own(), fires()]), ["caller"]);
        assert_eq!(messages(&[own(), fires(), fires()]), ["caller"]);
        assert!(messages(&[own(), fires(), silent()]).is_empty());
        assert!(messages(&[own(), silent()]).is_empty());
    }

    #[test]
    fn what_could_not_be_answered_neither_agrees_nor_objects() {
        let fires = || RootReport { findings: vec![found("r", "f", 1, "caller", true)], visits: vec![visits("f", "start", 1)], ..RootReport::default() };
        let spent = || RootReport { findings: vec![], visits: vec![visits("f", "start", 1)], unanswered: vec!["r"], ..RootReport::default() };
        let own = RootReport { findings: vec![found("r", "f", 1, "own", false)], visits: vec![], ..RootReport::default() };
        assert_eq!(messages(&[fires(), spent()]), ["caller"]);
        assert!(messages(&[own, spent()]).is_empty());
        let of_another_rule = RootReport { unanswered: vec!["s"], ..spent() };
        assert!(messages(&[fires(), of_another_rule]).is_empty());
    }

    #[test]
    fn a_root_in_which_the_question_does_not_arise_says_nothing() {
        let own = || RootReport { findings: vec![found("r", "f", 1, "own", false)], ..RootReport::default() };
        let idle = || RootReport { visits: vec![visits("f", "start", 1)], idle: vec!["r"], ..RootReport::default() };
        let silent = RootReport { visits: vec![visits("f", "start", 1)], ..RootReport::default() };
        assert_eq!(messages(&[own(), idle()]), ["own"]);
        assert!(messages(&[own(), idle(), silent]).is_empty());
    }

    #[test]
    fn who_calls_something_else_has_no_say_about_a_call() {
        let asked = || Asked { rule: "r", primary: found("r", "f", 1, "", true).finding.primary, start: unit("start") };
        let fires = || RootReport { findings: vec![found("r", "f", 1, "caller", true)], visits: vec![visits("f", "start", 1)], asked: vec![asked()], ..RootReport::default() };
        let calls_something_else = || RootReport { visits: vec![visits("f", "start", 1)], ..RootReport::default() };
        let silent = RootReport { asked: vec![asked()], ..calls_something_else() };
        assert_eq!(messages(&[fires(), calls_something_else()]), ["caller"]);
        assert!(messages(&[fires(), silent]).is_empty());
    }

    #[test]
    fn one_root_may_pass_a_unit_several_times() {
        let twice = |firings: usize| RootReport {
            findings: vec![found("r", "f", 1, "x", true); firings],
            visits: vec![visits("f", "start", 2)],
            ..RootReport::default()
        };
        assert!(messages(&[twice(1)]).is_empty());
        assert_eq!(messages(&[twice(2)]), ["x"]);
    }

    #[test]
    fn contexts_that_begin_in_a_called_unit_do_not_count() {
        let from_start = || RootReport { findings: vec![found("r", "f", 1, "start", true)], visits: vec![visits("f", "start", 1), visits("middle", "start", 1)], ..RootReport::default() };
        let from_middle = || RootReport { findings: vec![], visits: vec![visits("f", "middle", 1)], ..RootReport::default() };
        assert_eq!(messages(&[from_middle(), from_start()]), ["start"]);
        let reaches_only_middle = RootReport { findings: vec![], visits: vec![visits("middle", "other", 1)], ..RootReport::default() };
        assert!(messages(&[from_middle(), reaches_only_middle]).is_empty());
    }

    #[test]
    fn units_that_call_each_other_all_count() {
        let first = || RootReport { findings: vec![found("r", "f", 1, "x", true)], visits: vec![visits("f", "start", 1), visits("second", "start", 1)], ..RootReport::default() };
        let second = RootReport { findings: vec![], visits: vec![visits("f", "second", 1), visits("start", "second", 1)], ..RootReport::default() };
        assert!(messages(&[first(), second]).is_empty());
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
            visits: vec![visits("f", "start", 1)],
            ..RootReport::default()
        };
        assert_eq!(messages(&[report]), ["r", "s", "g1", "g2"]);
    }

    #[test]
    fn findings_of_other_files_are_left_to_them() {
        let mut elsewhere = found("r", "f", 1, "a", false);
        elsewhere.finding.primary.unit.file = FileId(8);
        assert!(messages(&[RootReport { findings: vec![elsewhere], visits: vec![], ..RootReport::default() }]).is_empty());
    }
}
