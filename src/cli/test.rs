//! `backprobe test`: writes the tests that prove findings, and those of what is named.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::TestArguments;
use super::failure::Failure;
use super::store::store;
use super::targets::{CurrentFolder, Target};
use super::{Outcome, notice, pool, settings, targets};
use crate::engine::{Disk, Engine, Snapshot};
use crate::finding::{Finding, TestPlan};
use crate::testgen::{self, Wanted, Written};
use crate::text::LineIndex;

/// The byte order mark, which a file that has one keeps.
const MARK: &str = "\u{feff}";

pub(super) fn run(arguments: &TestArguments) -> Result<Outcome, Vec<Failure>> {
    let folder = CurrentFolder::of_process().map_err(|failure| vec![failure])?;
    let place = Place::read(&arguments.place);
    if place.line.is_some() && !arguments.names.is_empty() {
        return Err(vec![Failure::LineAndNames]);
    }
    let (targets, mut failures) = targets::find(std::slice::from_ref(&place.path), &folder);
    let output = arguments.output.as_deref().map(|path| folder.target(path).path);
    let mut engine = Engine::new(Arc::new(Disk));
    engine.configure(arguments.settings.given(&folder).map_err(|failure| vec![failure])?);
    let faults = settings::faults(&engine.snapshot(), &targets, &folder);
    if !faults.is_empty() {
        return Err(faults);
    }
    let wanted = Request { line: place.line, names: &arguments.names, output: output.as_deref() };
    let job = |snapshot: &Snapshot, target: &Target| (wanted.proofs(snapshot, target), wanted.known(snapshot, target));
    let mut found = Vec::new();
    let mut idle = BTreeSet::new();
    let mut known = BTreeSet::new();
    for result in pool::for_each(&engine, &targets, job).map_err(|failure| vec![failure])? {
        match result {
            Ok(((proofs, without), names)) => {
                found.extend(proofs);
                idle.extend(without);
                known.extend(names);
            }
            Err(failure) => failures.push(failure),
        }
    }
    // What could not be read may hold the name.
    if failures.is_empty() || !known.is_empty() {
        failures.extend(arguments.names.iter().filter_map(|name| unknown(name, &found, &idle, &known)));
    }
    if found.is_empty() && failures.is_empty() {
        notice(&format!("no finding at `{}`, so nothing to test", arguments.place.display()));
    }
    let proofs: Vec<Proof> = found.into_iter().flatten().collect();
    for (path, tests) in by_file(&proofs) {
        let written = if arguments.stdout { print(&tests) } else { write(&path, &folder.name(&path), &tests) };
        failures.extend(written.err());
    }
    if failures.is_empty() { Ok(Outcome::Clean) } else { Err(failures) }
}

/// A file or folder, and a line of it.
struct Place {
    path: PathBuf,
    line: Option<u32>,
}

impl Place {
    /// Reads `PATH` or `PATH:LINE`.
    fn read(given: &Path) -> Self {
        let whole = Self { path: given.to_owned(), line: None };
        // Windows paths hold a colon as well; what exists is meant whole.
        let Some((path, line)) = given.to_str().and_then(|text| text.rsplit_once(':')) else { return whole };
        match line.parse() {
            Ok(line) if !given.exists() => Self { path: PathBuf::from(path), line: Some(line) },
            _ => whole,
        }
    }
}

/// A test, and where it belongs.
struct Proof {
    /// The rule whose finding it proves, or the name that was asked for.
    of: String,
    /// The file of the code, from the root of its project.
    path: String,
    plan: Arc<TestPlan>,
    /// The file that the test belongs into.
    file: PathBuf,
}

/// What of a file is to be tested: what is named, or else its findings.
struct Request<'a> {
    line: Option<u32>,
    names: &'a [String],
    output: Option<&'a Path>,
}

impl Request<'_> {
    /// The tests of what is wanted of `target`, and the names of what is there and trains nothing. Findings without a test are named and
    /// `None`.
    fn proofs(&self, snapshot: &Snapshot, target: &Target) -> (Vec<Option<Proof>>, Vec<String>) {
        if self.names.is_empty() {
            return (self.of_findings(snapshot, target), Vec::new());
        }
        let (mut proofs, mut idle) = (Vec::new(), Vec::new());
        for name in self.names {
            let Some(plans) = snapshot.training_tests(&target.path, name) else { continue };
            if plans.is_empty() {
                idle.push(name.clone());
            }
            proofs.extend(plans.into_iter().map(|plan| Some(self.proof(snapshot, target, name.clone(), Arc::new(plan)))));
        }
        (proofs, idle)
    }

    /// What could be named.
    fn known(&self, snapshot: &Snapshot, target: &Target) -> Vec<&'static str> {
        if self.names.is_empty() {
            return Vec::new();
        }
        snapshot.trainables(&target.path).iter().map(|(trainable, _)| trainable.name()).collect()
    }

    fn of_findings(&self, snapshot: &Snapshot, target: &Target) -> Vec<Option<Proof>> {
        let text = snapshot.text(&target.path).unwrap_or_default();
        let lines = LineIndex::new(&text);
        let line_of = |finding: &Finding| lines.line_column(&text, finding.primary.range.start).line;
        let mut proofs = Vec::new();
        for finding in snapshot.check(&target.path).findings {
            if self.line.is_some_and(|line| line != line_of(&finding)) {
                continue;
            }
            let proof = finding.plan.clone().map(|plan| self.proof(snapshot, target, finding.rule.to_owned(), plan));
            if proof.is_none() {
                notice(&format!("{}:{}: no test proves `{}` here", target.name, line_of(&finding), finding.rule));
            }
            proofs.push(proof);
        }
        proofs
    }

    fn proof(&self, snapshot: &Snapshot, target: &Target, of: String, plan: Arc<TestPlan>) -> Proof {
        let root = snapshot.project_root(&target.path);
        let path = target.path.strip_prefix(&root).unwrap_or(&target.path).display().to_string().replace('\\', "/");
        let tests = self.output.map_or_else(|| snapshot.test_folder(&target.path), Path::to_owned);
        Proof { of, path, file: tests.join(testgen::file_name(&plan.module)), plan }
    }
}

/// Why there is no test of `name`; `None` if there is one.
fn unknown(name: &str, found: &[Option<Proof>], idle: &BTreeSet<String>, known: &BTreeSet<&'static str>) -> Option<Failure> {
    if found.iter().flatten().any(|proof| proof.of == name) {
        return None;
    }
    let name = name.to_owned();
    Some(if idle.contains(&name) { Failure::TrainsNothing(name) } else { Failure::NothingTrains { name, known: known.iter().copied().collect() } })
}

fn by_file(proofs: &[Proof]) -> BTreeMap<PathBuf, Vec<Wanted<'_>>> {
    let mut files: BTreeMap<PathBuf, Vec<Wanted<'_>>> = BTreeMap::new();
    for proof in proofs {
        let wanted = Wanted { of: &proof.of, path: &proof.path, plan: &proof.plan };
        files.entry(proof.file.clone()).or_default().push(wanted);
    }
    files
}

/// Writes a new file to standard output.
fn print(tests: &[Wanted<'_>]) -> Result<(), Failure> {
    let written = generated("-", tests, None)?;
    Ok(write!(io::stdout(), "{}", written.text)?)
}

/// Writes or extends the file at `path`, called `name`, and says so.
fn write(path: &Path, name: &str, tests: &[Wanted<'_>]) -> Result<(), Failure> {
    let existing = match fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(Failure::Unreadable { path: path.to_owned(), source }),
    };
    let (mark, existing) = match existing.as_deref() {
        Some(text) => text.strip_prefix(MARK).map_or(("", Some(text)), |text| (MARK, Some(text))),
        None => ("", None),
    };
    let written = generated(name, tests, existing)?;
    if existing != Some(written.text.as_str()) {
        store(path, format!("{mark}{}", written.text).as_bytes()).map_err(|source| Failure::Unwritable { path: path.to_owned(), source })?;
    }
    for test in &written.added {
        writeln!(io::stdout(), "{name}: wrote {test}")?;
    }
    for test in &written.present {
        writeln!(io::stdout(), "{name}: {test} is there already")?;
    }
    Ok(())
}

fn generated(name: &str, tests: &[Wanted<'_>], existing: Option<&str>) -> Result<Written, Failure> {
    testgen::test_file(tests, existing).map_err(|source| Failure::NoPlaceForTest { name: name.to_owned(), source })
}
