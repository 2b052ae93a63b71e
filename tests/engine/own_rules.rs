//! Rules that a project adds.

use std::path::Path;
use std::sync::Arc;

use backprobe::engine::{Engine, Memory};
use backprobe::finding::Severity;

const SETTINGS: &str = "queries = ['lint']\n";
const QUERY: &str = "\
((call function: (_) @callee) @finding
  (#resolves? @callee \"torch.nn.functional.softmax\")
  (#argument-missing? @finding \"dim\")
  (#set! message \"`{callee}` guesses the axis\")
  (#set! why \"it is another where there are more axes\")
  (#set! help \"pass `dim`\"))
";
const CODE: &str = "\
import torch.nn.functional as F

def scores(x):
    return F.softmax(x)

def better(x):
    return F.softmax(x, dim=1)
";

fn project(settings: &str, query: &str, code: &str) -> (Memory, Engine) {
    let files = Memory::new([("/p/backprobe.toml", settings), ("/p/lint/softmax-without-axis.scm", query), ("/p/a.py", code)]);
    (files.clone(), Engine::new(Arc::new(files)))
}

fn rules(engine: &Engine) -> Vec<&'static str> {
    engine.snapshot().check(Path::new("/p/a.py")).findings.iter().map(|finding| finding.rule).collect()
}

fn problems(engine: &Engine) -> Vec<String> {
    engine.snapshot().settings_problems(Path::new("/p/a.py")).into_iter().map(|problem| problem.message).collect()
}

#[test]
fn a_query_finds_and_says_what_is_wrong() {
    let (_, engine) = project(SETTINGS, QUERY, CODE);
    let report = engine.snapshot().check(Path::new("/p/a.py"));
    let [finding] = report.findings.as_slice() else { panic!("one finding, not {:?}", report.findings) };
    assert_eq!((finding.rule, finding.severity), ("softmax-without-axis", Severity::Warning));
    assert_eq!(finding.message, "`F.softmax` guesses the axis");
    assert_eq!((finding.why.as_str(), finding.help.as_str()), ("it is another where there are more axes", "pass `dim`"));
    assert_eq!(&CODE[finding.primary.range.indices()], "F.softmax");
    assert!(rules(&project("", QUERY, CODE).1).is_empty(), "no setting names the folder");
}

#[test]
fn own_rules_are_selected_and_silenced_as_all_are() {
    let found = |settings: &str, code: &str| rules(&project(&format!("{SETTINGS}{settings}"), QUERY, code).1);
    assert_eq!(found("select = ['softmax-without-axis']", CODE), ["softmax-without-axis"]);
    assert_eq!(found("select = ['project']", CODE), ["softmax-without-axis"]);
    assert!(found("ignore = ['softmax-without-axis']", CODE).is_empty());
    assert!(found("", &CODE.replace("(x)\n\n", "(x)  # backprobe: ignore[softmax-without-axis]\n\n")).is_empty());
    assert_eq!(found("", "x = 1  # backprobe: ignore[softmax-without-axis]\n"), ["unused-suppression"]);
    let (_, engine) = project(&format!("{SETTINGS}[severity]\nsoftmax-without-axis = 'error'\n"), QUERY, CODE);
    assert!(problems(&engine).is_empty());
    assert_eq!(engine.snapshot().check(Path::new("/p/a.py")).findings[0].severity, Severity::Error);
}

#[test]
fn queries_come_change_and_go() {
    let (files, mut engine) = project(SETTINGS, QUERY, CODE);
    let query = Path::new("/p/lint/softmax-without-axis.scm");
    assert_eq!(rules(&engine).len(), 1);
    files.write(query, QUERY.replace("(#argument-missing? @finding \"dim\")", ""));
    engine.refresh(query);
    assert_eq!(rules(&engine).len(), 2);
    files.write(query, QUERY.replace("#argument-missing?", "#argument-mising?"));
    engine.refresh(query);
    assert!(rules(&engine).is_empty());
    assert!(problems(&engine)[0].starts_with("unknown predicate `#argument-mising?`"), "{:?}", problems(&engine));
    files.remove(query);
    engine.refresh(query);
    assert!(rules(&engine).is_empty() && problems(&engine).is_empty());
    files.write("/p/lint/other.scm", QUERY);
    engine.refresh(Path::new("/p/lint/other.scm"));
    assert_eq!(rules(&engine), ["other"]);
}
