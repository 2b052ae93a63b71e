//! SARIF against the schema of its standard, and read back by other people's code.
#![allow(clippy::disallowed_methods, reason = "the schema is found by asking cargo")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use backprobe::report::Format;
use backprobe::rules;
use serde_json::Value;
use serde_sarif::sarif::Sarif;

use super::{unstacked_layer, written, written_of, wrong_parameters};

fn json(output: &str) -> Value {
    serde_json::from_str(output).expect("SARIF is JSON")
}

/// What cargo prints, asked with `arguments`.
fn cargo(arguments: &[&str]) -> String {
    let cargo = env::var_os("CARGO").expect("cargo runs the tests");
    let output = Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo starts");
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

/// The schema, which the crate that reads SARIF is made from and holds among its sources.
fn schema() -> Value {
    // Without the network, and so without what other platforms need: the crate is there, for the test was built with it.
    let version = cargo(&["--version", "--verbose"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host");
    let metadata = json(&cargo(&["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", host]));
    let packages = metadata["packages"].as_array().expect("there are packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("the tests depend on it");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a package has a manifest"));
    let mut schema = json(&fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("the crate holds the schema"));
    // One pattern is no regular expression of the kind that schemas are written in; backprobe writes no language.
    for definition in ["run", "toolComponent"] {
        let language = schema["definitions"][definition]["properties"]["language"].as_object_mut();
        language.and_then(|language| language.remove("pattern")).expect("the schema has the pattern");
    }
    schema
}

#[test]
fn sarif_is_valid() {
    let validator = jsonschema::options().should_validate_formats(true).build(&schema()).expect("the schema is valid itself");
    let mut outside = unstacked_layer();
    outside.primary.path = std::sync::Arc::new("/elsewhere/größer 100%.py".into());
    for findings in [&[][..], &[unstacked_layer(), wrong_parameters()], &[outside]] {
        let output = json(&written_of(findings, Format::Sarif));
        let errors: Vec<String> = validator.iter_errors(&output).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    for (right, wrong) in [("\"startLine\": 5", "\"startLine\": 0"), ("\"model.py\"", "\"my model.py\"")] {
        let output = written(Format::Sarif);
        assert!(output.contains(right) && !validator.is_valid(&json(&output.replace(right, wrong))), "the schema was applied");
    }
}

#[test]
fn sarif_has_fields_in_the_promised_order() {
    let mut output = written(Format::Sarif).replace(env!("CARGO_PKG_VERSION"), "VERSION");
    for index in 0..rules::all().len() {
        output = output.replace(&format!("\"ruleIndex\": {index},"), "\"ruleIndex\": …,");
    }
    // The pages of the rules have tests of their own.
    let (before, rules) = output.split_once("\"rules\": [").expect("there are rules");
    let (_, after) = rules.split_once("\n          ]\n").expect("the rules end");
    insta::assert_snapshot!(format!("{before}\"rules\": […]\n{after}"));
}

#[test]
fn sarif_holds_all_rules_also_without_findings() {
    let log: Sarif = serde_json::from_str(&written_of(&[], Format::Sarif)).expect("SARIF is read");
    let [run] = log.runs.as_slice() else { panic!("there is one run") };
    assert!(run.results.as_ref().is_some_and(Vec::is_empty));
    let described = run.tool.driver.rules.as_deref().expect("the driver has rules");
    assert_eq!(described.len(), rules::all().len());
    for (described, rule) in described.iter().zip(rules::all()) {
        assert_eq!(described.id, rule.name);
        assert_eq!(described.short_description.as_ref().map(|text| text.text.as_str()), Some(rule.summary));
        assert_eq!(described.help.as_ref().and_then(|help| help.markdown.as_deref()), Some(rule.page));
        let description = &described.full_description.as_ref().expect("a rule has a description").text;
        assert!(rule.page.contains(&format!("## What it does\n\n{description}\n\n## Why it matters")), "{description}");
    }
}

#[test]
fn results_point_to_their_rules() {
    let log: Sarif = serde_json::from_str(&written(Format::Sarif)).expect("SARIF is read");
    for result in log.runs[0].results.as_deref().expect("there are results") {
        let index = result.rule_index.expect("the rule is described") as usize;
        assert_eq!(result.rule_id.as_deref(), Some(rules::all()[index].name));
    }
}

#[test]
fn files_outside_the_folder_have_absolute_uris() {
    let mut finding = unstacked_layer();
    finding.primary.path = std::sync::Arc::new("/elsewhere/größer 100%.py".into());
    let output = json(&written_of(&[finding], Format::Sarif));
    let location = output.pointer("/runs/0/results/0/locations/0/physicalLocation/artifactLocation");
    assert_eq!(location, Some(&serde_json::json!({ "uri": "file:///elsewhere/gr%C3%B6%C3%9Fer%20100%25.py" })));
}
