//! What a project may set: which rules speak, how loudly, where, and where tests are written.
//!
//! Settings stand in `backprobe.toml`, or in `[tool.backprobe]` of `pyproject.toml`, at the root of a project. They are read through the
//! database as any other file, so a change of them is a change like any other. Nothing of what is known of the code depends on
//! which rules speak: that is applied to findings last.

mod applied;
mod names;
mod own;
mod project;
mod read;

pub use project::{Given, Problem};

pub(super) use own::own_rules;

use applied::Applied;
pub(super) use project::{GivenSettings, files, of_file, problems, stub_folders};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use names::{Level, Selector};

/// The files that hold settings: the first is theirs alone, the second holds them in [`TABLE`].
pub const FILES: [&str; 2] = ["backprobe.toml", "pyproject.toml"];

/// The table of `pyproject.toml` that holds settings.
pub const TABLE: &str = "tool.backprobe";

/// Settings of a project. What is left out has its default.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(title = "Settings of backprobe", deny_unknown_fields)]
pub struct Settings {
    /// The rules that speak: names of rules or of families, or `all`. Default: `["all"]`.
    pub select: Option<Vec<Selector>>,
    /// The rules that are silent, of those that are selected.
    pub ignore: Option<Vec<Selector>>,
    /// How bad the findings of a rule are.
    pub severity: Option<BTreeMap<String, Level>>,
    /// Files and folders that have no findings, as in `.gitignore`, relative to the project's root. Other files may still import them.
    pub exclude: Option<Vec<String>>,
    /// Rules that are silent in some files: patterns as in `exclude`, each with names of rules or of families, or `all`.
    pub per_file_ignores: Option<BTreeMap<String, Vec<Selector>>>,
    /// The folder that tests are written into, relative to the project's root. Default: `"tests"`.
    pub test_directory: Option<String>,
    /// Folders of stubs (`.pyi`) that say what functions of other packages do, relative to the project's root. Default: none.
    pub stubs: Option<Vec<String>>,
    /// Folders of the project's own rules (`.scm`), relative to its root. Default: none.
    pub queries: Option<Vec<String>>,
}

impl Settings {
    /// These settings, and those of `other` where these leave something out. Who selects rules says all about which rules speak.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        let ignore = if self.select.is_some() { self.ignore } else { self.ignore.or_else(|| other.ignore.clone()) };
        Self {
            ignore,
            select: self.select.or_else(|| other.select.clone()),
            severity: self.severity.or_else(|| other.severity.clone()),
            exclude: self.exclude.or_else(|| other.exclude.clone()),
            per_file_ignores: self.per_file_ignores.or_else(|| other.per_file_ignores.clone()),
            test_directory: self.test_directory.or_else(|| other.test_directory.clone()),
            stubs: self.stubs.or_else(|| other.stubs.clone()),
            queries: self.queries.or_else(|| other.queries.clone()),
        }
    }

    /// The JSON schema of settings.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// The names of all settings.
    pub fn keys() -> Vec<String> {
        match serde_json::to_value(Self::default()) {
            Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        }
    }
}
