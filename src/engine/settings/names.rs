//! The words that settings may hold: names of rules, of families, of severities.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::Settings;
use crate::finding::{Family, Severity};
use crate::rules::{self, nearest};

/// The selector of every rule.
const ALL: &str = "all";

/// The name of a rule or of a family, or `all`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Selector(pub String);

impl Selector {
    /// Whether it stands for `rule` of `family`.
    pub(super) fn includes(&self, rule: &str, family: Family) -> bool {
        self.0 == ALL || self.0 == rule || self.0 == family.name()
    }
}

impl JsonSchema for Selector {
    fn schema_name() -> Cow<'static, str> {
        "Selector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let known = serde_json::json!({ "enum": selectors() });
        // A project may add rules.
        json_schema!({ "description": "The name of a rule or of a family, or `all`.", "type": "string", "anyOf": [known, {}] })
    }
}

/// A severity, as settings name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Level(pub Severity);

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Severity::named(&word).map(Self).ok_or_else(|| {
            let names = Severity::ALL.map(Severity::name);
            D::Error::custom(unknown("severity", &word, names, &format!("use `{}`", names.join("`, `"))))
        })
    }
}

/// A word of settings that names nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct UnknownName {
    /// The setting that holds it.
    pub(super) key: &'static str,
    /// The word.
    pub(super) word: String,
    /// What is wrong, and what was probably meant.
    pub(super) message: String,
}

impl Settings {
    /// The words that name no rule and no family. `own` are the names of the project's own rules.
    pub(super) fn unknown_names(&self, own: &[String]) -> Vec<UnknownName> {
        let own = || own.iter().map(String::as_str);
        let selectors: Vec<&str> = selectors().into_iter().chain(own()).collect();
        let rules: Vec<&str> = rules::all().iter().map(|rule| rule.name).chain(own()).collect();
        let lists = [("select", &self.select), ("ignore", &self.ignore)].into_iter().flat_map(|(key, list)| list.iter().map(move |list| (key, list)));
        let per_file = self.per_file_ignores.iter().flat_map(|table| table.values().map(|list| ("per-file-ignores", list)));
        let selected = lists.chain(per_file).flat_map(|(key, list)| list.iter().map(move |selector| (key, selector.0.as_str())));
        let named = self.severity.iter().flatten().map(|(rule, _)| ("severity", rule.as_str()));
        let checked = selected.map(|(key, word)| (key, word, &selectors)).chain(named.map(|(key, word)| (key, word, &rules)));
        let unknown = checked.filter(|(_, word, known)| !known.contains(word)).map(|(key, word, known)| UnknownName {
            key,
            word: word.to_owned(),
            message: unknown("rule", word, known.iter().copied(), "`backprobe rules` lists all"),
        });
        unknown.collect()
    }
}

/// Says that `word` is no `kind`, and which of the `known` was probably meant, or else what to do.
pub(super) fn unknown<'word>(kind: &str, word: &str, known: impl IntoIterator<Item = &'word str>, otherwise: &str) -> String {
    match nearest(word, known) {
        Some(nearest) => format!("unknown {kind} `{word}`; did you mean `{nearest}`?"),
        None => format!("unknown {kind} `{word}`; {otherwise}"),
    }
}

/// All words that select rules.
fn selectors() -> Vec<&'static str> {
    let mut families: Vec<Family> = rules::all().iter().map(|rule| rule.family).chain([Family::Project]).collect();
    families.sort_unstable();
    families.dedup();
    [ALL].into_iter().chain(families.into_iter().map(Family::name)).chain(rules::all().iter().map(|rule| rule.name)).collect()
}
