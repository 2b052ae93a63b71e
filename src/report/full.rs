//! Each finding with an excerpt of the source, as rustc writes errors: caret, labels, then why and help.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Source, Sources};
use crate::finding::{Finding, Location, Severity};
use crate::text::TextRange;

/// Whether excerpts carry colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Colours of a terminal.
    Coloured,
    /// Nothing but characters.
    Plain,
}

pub(super) fn write(findings: &[Finding], sources: &Sources, style: Style, output: &mut dyn Write) -> io::Result<()> {
    let renderer = match style {
        Style::Coloured => Renderer::styled(),
        Style::Plain => Renderer::plain(),
    };
    for finding in findings {
        let title = level(finding.severity).primary_title(finding.message.as_str()).id(finding.rule);
        let excerpts = excerpts(finding, sources);
        let group = Group::with_title(title)
            .elements(excerpts.iter().map(Excerpt::snippet))
            .element(Level::NOTE.with_name("why").message(finding.why.as_str()))
            .element(Level::HELP.message(finding.help.as_str()));
        writeln!(output, "{}\n", renderer.render(&[group]))?;
    }
    Ok(())
}

fn level(severity: Severity) -> Level<'static> {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO,
        Severity::Hint => Level::NOTE,
    };
    level.with_name(severity.name())
}

/// The lines of one file that a finding speaks of.
struct Excerpt<'a> {
    name: &'a str,
    first_line: u32,
    /// The part of the file that holds all marks; its marks count from its start.
    text: String,
    marks: Vec<Mark<'a>>,
}

struct Mark<'a> {
    kind: AnnotationKind,
    range: std::ops::Range<usize>,
    label: Option<&'a str>,
}

impl Excerpt<'_> {
    fn snippet(&self) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let marks = self.marks.iter().map(|mark| mark.kind.span(mark.range.clone()).label(mark.label));
        Snippet::source(self.text.as_str()).line_start(self.first_line as usize).path(self.name).annotations(marks)
    }
}

/// One excerpt a file: that of the primary place first, the others in the order of the labels.
fn excerpts<'a>(finding: &'a Finding, sources: &'a Sources) -> Vec<Excerpt<'a>> {
    let mut places: Vec<(&Location, AnnotationKind, Option<&str>)> = vec![(&finding.primary, AnnotationKind::Primary, None)];
    for label in &finding.labels {
        places.push((&label.place, AnnotationKind::Context, Some(&label.message)));
    }
    let mut excerpts = Vec::new();
    while let Some((first, ..)) = places.first() {
        let path = first.path.clone();
        let (here, elsewhere) = places.into_iter().partition(|(place, ..)| place.path == path);
        places = elsewhere;
        if let Some(source) = sources.get(&path) {
            excerpts.push(excerpt(source, here));
        }
    }
    excerpts
}

fn excerpt<'a>(source: &'a Source, places: Vec<(&Location, AnnotationKind, Option<&'a str>)>) -> Excerpt<'a> {
    let start = places.iter().map(|(place, ..)| place.range.start).min().unwrap_or_default();
    let end = places.iter().map(|(place, ..)| place.range.end).max().unwrap_or_default();
    let (first_line, window) = source.lines(TextRange::new(start, end));
    let text = &source.text()[window.indices()];
    let marks = places.into_iter().map(|(place, kind, label)| Mark { kind, range: inside(place.range, window, text), label });
    Excerpt { name: source.name(), first_line, text: with_line_feeds(text), marks: marks.collect() }
}

/// `range` counted from the start of `window`, on character boundaries of its `text`.
fn inside(range: TextRange, window: TextRange, text: &str) -> std::ops::Range<usize> {
    let end = text.floor_char_boundary(range.end.saturating_sub(window.start) as usize);
    let start = text.floor_char_boundary(range.start.saturating_sub(window.start) as usize).min(end);
    start..end
}

/// `text` with every lone carriage return, which ends a line in Python too, as a line feed.
fn with_line_feeds(text: &str) -> String {
    let mut characters = text.chars().peekable();
    let mut result = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let is_lone = character == '\r' && characters.peek() != Some(&'\n');
        result.push(if is_lone { '\n' } else { character });
    }
    result
}
