//! Merging: nothing that exists is lost or said twice, whatever the file looks like.

use proptest::prelude::*;

use super::{builder, convnet, wanted};
use crate::finding::{Content, Property, Subject, TestPlan};
use crate::syntax::{Queries, Words, lower, outline};
use crate::testgen::{Wanted, test_file};

fn merged(existing: &str, plan: &TestPlan) -> String {
    test_file(&[wanted(plan)], Some(existing)).expect("the file parses").text
}

#[test]
fn a_second_test_joins_the_file() {
    let first = test_file(&[wanted(&convnet(Property::Trains(Vec::new())))], None).expect("a new file").text;
    let both = merged(&first, &convnet(Property::OutputVaries));
    assert!(both.starts_with(&first[..first.len() - 1]), "{both}");
    assert_eq!(both.matches("import torch\n").count(), 1);
    assert!(both.contains("\n\n\ndef test_output_of_convnet_varies():\n"));
}

#[test]
fn an_edited_test_is_not_written_again() {
    let first = test_file(&[wanted(&convnet(Property::Trains(Vec::new())))], None).expect("a new file").text;
    let edited = first.replace("(8, 3, 32, 32)", "(4, 3, 64, 64)").replace("step.assert_trained()", "step.assert_trained(except_=[\"head\"])");
    let result = test_file(&[wanted(&convnet(Property::Trains(Vec::new())))], Some(&edited)).expect("the file parses");
    assert_eq!((result.text, result.added, result.present), (edited, vec![], vec!["test_every_parameter_of_convnet_trains".to_owned()]));
}

#[test]
fn a_test_of_another_subject_gets_a_name_of_its_own() {
    let existing = "def test_every_parameter_of_convnet_trains():\n    pass\n";
    let result = test_file(&[wanted(&convnet(Property::Trains(Vec::new())))], Some(existing)).expect("the file parses");
    assert_eq!(result.added, ["test_every_parameter_of_convnet_trains_2"]);
}

#[test]
fn the_first_test_is_found_where_it_is_defined() {
    let existing = "\"\"\"As in\n\ndef test_every_parameter_of_convnet_trains():\n\"\"\"\n";
    let result = test_file(&[wanted(&convnet(Property::Trains(Vec::new())))], Some(existing)).expect("the file parses");
    let place = result.first().expect("it was added");
    assert_eq!(&result.text[place.indices()], "test_every_parameter_of_convnet_trains");
    assert!(place.start as usize > existing.len());
}

#[test]
fn the_first_test_is_found_at_what_it_wants_to_be_filled_in() {
    let mut plan = convnet(Property::Trains(Vec::new()));
    plan.inputs[0].content = Content::FillIn("`images`".to_owned());
    let existing = "import backprobe\n\n\ndef test_mine():\n    return backprobe.fill_in(\"mine\")\n";
    let result = test_file(&[wanted(&plan)], Some(existing)).expect("the file parses");
    let place = result.first().expect("it was added");
    assert_eq!(&result.text[place.indices()], "backprobe.fill_in(\"`images`\")");
}

#[test]
fn imports_join_those_that_are_there() {
    let existing = "#!/usr/bin/env python\n\"\"\"Mine.\"\"\"\nfrom __future__ import annotations\nimport os\nfrom torch.nn import functional as F\n\nX = 1\n";
    let text = merged(existing, &convnet(Property::Trains(Vec::new())));
    let head: Vec<&str> = text.lines().take(10).collect();
    assert_eq!(
        head,
        ["#!/usr/bin/env python", "\"\"\"Mine.\"\"\"", "from __future__ import annotations", "import os", "from torch.nn import functional as F", "import backprobe", "import torch", "from models.convnet import ConvNet", "", "X = 1"]
    );
}

#[test]
fn a_name_joins_the_import_of_others_from_its_module() {
    let existing = "import os\nfrom models.convnet import pad, Block as B  # mine\n\nX = 1\n";
    let text = merged(existing, &convnet(Property::OutputVaries));
    assert!(text.starts_with("import os\nfrom models.convnet import Block as B, ConvNet, pad  # mine\nimport backprobe\nimport torch\n\nX = 1\n"), "{text}");
    for other in ["from models.convnet import (\n    Block,\n)\n", "from models.convnet import Block; Y = 2\n", "from .models.convnet import Block\n"] {
        let text = merged(other, &convnet(Property::OutputVaries));
        assert!(text.starts_with(other) && text.contains("\nfrom models.convnet import ConvNet\n"), "{text}");
    }
}

#[test]
fn a_name_that_means_something_else_is_imported_under_another() {
    let existing = "from other import ConvNet\n\nF = 3\n";
    let text = merged(existing, &convnet(Property::Trains(Vec::new())));
    assert!(text.contains("from models.convnet import ConvNet as models_convnet_ConvNet\n"), "{text}");
    assert!(text.contains("    model = models_convnet_ConvNet()\n"), "{text}");
    assert!(text.contains("import torch.nn.functional as torch_nn_functional_module\n"), "{text}");
    assert!(text.contains("torch_nn_functional_module.cross_entropy(model(images), labels)"), "{text}");
}

#[test]
fn line_endings_are_kept() {
    let existing = "import os\r\n\r\nX = 1\r\n";
    let text = merged(existing, &convnet(Property::Trains(Vec::new())));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

#[test]
fn graphs_are_switched_on_once() {
    let first = test_file(&[wanted(&builder(Property::StatisticsMoved, true))], None).expect("a new file").text;
    let both = merged(&first, &builder(Property::RandomInTraining, true));
    assert_eq!(both.matches("tf.disable_v2_behavior()").count(), 1);
}

#[test]
fn graphs_are_switched_on_under_the_name_that_the_file_has_for_them() {
    let text = merged("import tensorflow as tf\n\n\ndef test_mine():\n    assert tf\n", &builder(Property::StatisticsMoved, true));
    assert!(text.contains("\nimport tensorflow.compat.v1 as tensorflow_compat_v1_module\n"), "{text}");
    assert!(text.contains("\n\ntensorflow_compat_v1_module.disable_v2_behavior()\n\n\ndef test_mine():\n"), "{text}");
    assert!(!text.contains("tf.disable_v2_behavior()"), "{text}");
    let commented = merged("# tf.disable_v2_behavior()\nX = 1\n", &builder(Property::StatisticsMoved, true));
    assert!(commented.contains("\n\ntf.disable_v2_behavior()\n\nX = 1\n"), "{commented}");
}

#[test]
fn a_broken_file_is_left_alone() {
    let existing = "import os\n\ndef test_mine(:\n    pass\n";
    let error = test_file(&[wanted(&convnet(Property::Trains(Vec::new())))], Some(existing)).expect_err("it does not parse");
    assert_eq!(error.line, 3);
}

/// Statements that test files hold, in every layout.
fn statements() -> impl Strategy<Value = Vec<String>> {
    let one = prop::sample::select(vec![
        "import os",
        "import torch, sys",
        "from torch import nn",
        "import torch.nn.functional as F",
        "import numpy",
        "from models.convnet import ConvNet",
        "from models.convnet import Block",
        "from models.convnet import (\n    ConvNet as Net,\n)",
        "import backprobe",
        "torch = None",
        "\"\"\"A docstring.\n\nimport nothing\n\"\"\"",
        "# a comment",
        "",
        "X = 1; import re",
        "class ConvNet:\n    def __init__(self):\n        import torch",
        "def test_every_parameter_of_convnet_trains():\n    step.assert_trained()",
        "def test_output_of_convnet_varies():\n\n    # ConvNet\n    backprobe.assert_output_varies(ConvNet())",
        "if True:\n    import tensorflow as tf\nelse:\n    tf = None",
        "@decorated(\n    1)\ndef test_mine(): pass",
        "text = '''\ndef f():\n'''",
    ]);
    prop::collection::vec(one.prop_map(str::to_owned), 0..8)
}

fn plans() -> impl Strategy<Value = TestPlan> {
    prop::sample::select(vec![
        convnet(Property::Trains(Vec::new())),
        convnet(Property::OutputVaries),
        builder(Property::StatisticsMoved, true),
        builder(Property::Deterministic, false),
        TestPlan { subject: Subject::Unreachable { name: String::new(), missing: "all".to_owned() }, ..convnet(Property::Deterministic) },
    ])
}

fn parses(text: &str) -> bool {
    let (_, layout) = outline(text, &Words::new(["torch"]));
    layout.units().iter().all(|unit| !lower(unit.kind, &unit.texts(text), &Queries::default()).hir.broken)
}

fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut lines = whole.lines();
    let is_joined = |line: &str, other: &str| line.ends_with("import Block") && other.starts_with(&format!("{line}, ConvNet"));
    part.lines().all(|line| lines.any(|other| other == line || is_joined(line, other)))
}

proptest! {
    #[test]
    fn merging_keeps_every_line_parses_and_is_done_once(statements in statements(), plans in prop::collection::vec(plans(), 1..4), ending in prop::sample::select(vec!["\n", "\r\n"]), last in any::<bool>()) {
        let mut existing = statements.join("\n").replace('\n', ending);
        if last {
            existing.push_str(ending);
        }
        prop_assert!(parses(&existing), "{existing}");
        let tests: Vec<Wanted<'_>> = plans.iter().map(wanted).collect();
        let once = test_file(&tests, Some(&existing)).expect("the file parses");
        prop_assert!(parses(&once.text), "{}", once.text);
        prop_assert!(is_subsequence(&existing, &once.text), "{}", once.text);
        let twice = test_file(&tests, Some(&once.text)).expect("the file parses");
        prop_assert_eq!(&twice.text, &once.text);
        prop_assert!(twice.added.is_empty());
    }
}
