//! Markdown pages as tests: sections, the frameworks below them, code blocks with their file names, expectations in comments.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use backprobe::engine::{Engine, Memory, Snapshot};
use backprobe::finding::Finding;
use backprobe::text::LineIndex;

/// The file that a block without a name is.
const UNNAMED: &str = "example.py";
/// The folder in which the files of a project are checked.
const ROOT: &str = "/project";

/// One page.
pub(crate) struct Page {
    /// The text of the first heading.
    pub(crate) title: String,
    /// `##` sections in order.
    pub(crate) sections: Vec<Section>,
}

/// One `##` section.
pub(crate) struct Section {
    /// Its heading.
    pub(crate) heading: String,
    /// Its text without code.
    pub(crate) text: String,
    /// The `###` parts; what stands before the first has an empty heading.
    pub(crate) projects: Vec<Project>,
}

/// The code blocks below one heading: files of one project.
#[derive(Default)]
pub(crate) struct Project {
    /// The `###` heading.
    pub(crate) heading: String,
    /// Path and text, in order. Blocks of one name are one file.
    pub(crate) files: Vec<(String, String)>,
}

impl Page {
    /// Reads a page.
    pub(crate) fn parse(text: &str) -> Self {
        let mut page = Self { title: String::new(), sections: Vec::new() };
        let mut name = None;
        let mut code: Option<String> = None;
        for line in text.lines() {
            if let Some(block) = &mut code {
                if line == "```" {
                    let block = std::mem::take(block);
                    code = None;
                    page.add_code(name.take(), block);
                } else {
                    block.push_str(line);
                    block.push('\n');
                }
            } else if line == "```python" {
                code = Some(String::new());
            } else if let Some(heading) = line.strip_prefix("### ") {
                page.section().projects.push(Project { heading: heading.to_owned(), files: Vec::new() });
            } else if let Some(heading) = line.strip_prefix("## ") {
                page.sections.push(Section { heading: heading.to_owned(), text: String::new(), projects: Vec::new() });
            } else if let Some(title) = line.strip_prefix("# ") {
                title.clone_into(&mut page.title);
            } else {
                if let Some(file) = line.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).filter(|file| Path::new(file).extension().is_some_and(|extension| extension == "py")) {
                    name = Some(file.to_owned());
                }
                if let Some(section) = page.sections.last_mut() {
                    section.text.push_str(line);
                    section.text.push('\n');
                }
            }
        }
        page
    }

    fn section(&mut self) -> &mut Section {
        if self.sections.is_empty() {
            self.sections.push(Section { heading: String::new(), text: String::new(), projects: Vec::new() });
        }
        self.sections.last_mut().expect("a page has a section")
    }

    fn add_code(&mut self, name: Option<String>, block: String) {
        let section = self.section();
        if section.projects.is_empty() {
            section.projects.push(Project::default());
        }
        let project = section.projects.last_mut().expect("a section has a project");
        let name = name.unwrap_or_else(|| UNNAMED.to_owned());
        match project.files.iter_mut().find(|(known, _)| *known == name) {
            Some((_, text)) => text.push_str(&block),
            None => project.files.push((name, block)),
        }
    }
}

impl Project {
    /// An engine that knows the files of the project, and their paths.
    pub(crate) fn engine(&self) -> (Engine, Vec<PathBuf>) {
        let memory = Memory::default();
        memory.write(Path::new(ROOT).join("pyproject.toml"), "");
        let paths: Vec<PathBuf> = self.files.iter().map(|(name, _)| Path::new(ROOT).join(name)).collect();
        for (path, (_, text)) in paths.iter().zip(&self.files) {
            memory.write(path, text);
        }
        (Engine::new(Arc::new(memory)), paths)
    }

    /// What differs between the findings and the `# error:` comments of the files; empty if nothing does.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let (engine, paths) = self.engine();
        let snapshot = engine.snapshot();
        paths.iter().zip(&self.files).flat_map(|(path, (name, text))| complaints(&snapshot, path, name, text)).collect()
    }
}

fn complaints(snapshot: &Snapshot, path: &Path, name: &str, text: &str) -> Vec<String> {
    let report = snapshot.check(path);
    let index = LineIndex::new(text);
    let mut found: BTreeMap<u32, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        found.entry(index.line_of(finding.primary.range.start)).or_default().push(finding);
    }
    let mut wrong: Vec<String> = report.unanalysed.iter().map(|part| format!("{name}: not analysed: {}", part.reason)).collect();
    for (number, line) in text.lines().enumerate() {
        for expected in line.split("# error: ").skip(1) {
            let (rule, message) = expected.trim().split_once(' ').unwrap_or((expected.trim(), "\"\""));
            let message = message.trim().trim_matches('"');
            let here = found.entry(number as u32).or_default();
            match here.iter().position(|finding| finding.rule == rule && finding.message.contains(message)) {
                Some(at) => {
                    here.remove(at);
                }
                None => wrong.push(format!("{name}:{}: expected {rule} \"{message}\"", number + 1)),
            }
        }
    }
    for (number, findings) in found {
        wrong.extend(findings.into_iter().map(|finding| format!("{name}:{}: unexpected {} \"{}\"", number + 1, finding.rule, finding.message)));
    }
    wrong
}
