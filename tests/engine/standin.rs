//! An analysis that asks the files what the real one asks, and whose answers show what it was told.
//!
//! Functions whose name starts with `bad` are bugs; one that starts with `bad_if_strict` only for a caller whose module
//! binds `strict`. A module unit calls every function that its file imports or defines.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use backprobe::engine::{Analysis, Engine, Memory, Report};
use backprobe::finding::{Confidence, Family, Finding, Severity};
use backprobe::project::{Imported, World};
use backprobe::rules::{RootFinding, RootReport, RuleSet};
use backprobe::step::Visits;
use backprobe::syntax::hir::NodeId;
use backprobe::syntax::{FileId, ImportItem, Item, ItemKind, Name, Place, UnitId, Words};

/// An engine over `files` with the stand-in analysis.
pub(crate) fn engine(files: &Memory) -> Engine {
    Engine::with_analysis(Arc::new(files.clone()), analysis())
}

pub(crate) fn analysis() -> Analysis {
    Analysis { words: Arc::new(Words::new(["torch"])), queries: Arc::default(), needs: Arc::default(), check_root }
}

/// Reports of all `paths`.
pub(crate) fn reports(engine: &Engine, paths: &[&str]) -> Vec<Report> {
    let snapshot = engine.snapshot();
    paths.iter().map(|path| snapshot.check(Path::new(path))).collect()
}

/// Reports of all `paths`, one line a finding.
pub(crate) fn check(engine: &Engine, paths: &[&str]) -> Vec<String> {
    reports(engine, paths).iter().flat_map(lines).collect()
}

fn lines(report: &Report) -> Vec<String> {
    let found = report.findings.iter().map(|finding| {
        format!("{}:{:?}: {}", finding.primary.path.display(), finding.primary.range, finding.message)
    });
    let unanalysed = report.unanalysed.iter().map(|part| format!("{:?}: {}", part.range, part.reason));
    found.chain(unanalysed).collect()
}

/// Messages alone: unit and who called it.
pub(crate) fn messages(engine: &Engine, path: &str) -> Vec<String> {
    let report = engine.snapshot().check(Path::new(path));
    report.findings.into_iter().map(|finding| finding.message).collect()
}

pub(crate) fn check_root(world: &dyn World, root: UnitId, _: RuleSet) -> RootReport {
    let mut report = RootReport::default();
    let name = root.name.as_str();
    if !name.is_empty() {
        let tree = world.hir(root);
        if name.starts_with("bad") && !name.starts_with("bad_if_strict") && !tree.broken {
            report.findings.push(finding(world, root, root, "itself", false));
        }
        return report;
    }
    let outline = world.outline(root.file);
    let is_strict = outline.bindings(Name::new("strict")).next().is_some();
    for item in &outline.items {
        for unit in functions(world, root.file, item, 4) {
            report.visits.push(Visits { unit, start: root, count: 1 });
            let is_bug = unit.name.as_str().starts_with("bad_if_strict") && is_strict;
            if is_bug || unit.name.as_str().starts_with("bad_always") {
                report.findings.push(finding(world, root, unit, world.module_name(root.file).as_str(), true));
            }
        }
    }
    report
}

/// The functions that a binding may stand for.
fn functions(world: &dyn World, file: FileId, item: &Item, depth: u32) -> Vec<UnitId> {
    match &item.kind {
        ItemKind::Function(function) => vec![UnitId { file, name: item.name, ordinal: function.ordinal }],
        ItemKind::Import(ImportItem::From { module, level, name }) if depth > 0 => {
            let Imported::Module(imported) = world.import(file, *module, *level) else { return Vec::new() };
            let outline = world.outline(imported);
            let is_star = name.name == "*";
            let items = outline.items.iter().filter(|item| is_star || item.name == name.name);
            items.flat_map(|item| functions(world, imported, item, depth - 1)).collect()
        }
        _ => Vec::new(),
    }
}

fn finding(world: &dyn World, start: UnitId, unit: UnitId, caller: &str, contextual: bool) -> RootFinding {
    let tree = world.hir(unit);
    let mut hasher = DefaultHasher::new();
    format!("{tree:?}").hash(&mut hasher);
    let definition = *tree.body.first().expect("a function's unit holds its definition");
    let place = Place { unit, node: NodeId::DefinedName(definition) };
    let finding = Finding {
        rule: "stand-in",
        family: Family::Layers,
        severity: Severity::Warning,
        confidence: Confidence::High,
        primary: place,
        message: format!("{} called by {caller}", unit.name),
        // The tree takes part in what is compared.
        why: format!("{:x}", hasher.finish()),
        help: String::new(),
        labels: Vec::new(),
        fix: None,
        plan: None,
    };
    RootFinding { finding, contextual, start }
}
