//! How findings are written, on findings made up here.
#![allow(clippy::expect_used, reason = "a test fails by panic")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use backprobe::finding::{Anchor, Applicability, Confidence, Edit, Family, Finding, Fix, Label, Location, Severity};
use backprobe::report::{self, Format, Sources, Style};
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
    let mut sources = Sources::default();
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
    let mut output = Vec::new();
    report::write(&[unstacked_layer(), wrong_parameters()], &sources(), format, &mut output).expect("a vector takes all");
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
fn places_outside_the_text_are_clamped() {
    let mut finding = unstacked_layer();
    finding.primary.range = TextRange::new(9_000, 9_001);
    finding.labels[0].place.range = TextRange::new(5_000, 4_000);
    for format in [Format::Full(Style::Plain), Format::Concise, Format::Json] {
        let mut output = Vec::new();
        report::write(std::slice::from_ref(&finding), &sources(), format, &mut output).expect("a vector takes all");
        assert!(!output.is_empty());
    }
}
