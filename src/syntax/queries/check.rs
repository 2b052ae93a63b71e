//! What a query may not do, because tree-sitter would pass it by silently or take seconds for it.

use std::sync::Arc;

use super::reader::{Element, ElementKind};
use super::{Predicate, PredicateArgument, PredicateForm};
use crate::syntax::Name;

/// What is wrong with a query, and the byte where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Problem {
    pub(super) at: usize,
    pub(super) message: String,
}

/// Predicates that tree-sitter answers itself, on the text of nodes.
const ON_TEXT: [&str; 6] = ["eq?", "not-eq?", "match?", "not-match?", "any-of?", "not-any-of?"];

/// The predicates of each pattern of a query.
pub(super) fn patterns(elements: &[Element], forms: &[PredicateForm]) -> Result<Vec<Vec<Predicate>>, Problem> {
    lists(elements).map(|list| pattern(list, forms)).collect()
}

/// The elements that are patterns.
pub(super) fn lists(elements: &[Element]) -> impl Iterator<Item = &Element> {
    elements.iter().filter(|element| matches!(element.kind, ElementKind::List { .. }))
}

fn pattern(list: &Element, forms: &[PredicateForm]) -> Result<Vec<Predicate>, Problem> {
    check_root(list)?;
    check_shape(list)?;
    let mut predicates = Vec::new();
    add_predicates(list, forms, &mut predicates)?;
    let names_calls = |predicate: &Predicate| {
        forms.iter().any(|form| form.names_calls && predicate.name == form.name) && predicate.arguments.iter().any(|argument| matches!(argument, PredicateArgument::Text(_)))
    };
    if !predicates.iter().any(names_calls) {
        return Err(problem(list, "no predicate says by name which calls the pattern is about"));
    }
    Ok(predicates)
}

/// Candidates are looked for at calls only.
fn check_root(list: &Element) -> Result<(), Problem> {
    let not_a_call = |element| problem(element, "the outermost node of a pattern must be a `call`");
    if matches!(list.kind, ElementKind::List { is_choice: true, .. }) {
        return Err(not_a_call(list));
    }
    let is_group = matches!(list.items().first(), Some(Element { kind: ElementKind::List { .. }, .. }));
    let mut roots = list.items().iter().filter(|item| matches!(item.kind, ElementKind::List { .. }) && item.predicate().is_none());
    let root = if is_group { roots.next() } else { Some(list) };
    if is_group && roots.next().is_some() {
        return Err(problem(list, "a pattern is about one call, not about neighbours"));
    }
    match root.and_then(Element::node) {
        Some("call") => Ok(()),
        _ => Err(not_a_call(root.unwrap_or(list))),
    }
}

fn check_shape(list: &Element) -> Result<(), Problem> {
    let items = list.items();
    let mut keywords = items.iter().filter(|item| holds_keyword(item));
    if let (Some(_), Some(second)) = (keywords.next(), keywords.next()) {
        return Err(problem(second, "two `keyword_argument` in one list take time that grows with the square; ask for arguments with a predicate"));
    }
    for pair in items.windows(2) {
        if let [item, Element { kind: ElementKind::Quantifier, .. }] = pair
            && holds_keyword(item)
        {
            return Err(problem(item, "a repeated `keyword_argument` matches once an argument; ask for arguments with a predicate"));
        }
    }
    let captures = items.windows(4).find(|four| four.iter().all(|item| matches!(item.kind, ElementKind::Capture(_))));
    if let Some([_, _, _, fourth]) = captures {
        return Err(problem(fourth, "at most three captures on one node are kept"));
    }
    items.iter().try_for_each(check_shape)
}

/// Whether `item` is a keyword argument, or a group or choice with one.
fn holds_keyword(item: &Element) -> bool {
    match item.node() {
        Some(node) => node == "keyword_argument",
        None => item.items().iter().any(holds_keyword),
    }
}

fn add_predicates(list: &Element, forms: &[PredicateForm], predicates: &mut Vec<Predicate>) -> Result<(), Problem> {
    let Some(name) = list.predicate() else {
        return list.items().iter().try_for_each(|item| add_predicates(item, forms, predicates));
    };
    if ON_TEXT.contains(&name) {
        return Ok(());
    }
    let Some(form) = forms.iter().find(|form| form.name == name) else {
        let known: Vec<_> = forms.iter().map(|form| format!("#{}", form.name)).collect();
        return Err(problem(list, &format!("unknown predicate `#{name}`; known are {}", known.join(", "))));
    };
    let arguments = list.items()[1..].iter().map(argument).collect::<Result<Vec<_>, _>>()?;
    if !form.arguments.contains(&arguments.len()) {
        let (least, most) = (form.arguments.start(), form.arguments.end());
        let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
        return Err(problem(list, &format!("`#{name}` takes {wanted} arguments, not {}", arguments.len())));
    }
    predicates.push(Predicate { name: Name::new(name), arguments });
    Ok(())
}

fn argument(item: &Element) -> Result<PredicateArgument, Problem> {
    match &item.kind {
        ElementKind::Capture(name) => Ok(PredicateArgument::Capture(Name::new(name))),
        ElementKind::Text(text) | ElementKind::Word(text) => Ok(PredicateArgument::Text(Arc::from(text.as_str()))),
        _ => Err(problem(item, "arguments of predicates are captures and strings")),
    }
}

fn problem(element: &Element, message: &str) -> Problem {
    Problem { at: element.at, message: message.to_owned() }
}
