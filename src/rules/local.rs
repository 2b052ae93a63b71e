//! Local rules: queries say which calls they look at, semantic predicates narrow them down.
//!
//! The predicates are answered first, on the bound call: so names do not matter, and defaults, arg scopes and what is unknown mean
//! the same as to every other rule. Of the few calls that are left the syntactic part of the query is asked.

use std::sync::{Arc, LazyLock};

use super::declare::Rule;
use super::findings::Findings;
use super::view::StepView;
use crate::step::{Call, Manner, Origin};
use crate::step::value::Value;
use crate::syntax::hir::NodeId;
use crate::syntax::{Predicate, PredicateArgument, PredicateForm, Queries, QuerySource, UnitId};

/// The predicates that queries may use.
///
/// | predicate | holds if |
/// |---|---|
/// | `(#resolves? @callee "a.b" …)` | the callee is one of these functions, under whatever name |
/// | `(#argument-missing? @call "name")` | nobody sets the parameter: not the call, not an arg scope |
/// | `(#argument-given? @call "name")` | the parameter is set, and not to `None` |
/// | `(#inside-method-of? @call "a.B")` | the call stands in a method of a class that derives from this one |
pub(super) const PREDICATES: [PredicateForm; 4] = [
    PredicateForm { name: "resolves?", arguments: 2..=64, names_calls: true },
    PredicateForm { name: "argument-missing?", arguments: 2..=2, names_calls: false },
    PredicateForm { name: "argument-given?", arguments: 2..=2, names_calls: false },
    PredicateForm { name: "inside-method-of?", arguments: 2..=2, names_calls: false },
];

static QUERIES: LazyLock<Arc<Queries>> = LazyLock::new(|| {
    let sources = local_rules().map(|(rule, text)| QuerySource { file: format!("queries/{}.scm", rule.name), text: text.to_owned() }).collect();
    // The queries of the rules are part of the program; a test compiles them all.
    Arc::new(Queries::new(sources, &PREDICATES).unwrap_or_default())
});

/// The queries of all local rules.
pub fn queries() -> Arc<Queries> {
    Arc::clone(&QUERIES)
}

fn local_rules() -> impl Iterator<Item = (&'static Rule, &'static str)> {
    super::all().iter().filter_map(|rule| rule.query.map(|query| (*rule, query)))
}

/// The qualified names of the functions that the query of `rule` is about.
pub(super) fn named(rule: &Rule) -> impl Iterator<Item = String> {
    let number = local_rules().position(|(known, _)| known.name == rule.name);
    let predicates = number.into_iter().flat_map(|number| QUERIES.patterns(number as u32)).flatten();
    predicates.filter(|predicate| predicate.name == "resolves?").flat_map(texts).map(str::to_owned)
}

/// The calls that the query of `rule` is about. Other calls of the same functions are noted as looked at.
pub(super) fn matches<'a>(view: &StepView<'a>, rule: &'static Rule, findings: &mut Findings<'_>) -> Vec<&'a Call> {
    let Some(query) = local_rules().position(|(known, _)| known.name == rule.name) else { return Vec::new() };
    let query = query as u32;
    let patterns: Vec<Pattern<'_>> = QUERIES.patterns(query).enumerate().map(|(number, predicates)| Pattern::new(view, query, number as u32, predicates)).collect();
    calls_of(view, &patterns, rule, findings)
}

/// The calls that one of the patterns is about. Other calls of the same functions are noted as looked at.
pub(super) fn calls_of<'a>(view: &StepView<'a>, patterns: &[Pattern<'_>], rule: &'static Rule, findings: &mut Findings<'_>) -> Vec<&'a Call> {
    let named = |call: &&Call| call.is_direct() && patterns.iter().any(|pattern| pattern.functions.contains(&call.callee));
    let calls = view.step.calls().iter().filter(named).inspect(|call| findings.ask(rule, view.callee_place(call.place), call.context));
    calls.filter(|call| call.manner == Manner::Direct && patterns.iter().any(|pattern| pattern.matches(view, call))).collect()
}

/// A pattern of a query in the code of one root.
pub(super) struct Pattern<'q> {
    /// Whether the project adds it.
    is_own: bool,
    query: u32,
    number: u32,
    predicates: &'q [Predicate],
    /// The functions that the predicates name: most calls are of others.
    functions: Vec<UnitId>,
}

impl<'q> Pattern<'q> {
    fn new(view: &StepView<'_>, query: u32, number: u32, predicates: &'q [Predicate]) -> Self {
        let names = predicates.iter().filter(|predicate| predicate.name == "resolves?").flat_map(texts);
        let functions = names.filter_map(|name| view.unit_called(view.step.root().file, name)).collect();
        Self { is_own: false, query, number, predicates, functions }
    }

    /// A pattern that the project adds.
    pub(super) fn own(view: &StepView<'_>, query: u32, number: u32, predicates: &'q [Predicate]) -> Self {
        Self { is_own: true, ..Self::new(view, query, number, predicates) }
    }

    fn matches(&self, view: &StepView<'_>, call: &Call) -> bool {
        self.predicates.iter().all(|predicate| holds(view, call, predicate)) && self.has_shape(view, call)
    }

    fn has_shape(&self, view: &StepView<'_>, call: &Call) -> bool {
        let unit = call.place.unit;
        let candidates = if self.is_own { view.world.own_candidates(unit) } else { view.world.candidates(unit) };
        candidates.iter().any(|found| (found.query, found.pattern) == (self.query, self.number) && call.place.node == NodeId::Expr(found.call))
    }
}

/// The strings among the arguments of a predicate.
pub(super) fn texts(predicate: &Predicate) -> impl Iterator<Item = &str> {
    predicate.arguments.iter().filter_map(|argument| match argument {
        PredicateArgument::Text(text) => Some(&**text),
        PredicateArgument::Capture(_) => None,
    })
}

fn holds(view: &StepView<'_>, call: &Call, predicate: &Predicate) -> bool {
    let mut texts = texts(predicate);
    match predicate.name.as_str() {
        "resolves?" => texts.any(|qualified| view.unit_called(call.place.unit.file, qualified) == Some(call.callee)),
        "argument-missing?" => texts.all(|name| call.argument(name).is_some_and(|(_, origin)| origin == Origin::Default)),
        "argument-given?" => texts.all(|name| call.argument(name).is_some_and(|(value, origin)| origin == Origin::Explicit && *value != Value::None)),
        // What the pattern says is no question.
        "set!" => true,
        "inside-method-of?" => texts.all(|class| view.is_inside_method_of(call, class)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_compiles() {
        let sources = local_rules().map(|(rule, text)| QuerySource { file: rule.name.to_owned(), text: text.to_owned() }).collect();
        let queries = Queries::new(sources, &PREDICATES).expect("queries are well formed");
        queries.check().expect("queries name what the grammar has");
        assert_eq!(queries.len(), local_rules().count());
    }
}
