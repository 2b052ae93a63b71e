//! The examples: every bug is found at its line, and the fixed twins are clean.
#![allow(clippy::expect_used, reason = "a test fails by panic")]

use std::process::Output;

use assert_cmd::Command;

/// File, line and rule of every finding in `examples/`, in the order in which they are written.
const EXPECTED: [&str; 18] = [
    "examples/single_unit_softmax/buggy_keras.py:12 single-unit-softmax",
    "examples/single_unit_softmax/buggy_pytorch.py:15 single-unit-softmax",
    "examples/single_unit_softmax/buggy_tensorflow1.py:11 single-unit-softmax",
    "examples/tape_training_flag/buggy_keras.py:16 tape-without-training-flag",
    "examples/training_flag/buggy_flax.py:11 constant-training-flag",
    "examples/training_flag/buggy_keras.py:16 constant-training-flag",
    "examples/training_flag/buggy_pytorch.py:17 batch-norm-without-training-flag",
    "examples/training_flag/buggy_pytorch.py:28 dropout-without-training-flag",
    "examples/training_flag/buggy_tensorflow1.py:10 batch-norm-without-training-flag",
    "examples/training_flag/buggy_tensorflow1.py:11 dropout-without-training-flag",
    "examples/unstacked_layer/buggy_flax.py:14 unstacked-layer",
    "examples/unstacked_layer/buggy_keras.py:10 unstacked-layer",
    "examples/unstacked_layer/buggy_pytorch.py:16 unstacked-layer",
    "examples/unstacked_layer/buggy_tensorflow1.py:10 unstacked-layer",
    "examples/wrong_parameters/buggy_keras.py:17 opponent-not-frozen",
    "examples/wrong_parameters/buggy_pytorch.py:32 optimizer-holds-wrong-parameters",
    "examples/wrong_parameters/buggy_tensorflow1.py:29 optimizer-without-variable-list",
    "examples/wrong_parameters/buggy_tensorflow1.py:30 optimizer-without-variable-list",
];

#[test]
fn every_bug_is_found_and_every_fixed_twin_is_clean() {
    let output = check(&["examples", "--output-format", "json"]);
    let findings: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let line = |finding: &serde_json::Value| {
        let text = |field: &str| finding[field].as_str().expect("the field is text").to_owned();
        format!("{}:{} {}", text("path"), finding["line"], text("rule"))
    };
    assert_eq!(findings.iter().map(line).collect::<Vec<_>>(), EXPECTED);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_readme_shows_a_finding_as_it_is_written() {
    let output = check(&["examples/unstacked_layer/buggy_pytorch.py"]).stdout;
    let output = String::from_utf8(output).expect("the output is text");
    let (finding, _) = output.split_once("\n\n1 finding").expect("there is one finding");
    assert!(include_str!("../README.md").contains(&format!("```text\n{finding}\n```")), "README.md does not show\n{finding}");
}

fn check(arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("backprobe").expect("the binary is built");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("check").args(arguments).output().expect("the binary starts")
}
