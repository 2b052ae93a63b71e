//! Test files: written anew, or extended without touching what they hold.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::body::{Test, write};
use super::import::{FromLine, Import, Known, alias_of, block, known, statements};
use super::names::unique;
use super::{Wanted, Written};
use crate::syntax::{ItemKind, Layout, Name, Outline, Segments, Words, errors, mentions, outline};

/// A test file cannot be extended because it does not parse.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("it has a syntax error in line {line}; mend it first, then the test can be added")]
pub struct Broken {
    /// The line of the first error, counted from 1.
    pub line: usize,
}

/// A new file.
pub(super) fn fresh(tests: &[Wanted<'_>]) -> Written {
    let written: Vec<Test> = tests.iter().map(write).collect();
    let imports: BTreeSet<Import> = written.iter().flat_map(|test| test.imports.clone()).collect();
    let mut text = format!("\"\"\"{}\"\"\"\n{}\n", origin(tests), block(&imports).join("\n"));
    if let Some(setup) = written.iter().find_map(|test| test.setup.as_ref()) {
        let _ = write!(text, "\n{setup}\n");
    }
    let mut added: Vec<String> = Vec::new();
    let mut bodies: Vec<Vec<String>> = Vec::new();
    for test in written {
        // Two findings may ask for one test.
        if bodies.contains(&test.body) {
            continue;
        }
        let name = unique(&test.name, |name| !added.iter().any(|known| known == name));
        text.push_str(&function(&name, &test.body));
        bodies.push(test.body);
        added.push(name);
    }
    Written { text, added, present: Vec::new() }
}

/// `Written by backprobe for … in ….`
fn origin(tests: &[Wanted<'_>]) -> String {
    let reasons: BTreeSet<&str> = tests.iter().map(|test| test.of).collect();
    let paths: BTreeSet<&str> = tests.iter().map(|test| test.path).collect();
    let reasons: Vec<String> = reasons.into_iter().map(|reason| format!("`{reason}`")).collect();
    format!("Written by backprobe for {} in {}.", reasons.join(" and "), paths.into_iter().collect::<Vec<_>>().join(" and "))
}

fn function(name: &str, body: &[String]) -> String {
    let mut text = format!("\n\ndef {name}():\n");
    for line in body {
        let indentation = if line.is_empty() { "" } else { "    " };
        let _ = writeln!(text, "{indentation}{line}");
    }
    text
}

/// `existing` with what is missing of `tests`.
pub(super) fn extended(existing: &str, tests: &[Wanted<'_>]) -> Result<Written, Broken> {
    let (outline, layout) = outline(existing, &Words::new([""; 0]));
    if let Some(&first) = errors(existing, &layout).iter().min() {
        let line = existing[..existing.floor_char_boundary(first as usize)].matches('\n').count() + 1;
        return Err(Broken { line });
    }
    let ending = line_ending(existing);
    let mut file = Extended { outline, layout, existing, imports: BTreeSet::new(), setup: None, functions: String::new() };
    let mut written = Written { text: String::new(), added: Vec::new(), present: Vec::new() };
    for test in tests {
        let mut test = write(test);
        let missing = file.settle_imports(&mut test);
        let is_free = |name: &str| file.outline.bindings(Name::new(name)).next().is_none() && !written.added.iter().any(|known| known == name);
        if let Some(present) = file.held(&test) {
            written.present.push(present);
            continue;
        }
        let name = unique(&test.name, is_free);
        let text = function(&name, &test.body);
        let body = text.split_once("():\n").map_or("", |(_, body)| body);
        if file.functions.contains(body) {
            continue;
        }
        file.functions.push_str(&text);
        file.imports.extend(missing);
        file.setup = test.setup.filter(|setup| !existing.lines().any(|line| line.trim() == setup)).or(file.setup);
        written.added.push(name);
    }
    written.text = if written.added.is_empty() { existing.to_owned() } else { file.text(ending) };
    Ok(written)
}

/// A file and what is added to it.
struct Extended<'a> {
    outline: Outline,
    layout: Layout,
    existing: &'a str,
    imports: BTreeSet<Import>,
    setup: Option<String>,
    functions: String,
}

impl Extended<'_> {
    /// The function that is `test`, perhaps edited: it has the name, or one made unique, and uses the same subject and assertions.
    fn held(&self, test: &Test) -> Option<String> {
        let is_named_so = |name: &str| {
            name == test.name || name.strip_prefix(&test.name).and_then(|rest| rest.strip_prefix('_')).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        self.outline.items.iter().find_map(|item| {
            let ItemKind::Function(found) = &item.kind else { return None };
            let unit = self.layout.unit(item.name, found.ordinal)?;
            let text: String = unit.texts(self.existing).concat();
            let is_same = is_named_so(item.name.as_str()) && test.marks.iter().all(|mark| mentions(&text, Name::new(mark)));
            is_same.then(|| item.name.to_string())
        })
    }

    /// The imports that are missing. What is imported under another name, or whose name means something else, is called so in the test.
    fn settle_imports(&self, test: &mut Test) -> Vec<Import> {
        let mut missing = Vec::new();
        for import in test.imports.clone() {
            let settled = self.settled(&import);
            if settled.bound() != import.bound() {
                test.body.iter_mut().chain(&mut test.marks).chain(&mut test.setup).for_each(|line| *line = renamed(line, import.bound(), settled.bound()));
            }
            if known(&self.outline, &settled) == Known::Absent {
                missing.push(settled);
            }
        }
        missing
    }

    /// `import` under the name by which the file knows it, or under one that is free.
    fn settled(&self, import: &Import) -> Import {
        let is_taken = |import: &Import| known(&self.outline, import) == Known::Taken || self.imports.iter().any(|other| other.bound() == import.bound() && other != import);
        if !is_taken(import) && known(&self.outline, import) == Known::Present {
            return import.clone();
        }
        if let Some(alias) = alias_of(&self.outline, import) {
            return Import { alias: Some(alias), ..import.clone() };
        }
        let owner = import.module.replace('.', "_");
        let plain = if import.name.is_some() { format!("{owner}_{}", import.bound()) } else { format!("{owner}_module") };
        let named = |number: usize| match number {
            0 => import.clone(),
            1 => Import { alias: Some(plain.clone()), ..import.clone() },
            more => Import { alias: Some(format!("{plain}_{more}")), ..import.clone() },
        };
        (0..=usize::from(u16::MAX)).map(named).find(|candidate| !is_taken(candidate)).unwrap_or_else(|| import.clone())
    }

    /// The file with the names that join imports which it has, and the imports that are left.
    fn joined_imports(&self) -> (String, Vec<&Import>) {
        let mut left: Vec<&Import> = self.imports.iter().collect();
        let (mut text, mut end) = (String::new(), 0);
        for segment in &Segments::new(self.existing) {
            let Some(line) = self.existing.get(segment.range.indices()).and_then(FromLine::new) else { continue };
            let (joining, others): (Vec<&Import>, Vec<&Import>) = left.into_iter().partition(|import| line.takes(import));
            left = others;
            if !joining.is_empty() {
                text.push_str(&self.existing[end..segment.range.start as usize]);
                text.push_str(&line.joined_by(&joining));
                end = segment.range.end as usize;
            }
        }
        text.push_str(&self.existing[end..]);
        (text, left)
    }

    fn text(&self, ending: &str) -> String {
        let (existing, imports) = self.joined_imports();
        let (before, after) = existing.split_at(end_of_imports(&existing));
        let mut text = before.to_owned();
        if !imports.is_empty() || self.setup.is_some() {
            if !text.is_empty() && !text.ends_with(['\n', '\r']) {
                text.push_str(ending);
            }
            let mut lines = statements(&imports);
            if let Some(setup) = &self.setup {
                lines.extend([String::new(), setup.clone()]);
                if !after.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']) {
                    lines.push(String::new());
                }
            }
            lines.into_iter().for_each(|line| text.extend([line.as_str(), ending]));
        }
        text.push_str(after);
        let functions = if ending == "\n" { self.functions.clone() } else { self.functions.replace('\n', ending) };
        if !text.is_empty() && !text.ends_with(['\n', '\r']) {
            text.push_str(ending);
        }
        text.push_str(&functions);
        text
    }
}

/// `line` with the name `from` replaced by `to`; not where it is an attribute or an argument's name.
fn renamed(line: &str, from: &str, to: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(from) {
        let before = text.chars().chain(rest[..at].chars()).next_back();
        let after = rest[at + from.len()..].chars().next();
        let is_name = !before.is_some_and(|c| is_part(c) || c == '.' || c == '"') && !after.is_some_and(|c| is_part(c) || c == '=');
        text.push_str(&rest[..at]);
        text.push_str(if is_name { to } else { from });
        rest = &rest[at + from.len()..];
    }
    text + rest
}

/// Where imports are added: behind the last import at the top of the file, else behind its docstring.
fn end_of_imports(text: &str) -> usize {
    let segments = Segments::new(text);
    let is_import = |segment: &str| segment.starts_with("import ") || segment.starts_with("from ");
    let is_docstring = |segment: &str| segment.trim_start_matches(['r', 'R', 'u', 'U']).starts_with(['"', '\'']);
    let ranges: Vec<_> = segments.iter().map(|segment| segment.range).collect();
    let last = ranges.iter().rfind(|range| text.get(range.indices()).is_some_and(is_import));
    let docstring = ranges.first().filter(|range| text.get(range.indices()).is_some_and(is_docstring));
    last.or(docstring).map_or_else(|| after_comments(text), |range| range.end as usize)
}

/// The end of the comments that a file begins with: a shebang and an encoding declaration must stay first.
fn after_comments(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.starts_with('#')).map(str::len).sum()
}

fn line_ending(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}
