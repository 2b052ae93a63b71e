//! What `backprobe check` writes for programs.

use serde_json::{Value, json};

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

fn parsed(output: &str) -> Value {
    serde_json::from_str(output).expect("the output is JSON")
}

/// The strings at `pointer` in each element of `array`.
fn each<'a>(array: &'a Value, pointer: &str) -> Vec<&'a str> {
    let string = |element: &'a Value| element.pointer(pointer).and_then(Value::as_str).expect("each element has the string");
    array.as_array().expect("the output is an array").iter().map(string).collect()
}

#[test]
fn json_is_an_array_also_without_findings() {
    assert_eq!(each(&parsed(&two_findings("json")), "/path"), [ODD_NAME, "train.py"]);
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
    let issues = parsed(&two_findings("gitlab"));
    assert_eq!(each(&issues, "/location/path"), [ODD_NAME, "train.py"]);
    let fingerprints = each(&issues, "/fingerprint");
    assert_ne!(fingerprints[0], fingerprints[1]);
    assert_eq!(no_findings("gitlab"), "[]\n");
}

#[test]
fn sarif_locates_each_finding() {
    let run = parsed(&two_findings("sarif"))["runs"][0].take();
    let artifact = |uri: &str| json!({ "uri": uri, "uriBaseId": "%SRCROOT%" });
    let files: Vec<&Value> = run["results"].as_array().expect("there are results").iter().map(|result| &result["locations"][0]).collect();
    let files: Vec<&Value> = files.into_iter().map(|location| &location["physicalLocation"]["artifactLocation"]).collect();
    assert_eq!(files, [&artifact("gr%C3%B6%C3%9Fer%2C%20100%25/my%20net%20%26%20%3Cco%3E%3A%201.py"), &artifact("train.py")]);
    let base = run["originalUriBaseIds"]["%SRCROOT%"]["uri"].as_str().expect("the base has a URI");
    assert!(base.starts_with("file:///") && base.ends_with('/'), "{base}");
    assert_eq!(parsed(&no_findings("sarif"))["runs"][0]["results"], json!([]));
}

#[test]
fn junit_has_a_suite_a_file() {
    let output = two_findings("junit");
    assert!(output.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"backprobe\" tests=\"2\" failures=\"2\""), "{output}");
    let suites: Vec<&str> = output.lines().filter_map(|line| line.trim().strip_prefix("<testsuite name=")).collect();
    let counts = "tests=\"1\" failures=\"1\" errors=\"0\">";
    let odd = format!("\"größer, 100%/my net &amp; &lt;co&gt;: 1.py\" {counts}");
    assert_eq!(suites, [odd, format!("\"train.py\" {counts}")]);
    assert!(no_findings("junit").contains("tests=\"1\" failures=\"0\""));
}

#[test]
fn statistics_count_findings_by_rule() {
    let folder = folder(&[(ODD_NAME, BUG), ("train.py", BUG), ("clean.py", "x = 1\n")]);
    let statistics = |arguments: &[&str]| run(folder.path(), &[&["check", "--statistics"], arguments].concat());
    assert_eq!(statistics(&[]), (1, "2  [*]  dropout-without-training-flag\n".to_owned(), String::new()));
    assert_eq!(statistics(&["clean.py"]), (0, String::new(), String::new()));
    let (code, output, _) = statistics(&["--output-format", "json"]);
    assert_eq!((code, parsed(&output)), (1, json!([{ "rule": "dropout-without-training-flag", "findings": 2, "fixable": 2 }])));
    assert_eq!(statistics(&["--output-format", "json", "clean.py"]), (0, "[]\n".to_owned(), String::new()));
}

#[test]
fn statistics_in_a_format_that_has_none_are_a_failure() {
    let folder = folder(&[("train.py", BUG)]);
    for format in ["sarif", "github", "gitlab", "junit"] {
        let (code, output, errors) = run(folder.path(), &["check", "--statistics", "--output-format", format]);
        assert_eq!((code, output.as_str()), (2, ""));
        assert_eq!(errors, "error: `--statistics` writes a table or JSON; leave `--output-format` out, or use `json`\n");
    }
}
