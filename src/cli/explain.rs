//! `backprobe explain`: prints the page of a rule.

use std::io::{self, Write};

use super::Outcome;
use super::failure::Failure;
use crate::rules;

/// Names at least this alike are taken for misspellings.
const LIKENESS: f64 = 0.7;

pub(super) fn run(name: &str) -> Result<Outcome, Vec<Failure>> {
    let Some(rule) = rules::all().iter().find(|rule| rule.name == name) else {
        let nearest = nearest(name, rules::all().iter().map(|rule| rule.name));
        return Err(vec![Failure::UnknownRule { name: name.to_owned(), nearest }]);
    };
    writeln!(io::stdout(), "{}", rule.page.trim_end()).map_err(|error| vec![Failure::Output(error)])?;
    Ok(Outcome::Clean)
}

/// The rule that was most likely meant.
fn nearest(name: &str, rules: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // Other linters write names with underscores and capitals.
    let name = name.to_lowercase().replace(['_', ' '], "-");
    let alike = rules.map(|rule| (strsim::jaro_winkler(&name, rule), rule)).filter(|(likeness, _)| *likeness >= LIKENESS);
    alike.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelt_name_finds_its_rule_and_a_strange_one_none() {
        let rules = ["unstacked-layer", "single-unit-softmax", "missing-zero-grad"];
        let nearest = |name| nearest(name, rules.into_iter());
        assert_eq!(nearest("unstackd-layer"), Some("unstacked-layer"));
        assert_eq!(nearest("SINGLE_UNIT_SOFTMAX"), Some("single-unit-softmax"));
        assert_eq!(nearest("E501"), None);
    }
}
