//! Local rules: queries say which calls they look at, semantic predicates narrow them down.
//!
//! The syntactic part of a query ran while the unit was lowered. The predicates are answered here on the bound call, so that
//! defaults, arg scopes and what is unknown mean the same as to every other rule.

use std::sync::{Arc, LazyLock};

use super::declare::Rule;
use super::view::StepView;
use crate::step::{Call, Origin};
use crate::step::value::Value;
use crate::syntax::hir::NodeId;
use crate::syntax::{Predicate, PredicateArgument, PredicateForm, Queries, QuerySource};

/// The predicates that queries may use.
///
/// | predicate | holds if |
/// |---|---|
/// | `(#resolves? @callee "a.b" …)` | the callee is one of these functions, under whatever name it was imported |
/// | `(#argument-missing? @call "name")` | nobody sets the parameter: not the call, not an arg scope |
/// | `(#argument-given? @call "name")` | the parameter is set, and not to `None` |
/// | `(#inside-method-of? @call "a.B")` | the call stands in a method of a class that derives from this one |
const PREDICATES: [PredicateForm; 4] = [
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

/// The calls that the query of `rule` is about.
pub(super) fn matches<'a>(view: &StepView<'a>, rule: &Rule) -> Vec<&'a Call> {
    let Some(number) = local_rules().position(|(known, _)| known.name == rule.name) else { return Vec::new() };
    view.step.calls().iter().filter(|call| call.direct && is_match(view, call, number as u32)).collect()
}

fn is_match(view: &StepView<'_>, call: &Call, query: u32) -> bool {
    let NodeId::Expr(expr) = call.place.node else { return false };
    let candidates = view.world.candidates(call.place.unit);
    candidates
        .iter()
        .filter(|candidate| candidate.query == query && candidate.call == expr)
        .any(|candidate| QUERIES.predicates(query, candidate.pattern).iter().all(|predicate| holds(view, call, predicate)))
}

fn holds(view: &StepView<'_>, call: &Call, predicate: &Predicate) -> bool {
    let mut texts = predicate.arguments.iter().filter_map(|argument| match argument {
        PredicateArgument::Text(text) => Some(&**text),
        PredicateArgument::Capture(_) => None,
    });
    match predicate.name.as_str() {
        "resolves?" => texts.any(|qualified| view.unit_called(call.place.unit.file, qualified) == Some(call.callee)),
        "argument-missing?" => texts.all(|name| call.argument(name).is_some_and(|(_, origin)| origin == Origin::Default)),
        "argument-given?" => texts.all(|name| call.argument(name).is_some_and(|(value, origin)| origin == Origin::Explicit && *value != Value::None)),
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
