//! How findings are written, on findings made up here.
#![allow(clippy::expect_used, reason = "a test fails by panic")]

#[path = "report/junit.rs"]
mod junit;
#[path = "report/sarif.rs"]
mod sarif;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use backprobe::finding::{Anchor, Applicability, Confidence, Edit, Family, Finding, Fix, Label, Location, Severity};
use backprobe::report::{self, Format, Sources, StatisticsFormat, Style};
use backprobe::text::TextRange;

const MODEL: &str = "\
class Net(nn.Module):
    def forward(self, images):
        hidden = self.first(images)
        # größer
        hidden = self.second(images)
        return self.last(hidden)
";

const TRAIN: &str = "import torch\r\ntitle = 'größer 🎉'; optimizer = torch.optim.Adam(net.parameters())\r\n";

fn sources() -> Sources {
    let mut sources = Sources::below(PathBuf::from("/project"));
    sources.insert(PathBuf::from("/project/model.py"), "model.py".to_owned(), Arc::from(MODEL));
    sources.insert(PathBuf::from("/project/train.py"), "train.py".to_owned(), Arc::from(TRAIN));
    sources
}

/// The place of `part` in the file at `path`.
fn place(path: &str, part: &str) -> Location {
    let sources = sources();
    let start = sources.get(Path::new(path)).and_then(|source| source.text().find(part)).expect("the part is in the text");
    Location { path: Arc::new(PathBuf::from(path)), range: TextRange::new(start as u32, (start + part.len()) as u32) }
}

fn unstacked_layer() -> Finding {
    Finding {
        rule: "unstacked-layer",
        family: Family::Layers,
        severity: Severity::Error,
        confidence: Confidence::High,
        primary: place("/project/model.py", "self.second"),
        message: "`self.second` takes `images` again instead of the output of `self.first`".to_owned(),
        why: "no gradient reaches `self.first`, so it never trains".to_owned(),
        help: "pass `hidden` to `self.second`".to_owned(),
        labels: vec![
            Label { place: place("/project/model.py", "self.first(images)"), message: "this output is not used".to_owned() },
            Label { place: place("/project/train.py", "net.parameters()"), message: "the optimizer holds it".to_owned() },
        ],
        fix: None,
        plan: None,
    }
}

fn wrong_parameters() -> Finding {
    Finding {
        rule: "optimizer-holds-wrong-parameters",
        family: Family::Optimizers,
        severity: Severity::Information,
        confidence: Confidence::Medium,
        primary: place("/project/train.py", "torch.optim.Adam"),
        message: "the optimizer holds \"net\"".to_owned(),
        why: "the other player never trains".to_owned(),
        help: "pass the parameters of the other player".to_owned(),
        labels: Vec::new(),
        fix: Some(Fix {
            title: "train the other player".to_owned(),
            applicability: Applicability::Unsafe,
            edits: vec![
                Edit { place: place("/project/train.py", "net"), anchor: Anchor::Replace, text: "other".to_owned() },
                Edit {
                    place: place("/project/train.py", "torch.optim.Adam(net.parameters())"),
                    anchor: Anchor::LastArgument,
                    text: "lr=1e-3".to_owned(),
                },
            ],
        }),
        plan: None,
    }
}

fn written(format: Format) -> String {
    written_of(&[unstacked_layer(), wrong_parameters()], format)
}

fn written_of(findings: &[Finding], format: Format) -> String {
    let mut output = Vec::new();
    report::write(findings, &sources(), format, &mut output).expect("a vector takes all");
    String::from_utf8(output).expect("output is UTF-8")
}

#[test]
fn full_output_shows_excerpts() {
    insta::assert_snapshot!(written(Format::Full(Style::Plain)));
}

#[test]
fn colours_change_nothing_but_colours() {
    let coloured = written(Format::Full(Style::Coloured));
    assert!(coloured.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), written(Format::Full(Style::Plain)));
}

#[test]
fn concise_output_is_one_line_a_finding() {
    insta::assert_snapshot!(written(Format::Concise));
}

#[test]
fn json_output_has_fields_in_the_promised_order() {
    insta::assert_snapshot!(written(Format::Json));
}

#[test]
fn github_output_is_one_command_a_finding() {
    insta::assert_snapshot!(written(Format::Github));
}

#[test]
fn github_commands_end_only_where_they_should() {
    let mut sources = Sources::below(PathBuf::from("/project"));
    sources.insert(PathBuf::from("/project/model.py"), "a,b: 100%\r\n.py".to_owned(), Arc::from(MODEL));
    let mut finding = unstacked_layer();
    finding.message = "100%, a: b\r\nc".to_owned();
    let mut output = Vec::new();
    report::write(&[finding], &sources, Format::Github, &mut output).expect("a vector takes all");
    let output = String::from_utf8(output).expect("output is UTF-8");
    assert_eq!(output.lines().count(), 1);
    assert!(output.starts_with("::error file=a%2Cb%3A 100%25%0D%0A.py,line=5,"), "{output}");
    assert!(output.contains("::100%25, a: b%0D%0Ac%0Awhy: "), "{output}");
}

#[test]
fn gitlab_output_has_fields_in_the_promised_order() {
    insta::assert_snapshot!(written(Format::Gitlab));
}

/// The fingerprints of `findings` in model.py, whose text is `text`.
fn fingerprints(findings: &[Finding], text: &str) -> Vec<String> {
    let mut sources = Sources::below(PathBuf::from("/project"));
    sources.insert(PathBuf::from("/project/model.py"), "model.py".to_owned(), Arc::from(text));
    let mut output = Vec::new();
    report::write(findings, &sources, Format::Gitlab, &mut output).expect("a vector takes all");
    let issues: serde_json::Value = serde_json::from_slice(&output).expect("the report is JSON");
    let fingerprint = |issue: &serde_json::Value| issue["fingerprint"].as_str().expect("an issue has a fingerprint").to_owned();
    issues.as_array().expect("the report is an array").iter().map(fingerprint).collect()
}

#[test]
fn fingerprints_tell_findings_apart_and_outlive_other_edits() {
    let finding = unstacked_layer();
    let mut other_line = unstacked_layer();
    other_line.primary = place("/project/model.py", "self.last");
    let mut other_rule = unstacked_layer();
    other_rule.rule = "single-unit-softmax";
    let mut findings = vec![finding.clone(), finding, other_line, other_rule];
    let before = fingerprints(&findings, MODEL);
    let unique: std::collections::BTreeSet<&String> = before.iter().collect();
    assert_eq!(unique.len(), findings.len());

    let inserted = "# a new line\n";
    for finding in &mut findings {
        let range = finding.primary.range;
        finding.primary.range = TextRange::new(range.start + inserted.len() as u32, range.end + inserted.len() as u32);
        finding.message.push_str(", in other words");
    }
    assert_eq!(fingerprints(&findings, &format!("{inserted}{MODEL}")), before);
}

fn statistics(findings: &[Finding], format: StatisticsFormat) -> String {
    let mut output = Vec::new();
    report::write_statistics(findings, format, &mut output).expect("a vector takes all");
    String::from_utf8(output).expect("output is UTF-8")
}

#[test]
fn statistics_are_sorted_by_number_and_then_by_name() {
    let softmax = Finding { rule: "single-unit-softmax", ..unstacked_layer() };
    let mut findings = vec![unstacked_layer(), wrong_parameters(), softmax];
    findings.extend(std::iter::repeat_n(unstacked_layer(), 9));
    findings.push(Finding { fix: None, ..wrong_parameters() });
    insta::assert_snapshot!(statistics(&findings, StatisticsFormat::Table), @"
    10  [ ]  unstacked-layer
     2  [*]  optimizer-holds-wrong-parameters
     1  [ ]  single-unit-softmax
    ");
    insta::assert_snapshot!(statistics(&findings[..2], StatisticsFormat::Json), @r#"
    [
      {
        "rule": "optimizer-holds-wrong-parameters",
        "findings": 1,
        "fixable": 1
      },
      {
        "rule": "unstacked-layer",
        "findings": 1,
        "fixable": 0
      }
    ]
    "#);
}

#[test]
fn places_outside_the_text_are_clamped() {
    let mut finding = unstacked_layer();
    finding.primary.range = TextRange::new(9_000, 9_001);
    finding.labels[0].place.range = TextRange::new(5_000, 4_000);
    for format in [Format::Full(Style::Plain), Format::Concise, Format::Json, Format::Sarif, Format::Github, Format::Gitlab, Format::Junit] {
        assert!(!written_of(std::slice::from_ref(&finding), format).is_empty());
    }
}
