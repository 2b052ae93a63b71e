//! Probes: what the reconstructed step says of expressions and of paths, in pages under `tests/step/`.
//!
//! `# reveal: key=value …` asks about the value of the statement on its line (the right side of an assignment);
//! `# reveal: path backward->step via zero_grad = never` about paths in the root in which it stands.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test fails by panic and reads its cases")]

mod page;

use std::path::Path;

use libtest_mimic::{Arguments, Trial};

use backprobe::engine::Snapshot;
use backprobe::step::{self, Probe};
use backprobe::syntax::hir::{NodeId, Stmt};
use backprobe::syntax::{Place, UnitId};
use backprobe::text::LineIndex;
use page::{Page, Project};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/step");
    let mut pages: Vec<_> = std::fs::read_dir(folder).expect("the folder of probes").map(|entry| entry.expect("an entry").path()).collect();
    pages.sort();
    let mut trials = Vec::new();
    for path in pages.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let page = Page::parse(&std::fs::read_to_string(&path).expect("a page"));
        for section in page.sections {
            for project in section.projects {
                let name = format!("{}: {} {}", page.title, section.heading, project.heading);
                trials.push(Trial::test(name, move || {
                    let mut wrong = project.complaints();
                    wrong.extend(probes(&project));
                    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
                }));
            }
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn probes(project: &Project) -> Vec<String> {
    let (engine, paths) = project.engine();
    let snapshot = engine.snapshot();
    let roots: Vec<UnitId> = paths.iter().flat_map(|path| snapshot.roots(path)).collect();
    let mut wrong = Vec::new();
    for (path, (name, text)) in paths.iter().zip(&project.files) {
        for (number, line) in text.lines().enumerate() {
            let Some((_, asked)) = line.split_once("# reveal: ") else { continue };
            let line_number = number as u32;
            for (probe, expected) in questions(&snapshot, path, text, line_number, asked) {
                let answers = answers(&snapshot, &roots, &probe);
                if !answers.contains(&expected) || answers.iter().any(|answer| *answer != expected && *answer != "unknown") {
                    wrong.push(format!("{name}:{}: {probe:?} is {answers:?}, not {expected}", number + 1));
                }
            }
        }
    }
    wrong
}

/// Probes of one comment, each with what it expects.
fn questions(snapshot: &Snapshot, path: &Path, text: &str, line: u32, asked: &str) -> Vec<(Probe, String)> {
    if let Some(question) = asked.strip_prefix("path ") {
        let (question, expected) = question.split_once(" = ").expect("a path probe has ` = answer`");
        let (ends, via) = question.split_once(" via ").expect("a path probe has ` via event`");
        let (from, to) = ends.split_once("->").expect("a path probe has `from->to`");
        return vec![(Probe::Path { from: from.to_owned(), to: to.to_owned(), via: via.to_owned() }, expected.trim().to_owned())];
    }
    let place = value_on_line(snapshot, path, text, line).unwrap_or_else(|| panic!("no value on line {}", line + 1));
    asked
        .split_whitespace()
        .map(|part| {
            let (key, value) = part.split_once('=').expect("a probe is `key=value`");
            (Probe::Value { unit: place.unit, node: place.node, key: key.to_owned() }, value.to_owned())
        })
        .collect()
}

/// The value of the statement that ends on `line`.
fn value_on_line(snapshot: &Snapshot, path: &Path, text: &str, line: u32) -> Option<Place> {
    let index = LineIndex::new(text);
    let first = index.line_start(text, line) + text.lines().nth(line as usize)?.len() as u32;
    let code_end = text[..first as usize].rfind("# reveal")? as u32;
    let offset = text[..code_end as usize].trim_end().len() as u32;
    let unit = snapshot.unit_at(path, offset.saturating_sub(1))?;
    let hir = snapshot.ask(|world| world.hir(unit));
    hir.stmts.iter().find_map(|stmt| {
        let value = match stmt {
            Stmt::Assign { value, .. } => *value,
            Stmt::Expr(value) => *value,
            Stmt::Return(Some(value)) => *value,
            Stmt::AugmentedAssign { value, .. } => *value,
            _ => return None,
        };
        let place = Place { unit, node: NodeId::Expr(value) };
        let location = snapshot.location(place)?;
        (location.range.end == offset).then_some(place)
    })
}

/// What the roots that reach the probe say: those that call its unit, or, if none does, the one that evaluates it on symbols.
fn answers(snapshot: &Snapshot, roots: &[UnitId], probe: &Probe) -> Vec<String> {
    let unit = match probe {
        Probe::Value { unit, .. } => Some(*unit),
        Probe::Path { .. } => None,
    };
    let mut found: Vec<(bool, String)> = Vec::new();
    for &root in roots {
        let step = snapshot.ask(|world| step::evaluate_for_probes(world, root));
        let called = step.contextual_visits().iter().any(|visits| Some(visits.unit) == unit);
        found.push((called, step::probe(&step, probe)));
    }
    found.retain(|(_, answer)| answer != "unreached");
    let any_called = found.iter().any(|(called, _)| *called);
    let mut answers: Vec<String> = found.into_iter().filter(|(called, _)| *called || !any_called).map(|(_, answer)| answer).collect();
    answers.sort();
    answers.dedup();
    answers
}
