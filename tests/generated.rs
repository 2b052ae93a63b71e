//! The tests that are written for findings in whole files: `tests/generated/NAME.py` gives `tests/snapshots/generated__NAME.snap`.
//!
//! `tests/pages` runs generated tests with the real frameworks; these show what is read from code and what is left to be filled in.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test reads the repository and fails by panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use backprobe::engine::{Engine, Memory, Snapshot};
use backprobe::finding::Finding;
use backprobe::testgen::{Wanted, test_file};

/// The file `tests/generated/{name}.py` as the only one of a project.
fn project(name: &str) -> (Snapshot, PathBuf) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generated").join(format!("{name}.py"));
    let text = fs::read_to_string(source).expect("the file is part of the repository");
    let path = PathBuf::from(format!("/project/{name}.py"));
    let files = Memory::default();
    files.write(&path, &text);
    (Engine::new(Arc::new(files)).snapshot(), path)
}

/// The text of the test file for all findings of `tests/generated/{name}.py`.
fn generated(name: &str) -> String {
    let (snapshot, path) = project(name);
    let findings = snapshot.check(&path).findings;
    let relative = format!("{name}.py");
    let wanted = |finding: &Finding| finding.plan.clone().map(|plan| (finding.rule, plan));
    let plans: Vec<_> = findings.iter().filter_map(wanted).collect();
    assert_eq!(plans.len(), findings.len(), "every finding has a test");
    let tests: Vec<Wanted<'_>> = plans.iter().map(|(rule, plan)| Wanted { of: rule, path: &relative, plan }).collect();
    test_file(&tests, None).expect("a new file has no errors").text
}

#[test]
fn shapes_ids_and_arguments_of_modules_are_read_from_their_code() {
    insta::assert_snapshot!("networks", generated("networks"));
}

#[test]
fn placeholders_flags_and_losses_of_builders_are_read_from_their_code() {
    insta::assert_snapshot!("builders", generated("builders"));
}

#[test]
fn a_module_that_runs_when_it_is_imported_is_not_imported() {
    insta::assert_snapshot!("script", generated("script"));
}

#[test]
fn of_twins_the_network_is_named_that_does_not_train() {
    insta::assert_snapshot!("twins", generated("twins"));
}

/// The text of the test file for all that trains in `tests/generated/{name}.py`.
fn training_tests(name: &str) -> String {
    let (snapshot, path) = project(name);
    let names: Vec<&str> = snapshot.trainables(&path).iter().map(|(trainable, _)| trainable.name()).collect();
    training_tests_of(name, &names)
}

/// The text of the test file for `what` in `tests/generated/{name}.py`.
fn training_tests_of(name: &str, what: &[&str]) -> String {
    let (snapshot, path) = project(name);
    let of = |name| snapshot.training_tests(&path, name).expect("it trains").into_iter().map(move |plan| (name, plan));
    let plans: Vec<_> = what.iter().flat_map(|&name| of(name)).collect();
    let relative = format!("{name}.py");
    let tests: Vec<Wanted<'_>> = plans.iter().map(|(name, plan)| Wanted { of: name, path: &relative, plan }).collect();
    test_file(&tests, None).expect("a new file has no errors").text
}

#[test]
fn what_trains_is_tested_without_a_finding() {
    insta::assert_snapshot!("training_of_networks", training_tests("networks"));
    insta::assert_snapshot!("training_of_builders", training_tests("builders"));
    insta::assert_snapshot!("training_of_players", training_tests("players"));
    insta::assert_snapshot!("training_of_script", training_tests("script"));
    insta::assert_snapshot!("training_of_blocks", training_tests("blocks"));
    insta::assert_snapshot!("training_of_wholes", training_tests("wholes"));
    insta::assert_snapshot!("training_of_sizes", training_tests("sizes"));
    insta::assert_snapshot!("training_of_parts", training_tests("parts"));
    insta::assert_snapshot!("training_of_samplers", training_tests("samplers"));
    insta::assert_snapshot!("training_of_main", training_tests("main"));
}

#[test]
fn a_caller_counts_that_runs_what_trains_or_makes_an_object_of_it() {
    insta::assert_snapshot!("training_of_callers", training_tests("callers"));
}

#[test]
fn a_class_and_a_method_that_take_steps_are_tested_by_them() {
    insta::assert_snapshot!("training_of_steps", training_tests("steps"));
    insta::assert_snapshot!("training_of_methods", training_tests_of("steps", &["Recogniser.step", "Players.train_judge", "Critics.train_other", "Trainer.fit"]));
}

#[test]
fn of_what_an_object_holds_a_method_is_asked_for_what_it_trains() {
    let models = ["AutoEncoder", "AutoEncoder.encode", "AutoEncoder.loss", "Agent.act", "Heads", "Gaussian", "Gaussian.log_prob"];
    let steps = ["Agent.learn", "Agent.warm_up", "Agent.advise", "Halves.name", "Halves.copy", "Halves.probe", "Cooled", "Cooled.cool", "Single.learn"];
    insta::assert_snapshot!("methods", training_tests_of("methods", &[models.as_slice(), &steps].concat()));
    let (snapshot, path) = project("methods");
    for method in ["AutoEncoder.rebuild", "AutoEncoder.predict", "AutoEncoder.embed"] {
        assert_eq!(snapshot.training_tests(&path, method), Some(Vec::new()), "{method}");
    }
}

/// The names of the tests of `what` in `tests/generated/{name}.py`.
fn names_of(name: &str, what: &str) -> BTreeSet<String> {
    training_tests_of(name, &[what]).lines().filter_map(|line| line.strip_prefix("def ")).map(str::to_owned).collect()
}

#[test]
fn tests_of_methods_that_do_different_things_have_different_names() {
    for (name, what, other) in [
        ("methods", "AutoEncoder", "AutoEncoder.encode"),
        ("methods", "AutoEncoder.encode", "AutoEncoder.decode"),
        ("methods", "Agent.learn", "Agent.warm_up"),
        ("methods", "Agent.learn", "Agent.act"),
        ("steps", "Players.train_judge", "Players.train_maker"),
    ] {
        assert!(names_of(name, what).is_disjoint(&names_of(name, other)), "{what} and {other}");
    }
    assert_eq!(names_of("methods", "AutoEncoder"), names_of("methods", "AutoEncoder.forward"));
}
