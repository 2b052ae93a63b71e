//! `backprobe explain`: prints the page of a rule.

use std::io::{self, Write};

use super::Outcome;
use super::failure::Failure;
use crate::rules;

pub(super) fn run(name: &str) -> Result<Outcome, Vec<Failure>> {
    let Some(rule) = rules::find(name) else {
        let nearest = rules::nearest(name, rules::all().iter().map(|rule| rule.name));
        return Err(vec![Failure::UnknownRule { name: name.to_owned(), nearest }]);
    };
    writeln!(io::stdout(), "{}", rule.page.trim_end()).map_err(|error| vec![Failure::Output(error)])?;
    Ok(Outcome::Clean)
}
