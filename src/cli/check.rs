//! `backprobe check`: finds bugs and writes them.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anstream::{AutoStream, ColorChoice};

use super::arguments::{CheckArguments, CheckFormat};
use super::failure::Failure;
use super::targets::{CurrentFolder, STANDARD_INPUT, Target};
use super::{Outcome, notice, pool, targets};
use crate::engine::{Disk, Engine, Report, Snapshot, Unanalysed};
use crate::finding::Finding;
use crate::report::{self, Format, Source, Sources, StatisticsFormat, Style};
use crate::text;

/// The name of standard input where none is given.
const STANDARD_INPUT_NAME: &str = "<stdin>";

pub(super) fn run(arguments: &CheckArguments) -> Result<Outcome, Vec<Failure>> {
    let shown = Shown::of(arguments).map_err(|failure| vec![failure])?;
    let folder = CurrentFolder::of_process().map_err(|failure| vec![failure])?;
    let mut engine = Engine::new(Arc::new(Disk));
    let (mut targets, mut failures) = targets::find(&arguments.paths, &folder);
    if arguments.paths.iter().any(|path| path.as_os_str() == STANDARD_INPUT) {
        let name = arguments.stdin_filename.as_deref().unwrap_or(Path::new(STANDARD_INPUT_NAME));
        match standard_input() {
            Ok(text) => {
                let target = folder.target(name);
                engine.set_overlay(&target.path, Some(text));
                targets.retain(|other| other.path != target.path);
                targets.push(target);
            }
            Err(failure) => failures.push(failure),
        }
    }
    let mut checked = Vec::new();
    for result in pool::for_each(&engine, &targets, check).map_err(|failure| vec![failure])? {
        match result {
            Ok(file) => checked.push(file),
            Err(failure) => failures.push(failure),
        }
    }
    if targets.is_empty() && failures.is_empty() {
        notice("no Python files found; name a file, or a folder that holds some and is not ignored by git");
    }
    let summary = Summary::of(&targets, &checked);
    write(checked, shown, &summary, &folder).map_err(|error| vec![Failure::Output(error)])?;
    match (failures.is_empty(), summary.findings) {
        (false, _) => Err(failures),
        (true, 0) => Ok(Outcome::Clean),
        (true, _) => Ok(Outcome::Found),
    }
}

/// What of the findings is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Each of them.
    Findings(CheckFormat),
    /// How many there are of each rule.
    Statistics(StatisticsFormat),
}

impl Shown {
    fn of(arguments: &CheckArguments) -> Result<Self, Failure> {
        match (arguments.statistics, arguments.output_format) {
            (false, format) => Ok(Self::Findings(format)),
            (true, CheckFormat::Full | CheckFormat::Concise) => Ok(Self::Statistics(StatisticsFormat::Table)),
            (true, CheckFormat::Json) => Ok(Self::Statistics(StatisticsFormat::Json)),
            (true, CheckFormat::Sarif | CheckFormat::Github | CheckFormat::Gitlab | CheckFormat::Junit) => Err(Failure::NoStatistics),
        }
    }
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

/// How much was found where.
struct Summary {
    findings: usize,
    files_with_findings: usize,
    files: usize,
}

impl Summary {
    fn of(targets: &[Target], checked: &[Checked]) -> Self {
        let counts = || checked.iter().map(|file| file.report.findings.len());
        Self { findings: counts().sum(), files_with_findings: counts().filter(|count| *count > 0).count(), files: targets.len() }
    }

    fn sentence(&self) -> String {
        match self.findings {
            0 => format!("no findings in {}", counted(self.files, "file")),
            _ => format!("{} in {}", counted(self.findings, "finding"), counted(self.files_with_findings, "file")),
        }
    }
}

fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

fn write(checked: Vec<Checked>, shown: Shown, summary: &Summary, folder: &CurrentFolder) -> io::Result<()> {
    let mut sources = Sources::below(folder.path().to_owned());
    let mut findings = Vec::new();
    for file in checked {
        for (path, text) in file.texts {
            if !sources.contains(&path) {
                let name = folder.name(&path);
                sources.insert(path, name, text);
            }
        }
        for part in &file.report.unanalysed {
            notice(&unanalysed(part, &file.target, sources.get(&file.target.path)));
        }
        findings.extend(file.report.findings);
    }
    let standard_output = io::stdout();
    let is_terminal = standard_output.is_terminal();
    let colours = AutoStream::choice(&standard_output);
    let style = if colours == ColorChoice::Never { Style::Plain } else { Style::Coloured };
    let mut output = BufWriter::new(AutoStream::new(standard_output.lock(), colours));
    match shown {
        Shown::Findings(format) => report::write(&findings, &sources, in_style(format, style), &mut output)?,
        Shown::Statistics(format) => report::write_statistics(&findings, format, &mut output)?,
    }
    // A clean run says so to people only.
    if shown == Shown::Findings(CheckFormat::Full) && (summary.findings > 0 || (is_terminal && summary.files > 0)) {
        writeln!(output, "{}", summary.sentence())?;
    }
    output.flush()
}

const fn in_style(format: CheckFormat, style: Style) -> Format {
    match format {
        CheckFormat::Full => Format::Full(style),
        CheckFormat::Concise => Format::Concise,
        CheckFormat::Json => Format::Json,
        CheckFormat::Sarif => Format::Sarif,
        CheckFormat::Github => Format::Github,
        CheckFormat::Gitlab => Format::Gitlab,
        CheckFormat::Junit => Format::Junit,
    }
}

fn unanalysed(part: &Unanalysed, target: &Target, source: Option<&Source>) -> String {
    let position = part.range.zip(source).map(|(range, source)| source.position(range.start));
    match position {
        Some(position) => format!("{}:{}:{}: not analysed: {}", target.name, position.line, position.column, part.reason),
        None => format!("{}: not analysed: {}", target.name, part.reason),
    }
}
