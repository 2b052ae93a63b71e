//! What `backprobe check` writes.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use super::Checked;
use crate::cli::arguments::{CheckArguments, CheckFormat};
use crate::cli::failure::Failure;
use crate::cli::notice;
use crate::cli::targets::{CurrentFolder, Target};
use crate::engine::Unanalysed;
use crate::finding::{Applicability, Finding};
use crate::report::{self, Format, Source, Sources, StatisticsFormat, Style};

/// What of the findings is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Each of them.
    Findings(CheckFormat),
    /// How many there are of each rule.
    Statistics(StatisticsFormat),
}

impl Shown {
    pub(super) fn of(arguments: &CheckArguments) -> Result<Self, Failure> {
        match (arguments.statistics, arguments.output_format) {
            (false, format) => Ok(Self::Findings(format)),
            (true, CheckFormat::Full | CheckFormat::Concise) => Ok(Self::Statistics(StatisticsFormat::Table)),
            (true, CheckFormat::Json) => Ok(Self::Statistics(StatisticsFormat::Json)),
            (true, CheckFormat::Sarif | CheckFormat::Github | CheckFormat::Gitlab | CheckFormat::Junit) => Err(Failure::NoStatistics),
        }
    }
}

/// How much was found where.
pub(super) struct Summary {
    pub(super) findings: usize,
    files_with_findings: usize,
    files: usize,
    /// Findings with a fix that is safe, and with one that is not.
    fixable: [usize; 2],
}

impl Summary {
    pub(super) fn of(targets: &[Target], checked: &[Checked]) -> Self {
        let counts = || checked.iter().map(|file| file.report.findings.len());
        let fixes = || checked.iter().flat_map(|file| &file.report.findings).filter_map(|finding| finding.fix.as_ref());
        let fixable = [Applicability::Safe, Applicability::Unsafe].map(|kind| fixes().filter(|fix| fix.applicability == kind).count());
        Self { findings: counts().sum(), files_with_findings: counts().filter(|count| *count > 0).count(), files: targets.len(), fixable }
    }

    fn sentence(&self) -> String {
        let found = match self.findings {
            0 => return format!("no findings in {}", counted(self.files, "file")),
            _ => format!("{} in {}", counted(self.findings, "finding"), counted(self.files_with_findings, "file")),
        };
        match self.fixable {
            [0, 0] => found,
            [0, more] => format!("{found}; `--unsafe-fixes` mends {more}"),
            [safe, 0] => format!("{found}; `--fix` mends {safe}"),
            [safe, more] => format!("{found}; `--fix` mends {safe}, `--unsafe-fixes` {more} more"),
        }
    }
}

pub(super) fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// The findings and the texts that show them; what was not analysed is named on standard error.
pub(super) fn collect(checked: Vec<Checked>, folder: &CurrentFolder) -> (Vec<Finding>, Sources) {
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
    (findings, sources)
}

/// Writes the fixed text of standard input to standard output, and what is left to standard error.
pub(super) fn write_fixed(text: &str, checked: Vec<Checked>, folder: &CurrentFolder) -> io::Result<()> {
    let (findings, sources) = collect(checked, folder);
    io::stdout().lock().write_all(text.as_bytes())?;
    report::write(&findings, &sources, Format::Concise, &mut io::stderr().lock())
}

pub(super) fn write(checked: Vec<Checked>, shown: Shown, summary: &Summary, folder: &CurrentFolder) -> io::Result<()> {
    let (findings, sources) = collect(checked, folder);
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
