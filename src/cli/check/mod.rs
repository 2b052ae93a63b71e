//! `backprobe check`: finds bugs, mends them if asked to, and writes what is left.

mod fixes;
mod output;
mod watch;

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::CheckArguments;
use super::failure::Failure;
use super::targets::{CurrentFolder, STANDARD_INPUT, Target};
use super::{Outcome, notice, pool, settings, targets};
use crate::engine::{Disk, Engine, Report, Snapshot};
use crate::finding::Finding;
use crate::text::{self, LineIndex};
use fixes::Changes;
use output::{Shown, Summary, collect, counted, write, write_fixed};

/// The name of standard input where none is given.
const STANDARD_INPUT_NAME: &str = "<stdin>";

/// Fixes may uncover others, and wait for each other: so many times are they applied.
const MAX_ROUNDS: usize = 10;

pub(super) fn run(arguments: &CheckArguments) -> Result<Outcome, Vec<Failure>> {
    let shown = Shown::of(arguments).map_err(|failure| vec![failure])?;
    let folder = CurrentFolder::of_process().map_err(|failure| vec![failure])?;
    let mut engine = Engine::new(Arc::new(Disk));
    engine.configure(arguments.settings.given(&folder).map_err(|failure| vec![failure])?);
    if arguments.watch {
        return watch::run(engine, arguments, shown, &folder).map(|()| Outcome::Clean);
    }
    let (mut targets, mut failures) = targets::find(&arguments.paths, &folder);
    let mut piped = None;
    if arguments.paths.iter().any(|path| path.as_os_str() == STANDARD_INPUT) {
        let name = arguments.stdin_filename.as_deref().unwrap_or(Path::new(STANDARD_INPUT_NAME));
        match standard_input() {
            Ok(text) => {
                let target = folder.target(name);
                engine.set_overlay(&target.path, Some(Arc::clone(&text)));
                targets.retain(|other| other.path != target.path);
                targets.push(target.clone());
                piped = Some((target.path, text));
            }
            Err(failure) => failures.push(failure),
        }
    }
    let faults = settings::apply(&engine, &mut targets, &folder);
    if !faults.is_empty() {
        return Err(faults);
    }
    if targets.is_empty() && failures.is_empty() {
        notice("no Python files found; name a file, or a folder that holds some and is not ignored by git or by the settings");
    }
    let mut results = check_all(&engine, &targets)?;
    let mut changes = Changes::default();
    let fixes = arguments.fix || arguments.unsafe_fixes || arguments.diff;
    if fixes {
        results = fix(&mut engine, &targets, results, &mut changes, arguments.unsafe_fixes, &folder)?;
    }
    let mut checked = Vec::new();
    for result in results {
        match result {
            Ok(file) => checked.push(file),
            Err(failure) => failures.push(failure),
        }
    }
    let summary = Summary::of(&targets, &checked);
    let mut outcome = if summary.findings == 0 { Outcome::Clean } else { Outcome::Found };
    let written = match &piped {
        _ if arguments.diff => {
            outcome = if changes.counts().0 == 0 { Outcome::Clean } else { Outcome::Found };
            collect(checked, &folder);
            changes.show(&folder, &mut io::stdout().lock())
        }
        Some((path, text)) if fixes => write_fixed(changes.text(path).unwrap_or(text), checked, &folder),
        _ => write(checked, shown, &summary, &folder),
    };
    if fixes && !arguments.diff {
        failures.extend(changes.write(piped.as_ref().map(|(path, _)| path.as_path())));
    }
    let (files, applied) = changes.counts();
    if files > 0 {
        let done = if arguments.diff { "would fix" } else { "fixed" };
        notice(&format!("{done} {} in {}", counted(applied, "finding"), counted(files, "file")));
    }
    written.map_err(|error| vec![Failure::Output(error)])?;
    if failures.is_empty() { Ok(outcome) } else { Err(failures) }
}

type Results = Vec<Result<Checked, Failure>>;

fn check_all(engine: &Engine, targets: &[Target]) -> Result<Results, Vec<Failure>> {
    pool::for_each(engine, targets, check).map_err(|failure| vec![failure])
}

/// Applies fixes until none is left, in the engine alone; gives what is found after that.
fn fix(engine: &mut Engine, targets: &[Target], mut results: Results, changes: &mut Changes, are_unsafe: bool, folder: &CurrentFolder) -> Result<Results, Vec<Failure>> {
    for _ in 0..MAX_ROUNDS {
        let checked = || results.iter().flatten();
        let text_of = |path: &Path| checked().flat_map(|file| &file.texts).find(|(known, _)| known == path).map(|(_, text)| Arc::clone(text));
        let round = changes.apply(checked().flat_map(|file| &file.report.findings), &text_of, are_unsafe);
        if round.texts.is_empty() {
            for finding in &round.refused {
                let path = &finding.primary.path;
                let line = text_of(path).map_or(1, |text| LineIndex::new(&text).line_column(&text, finding.primary.range.start).line);
                notice(&format!("{}:{line}: the fix for `{}` would leave code that does not parse, and is not applied", folder.name(path), finding.rule));
            }
            break;
        }
        for (path, text) in round.texts {
            engine.set_overlay(&path, Some(text));
        }
        results = check_all(engine, targets)?;
    }
    Ok(results)
}

fn standard_input() -> Result<Arc<str>, Failure> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(Failure::StandardInput)?;
    let decoded = text::decode(&bytes).map_err(Failure::Undecodable)?;
    Ok(Arc::from(decoded.text))
}

/// What was found in one file, and the texts that are needed to show it.
struct Checked {
    target: Target,
    report: Report,
    texts: Vec<(PathBuf, Arc<str>)>,
}

fn check(snapshot: &Snapshot, target: &Target) -> Checked {
    let report = snapshot.check(&target.path);
    let mut paths: BTreeSet<&Path> = report.findings.iter().flat_map(places).collect();
    if report.unanalysed.iter().any(|part| part.range.is_some()) {
        paths.insert(&target.path);
    }
    let texts = paths.into_iter().filter_map(|path| Some((path.to_owned(), snapshot.text(path)?))).collect();
    Checked { target: target.clone(), report, texts }
}

/// The files that `finding` points into.
fn places(finding: &Finding) -> impl Iterator<Item = &Path> {
    let labels = finding.labels.iter().map(|label| &label.place);
    let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| &edit.place));
    std::iter::once(&finding.primary).chain(labels).chain(edits).map(|place| place.path.as_path())
}
