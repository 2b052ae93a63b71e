//! What `backprobe check` writes for programs.

use serde_json::Value;

use super::{BUG, NO_TEXT, folder, run, write};

/// A file whose name every format has to escape in its own way.
const ODD_NAME: &str = "größer, 100%/my net & <co>: 1.py";

/// Checks a folder with two findings, one of them in a file of an odd name, and one clean file.
fn two_findings(format: &str) -> String {
    let folder = folder(&[(ODD_NAME, BUG), ("train.py", BUG), ("clean.py", "x = 1\n")]);
    let (code, output, errors) = run(folder.path(), &["check", "--output-format", format]);
    assert_eq!((code, errors.as_str()), (1, ""));
    output
}

/// Checks a folder without findings, in which one file is no text.
fn no_findings(format: &str) -> String {
    let folder = folder(&[("clean.py", "x = 1\n")]);
    write(folder.path(), "no_text.py", NO_TEXT);
    let (code, output, errors) = run(folder.path(), &["check", "--output-format", format]);
    assert_eq!((code, errors.as_str()), (0, "no_text.py: not analysed: not UTF-8\n"));
    output
}

fn json(output: &str) -> Value {
    serde_json::from_str(output).expect("the output is JSON")
}

/// The strings at `pointer` in each element of `array`.
fn each<'a>(array: &'a Value, pointer: &str) -> Vec<&'a str> {
    let string = |element: &'a Value| element.pointer(pointer).and_then(Value::as_str).expect("each element has the string");
    array.as_array().expect("the output is an array").iter().map(string).collect()
}

#[test]
fn json_is_an_array_also_without_findings() {
    assert_eq!(each(&json(&two_findings("json")), "/path"), [ODD_NAME, "train.py"]);
    assert_eq!(no_findings("json"), "[]\n");
}

#[test]
fn github_annotates_each_finding() {
    let output = two_findings("github");
    let places: Vec<&str> = output.lines().filter_map(|line| line.split_once(",endLine=")).map(|(place, _)| place).collect();
    let odd = "::warning file=größer%2C 100%25/my net & <co>%3A 1.py,line=4,col=12";
    assert_eq!(places, [odd, "::warning file=train.py,line=4,col=12"]);
    assert_eq!(no_findings("github"), "");
}

#[test]
fn gitlab_is_an_array_also_without_findings() {
    let issues = json(&two_findings("gitlab"));
    assert_eq!(each(&issues, "/location/path"), [ODD_NAME, "train.py"]);
    let fingerprints = each(&issues, "/fingerprint");
    assert_ne!(fingerprints[0], fingerprints[1]);
    assert_eq!(no_findings("gitlab"), "[]\n");
}
