//! Queries of local rules: which calls they find, and what they may not say.
#![allow(clippy::expect_used, reason = "a test fails by panic")]

use backprobe::syntax::hir::UnitKind;
use backprobe::syntax::{PredicateForm, Queries, QueryError, QuerySource, lower};

fn queries(texts: &[&str]) -> Result<Queries, QueryError> {
    let forms = [
        PredicateForm { name: "resolves?", arguments: 2..=9, names_calls: true },
        PredicateForm { name: "argument-missing?", arguments: 2..=2, names_calls: false },
    ];
    let sources = texts.iter().enumerate().map(|(number, text)| QuerySource { file: format!("{number}.scm"), text: (*text).to_owned() });
    let queries = Queries::new(sources.collect(), &forms)?;
    queries.check()?;
    Ok(queries)
}

const DROPOUT: &str = r#"; Dropout called as a function.
((call function: (_) @callee) @finding
  (#resolves? @callee "torch.nn.functional.dropout")
  (#argument-missing? @finding "training"))
"#;

const SECOND_ARGUMENT: &str = r#"
((call function: (_) @callee arguments: (argument_list . (_) @first . (_) @second)) @finding
  (#resolves? @callee "a.gather" "b.scatter"))
((call function: (_) @callee arguments: (argument_list (integer) @number)) @finding
  (#resolves? @callee "c.other")
  (#eq? @number "7"))
"#;

/// Candidates of the query with this number: `pattern call [captures]`, a line a candidate.
fn found(query: u32, code: &str) -> Vec<String> {
    let queries = queries(&[DROPOUT, SECOND_ARGUMENT]).expect("the queries are valid");
    let lowered = lower(UnitKind::Module, &[code], &queries);
    let text = |expr: backprobe::syntax::hir::ExprId| &code[lowered.spans.exprs[expr.0 as usize].range.indices()];
    let printed = lowered.candidates.iter().filter(|it| it.query == query).map(|it| {
        let captures: Vec<_> = it.captures.iter().map(|&(name, expr)| format!("{name}={}", text(expr))).collect();
        format!("{} {} [{}]", it.pattern, text(it.call), captures.join(" "))
    });
    printed.collect()
}

#[test]
fn candidates_are_calls_of_the_right_shape() {
    assert_eq!(found(0, "F.dropout(x, p=1)"), ["0 F.dropout(x, p=1) [finding=F.dropout(x, p=1) callee=F.dropout]"]);
    assert_eq!(found(0, "y = f(drop(x))"), ["0 drop(x) [finding=drop(x) callee=drop]", "0 f(drop(x)) [finding=f(drop(x)) callee=f]"]);
    assert_eq!(found(0, "layers[0](x)"), ["0 layers[0](x) [finding=layers[0](x) callee=layers[0]]"]);
    assert_eq!(found(0, "x = dropout; x[0]\n@decorated\ndef f(): pass"), Vec::<String>::new());
}

#[test]
fn captures_are_expressions() {
    assert_eq!(found(1, "gather((a + b), k)"), ["0 gather((a + b), k) [finding=gather((a + b), k) callee=gather first=a + b second=k]"]);
    assert_eq!(found(1, "other(7)"), ["1 other(7) [finding=other(7) callee=other number=7]"]);
    assert_eq!(found(1, "other(7, 8, 7)").len(), 3);
    assert_eq!(found(1, "other(8)"), Vec::<String>::new());
}

#[test]
fn predicates_are_data() {
    let queries = queries(&[DROPOUT, SECOND_ARGUMENT]).expect("the queries are valid");
    assert_eq!(
        format!("{:?}", queries.patterns(0).collect::<Vec<_>>()),
        r#"[[Predicate { name: "resolves?", arguments: [Capture("callee"), Text("torch.nn.functional.dropout")] }, Predicate { name: "argument-missing?", arguments: [Capture("finding"), Text("training")] }]]"#
    );
    assert_eq!(queries.patterns(1).map(<[_]>::len).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn mistakes_are_named_with_their_place() {
    let message = |text: &str| queries(&[text]).err().map(|error| error.to_string()).unwrap_or_default();
    let cases = [
        ("((call) @c\n (#resolve? @c \"a\"))", "0.scm:2:2: unknown predicate `#resolve?`; known are #resolves?, #argument-missing?"),
        ("((call) @c (#resolves? @c \"a\") (#argument-missing? @c))", "0.scm:1:32: `#argument-missing?` takes 2 arguments, not 1"),
        ("((cal) @c (#resolves? @c \"a\"))", "0.scm:1:2: the outermost node of a pattern must be a `call`"),
        ("((call function: (nam)) @c (#resolves? @c \"a\"))", "0.scm:1:19: unknown node `nam`"),
        ("((call functions: (_)) @c (#resolves? @c \"a\"))", "0.scm:1:8: unknown field `functions`"),
        ("((call) @c (#resolves? @d \"a\"))", "0.scm:1:25: undefined capture `d`"),
        ("((call (block)) @c (#resolves? @c \"a\"))", "0.scm:1:8: no code has this shape"),
        ("((call) @c", "0.scm:1:1: no predicate says by name which calls the pattern is about"),
        ("((call (argument_list (keyword_argument)* @k)) @c (#resolves? @c \"a\"))", "0.scm:1:23: a repeated `keyword_argument` matches once an argument; ask for arguments with a predicate"),
        ("((call (argument_list (keyword_argument) @k (keyword_argument) @l)) @c (#resolves? @c \"a\"))", "0.scm:1:45: two `keyword_argument` in one list take time that grows with the square; ask for arguments with a predicate"),
        ("((call) @a @b @c @d (#resolves? @a \"a\"))", "0.scm:1:18: at most three captures on one node are kept"),
        ("[(call) (subscript)] @c", "0.scm:1:1: the outermost node of a pattern must be a `call`"),
        ("((call) (call) (#resolves? \"a\"))", "0.scm:1:1: a pattern is about one call, not about neighbours"),
        ("((call) @c (#set! @c \"a\"))", "0.scm:1:12: unknown predicate `#set!`; known are #resolves?, #argument-missing?"),
    ];
    let messages: Vec<_> = cases.iter().map(|(text, _)| message(text)).collect();
    assert_eq!(messages, cases.map(|(_, expected)| expected));
}
