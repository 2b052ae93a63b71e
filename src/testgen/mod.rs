//! From test plans to a pytest file, new or merged into one that exists.
//!
//! Knows how tests of each framework are written and how imports and functions join a file; not how a bug was found, and no disk.
#![forbid(unsafe_code)]

mod body;
mod import;
mod merge;
mod names;
mod values;

use std::path::PathBuf;

pub use merge::Broken;

use crate::finding::TestPlan;
use crate::syntax::hir::Span;
use crate::syntax::{Name, Words, outline};
use crate::text::TextRange;

/// A test that belongs into a file.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What it is written for: the rule whose finding it proves, or the name of what trains.
    pub of: &'a str,
    /// The file of the code, as a reader knows it: relative to the root of the project.
    pub path: &'a str,
    /// What it builds and asserts.
    pub plan: &'a TestPlan,
}

/// A test file, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// The tests that are new in it.
    pub added: Vec<String>,
    /// The tests that it held before.
    pub present: Vec<String>,
}

impl Written {
    /// What the first test that is new wants to be filled in, or else where its name stands; without a new test, in the first that was there.
    pub fn first(&self) -> Option<TextRange> {
        let name = self.first_name()?;
        let rest = self.text.get(name.end as usize..)?;
        let test = &rest[..rest.find(&format!("\n{DEFINITION}")).unwrap_or(rest.len())];
        let Some(start) = test.find(values::FILL_IN) else { return Some(name) };
        let end = test[start..].find("\")").map_or(start + values::FILL_IN.len(), |at| start + at + 2);
        Some(TextRange::new(start as u32, end as u32).shifted(name.end))
    }

    fn first_name(&self) -> Option<TextRange> {
        let name = self.added.iter().chain(&self.present).next()?;
        let (_, layout) = outline(&self.text, &Words::new([""; 0]));
        let unit = layout.unit(Name::new(name), 0)?;
        let start = DEFINITION.len() + unit.texts(&self.text).first()?.find(&format!("{DEFINITION}{name}"))?;
        unit.resolve(Span { segment: 0, range: TextRange::new(start as u32, (start + name.len()) as u32) })
    }
}

/// What begins a test.
const DEFINITION: &str = "def ";

/// Where tests of `module` belong, within a folder of tests: `test_models_convnet_training.py`.
pub fn file_name(module: &str) -> PathBuf {
    PathBuf::from(format!("test_{}_training.py", module.replace('.', "_")))
}

/// The text of a file with `tests` in it; `existing` is what it holds so far.
///
/// What exists is kept line by line: imports and tests are only added, and a test that is there is not added again.
///
/// # Errors
/// If the existing file does not parse: nothing is written into it then.
pub fn test_file(tests: &[Wanted<'_>], existing: Option<&str>) -> Result<Written, Broken> {
    match existing.filter(|text| !text.trim().is_empty()) {
        Some(text) => merge::extended(text, tests),
        None => Ok(merge::fresh(tests)),
    }
}

#[cfg(test)]
mod tests;
