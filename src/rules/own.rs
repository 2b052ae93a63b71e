//! Local rules that a project adds: queries that say themselves what is wrong.
//!
//! Each file of queries is a rule and has its name. A pattern says with `#set!` what its findings say: `message`, and if there is more to
//! say `why`, `help` and `severity`. In these texts `{callee}` is what is called, as it is written.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::declare::Rule;
use super::findings::Findings;
use super::local::{PREDICATES, Pattern, calls_of, texts};
use super::need::RuleSet;
use super::view::StepView;
use super::{find, nearest};
use crate::finding::{Family, Severity};
use crate::syntax::{Predicate, PredicateForm, Queries, QueryError, QuerySource};

/// Stands for all rules that a project adds.
pub const OWN_RULES: RuleSet = 1 << (RuleSet::BITS - 1);

/// What a pattern may say.
const SAID: [&str; 4] = ["message", "why", "help", "severity"];
const SET: PredicateForm = PredicateForm { name: "set!", arguments: 2..=2, names_calls: false };

/// The queries of the files that are well formed, and what is wrong with the others.
pub fn own_queries(sources: Vec<QuerySource>) -> (Queries, Vec<QueryError>) {
    let mut errors = Vec::new();
    let mut good = Vec::new();
    for source in sources {
        match checked(source.clone()) {
            Ok(()) => good.push(source),
            Err(error) => errors.push(error),
        }
    }
    (Queries::new(good, &forms()).unwrap_or_default(), errors)
}

fn forms() -> Vec<PredicateForm> {
    PREDICATES.iter().cloned().chain([SET]).collect()
}

fn checked(source: QuerySource) -> Result<(), QueryError> {
    let name = own_name(&source.file);
    let queries = Queries::new(vec![source], &forms())?;
    queries.check()?;
    if find(&name).is_some() {
        return Err(queries.error(0, 0, format!("there is a rule `{name}` already; name the file otherwise")));
    }
    for (number, predicates) in queries.patterns(0).enumerate() {
        let wrong = |message: String| Err(queries.error(0, number as u32, message));
        if said(predicates, "message").is_none() {
            return wrong("nothing says what is wrong; add `(#set! message \"…\")` to the pattern".to_owned());
        }
        for key in predicates.iter().filter(|predicate| predicate.name == SET.name).filter_map(|predicate| texts(predicate).next()) {
            if !SAID.contains(&key) {
                let meant = nearest(key, SAID).map_or_else(|| format!("known are `{}`", SAID.join("`, `")), |meant| format!("did you mean `{meant}`?"));
                return wrong(format!("`#set!` knows no `{key}`; {meant}"));
            }
        }
        if let Some(word) = said(predicates, "severity").filter(|word| Severity::named(word).is_none()) {
            return wrong(format!("unknown severity `{word}`; use `{}`", Severity::ALL.map(Severity::name).join("`, `")));
        }
    }
    Ok(())
}

/// What a pattern says under `key`.
fn said<'a>(predicates: &'a [Predicate], key: &str) -> Option<&'a str> {
    predicates.iter().filter(|predicate| predicate.name == SET.name).find_map(|predicate| {
        let mut texts = texts(predicate);
        if texts.next() == Some(key) { texts.next() } else { None }
    })
}

/// The name of the rule whose query is in `file`.
fn own_name(file: &str) -> String {
    Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The names of the rules of these queries.
pub fn own_names(queries: &Queries) -> Vec<String> {
    queries.files().map(own_name).collect()
}

/// The words of which a text holds one if these queries may find something in it.
pub fn own_words(queries: &Queries) -> Vec<String> {
    let predicates = (0..queries.len() as u32).flat_map(|query| queries.patterns(query)).flatten();
    let names = predicates.filter(|predicate| predicate.name == "resolves?").flat_map(texts);
    // Methods such as `__call__` are called without their name.
    names.filter_map(|name| name.rsplit('.').find(|word| !word.starts_with("__")).map(str::to_owned)).collect()
}

/// Puts the questions of the project's own rules.
pub(super) fn check(view: &StepView<'_>, findings: &mut Findings<'_>) {
    let queries = view.world.own_queries(view.step.root().file);
    for (query, name) in own_names(&queries).iter().enumerate() {
        let query = query as u32;
        for (number, predicates) in queries.patterns(query).enumerate() {
            let rule = declared(name, said(predicates, "severity").and_then(Severity::named).unwrap_or(Severity::Warning));
            let pattern = Pattern::own(view, query, number as u32, predicates);
            for call in calls_of(view, &[pattern], rule, findings) {
                let callee = view.callee_text(call.place);
                let text = |key: &str| said(predicates, key).unwrap_or_default().replace("{callee}", &callee);
                findings.report(rule, view.callee_place(call.place), call.context).what(text("message")).why(text("why")).help(text("help"));
            }
        }
    }
}

/// The rule of this name. Rules live as long as the process; a project has a few.
fn declared(name: &str, severity: Severity) -> &'static Rule {
    static DECLARED: LazyLock<Mutex<HashMap<(String, Severity), &'static Rule>>> = LazyLock::new(Mutex::default);
    let mut declared = DECLARED.lock().unwrap_or_else(PoisonError::into_inner);
    declared.entry((name.to_owned(), severity)).or_insert_with(|| {
        let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
        Box::leak(Box::new(Rule { name, family: Family::Project, summary: "", severity, page: "", check: None, needs: Default::default, query: None }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(file: &str, text: &str) -> String {
        let (_, errors) = own_queries(vec![QuerySource { file: file.to_owned(), text: text.to_owned() }]);
        errors.first().map(ToString::to_string).unwrap_or_default()
    }

    #[test]
    fn a_query_says_what_is_wrong_or_is_wrong_itself() {
        let query = |said: &str| format!("\n((call function: (_) @callee) @finding\n  (#resolves? @callee \"torch.load\") {said})\n");
        assert_eq!(error("lint/no-load.scm", &query("(#set! message \"no\") (#set! severity \"error\")")), "");
        assert_eq!(error("no-load.scm", &query("")), "no-load.scm:2:1: nothing says what is wrong; add `(#set! message \"…\")` to the pattern");
        assert_eq!(error("a.scm", &query("(#set! message \"no\") (#set! hlp \"x\")")), "a.scm:2:1: `#set!` knows no `hlp`; did you mean `help`?");
        assert_eq!(error("a.scm", &query("(#set! message \"no\") (#set! severity \"bad\")")), "a.scm:2:1: unknown severity `bad`; use `error`, `warning`, `information`, `hint`");
        assert_eq!(error("unstacked-layer.scm", &query("(#set! message \"no\")")), "unstacked-layer.scm:2:1: there is a rule `unstacked-layer` already; name the file otherwise");
        assert!(error("a.scm", "((cal) @x (#resolves? @x \"a\"))").starts_with("a.scm:1:"));
    }
}
