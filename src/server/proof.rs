//! Tests in the file where they belong.

use std::path::{Path, PathBuf};

use super::analysis::Project;
use crate::finding::{Finding, TestPlan};
use crate::testgen::{self, Wanted};
use crate::text::TextRange;

/// A test file, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TestFile {
    /// Where it belongs.
    pub(super) path: PathBuf,
    /// Its text.
    pub(super) text: String,
    /// Where in the text the name of the test is.
    pub(super) test: TextRange,
}

/// Reads a text: that of the editor, or else that of the disk.
pub(super) type ReadText<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// Writes the test of a finding in a project; `None` if there is nothing to test.
pub(super) type WriteTest = fn(&Finding, &Project, ReadText<'_>) -> Option<TestFile>;

/// The test file of `finding`: new, or what it holds so far with the test added. `None` if no test proves the finding, or
/// if the file that exists does not parse.
pub(super) fn write_test(finding: &Finding, project: &Project, read: ReadText<'_>) -> Option<TestFile> {
    write_tests(finding.rule, std::slice::from_ref(finding.plan.as_deref()?), &finding.primary.path, project, read)
}

/// The same for all tests of what is called `of` in the file `source`.
pub(super) fn write_tests(of: &str, plans: &[TestPlan], source: &Path, project: &Project, read: ReadText<'_>) -> Option<TestFile> {
    let path = project.tests.join(testgen::file_name(&plans.first()?.module));
    let name = source.strip_prefix(&project.root).unwrap_or(source).display().to_string().replace('\\', "/");
    let wanted: Vec<Wanted<'_>> = plans.iter().map(|plan| Wanted { of, path: &name, plan }).collect();
    match testgen::test_file(&wanted, read(&path).as_deref()) {
        Ok(written) => {
            let test = written.first()?;
            Some(TestFile { path, text: written.text, test })
        }
        Err(error) => {
            tracing::warn!("{}: {error}", path.display());
            None
        }
    }
}
