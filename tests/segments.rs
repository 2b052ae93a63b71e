//! Segments: cutting an edited text anew or resuming is the same; segments are CPython's statements; their trees are those
//! of the whole file.
//!
//! The files compared are a sample of Python's standard library and of the folders that `BACKPROBE_SAMPLE` names
//! (separated as in `PATH`), at most [`MOST_FILES`] of each.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test reads files, asks Python and fails by panic")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use backprobe::syntax::hir::{Expr, ExprId, Hir, Span, Spans, Stmt, StmtId, UnitKind};
use backprobe::syntax::{Lowered, Member, Name, PredicateForm, Queries, QuerySource, Segment, SegmentKind, Segments, Words, lower, outline, outline_of};
use backprobe::text::{LineIndex, TextRange, decode};
use proptest::prelude::*;
use serde::Deserialize;

/// Pieces of code, whole and broken, that make up the texts and their edits.
const PIECES: [&str; 40] = [
    "import torch\n",
    "from a import (b,\n    c)\n",
    "def f(x):\n    return x\n",
    "async def g(): pass\n",
    "@decorated(1)\n",
    "class A(B):\n    '''doc'''\n    x = 1\n\n    def m(self):\n        pass\n\n    @property\n    def n(self): return 1\n",
    "class C: y = 2\n",
    "if a:\n    b = 1\nelse:\n    b = 2\n",
    "try:\n    import x\nexcept E:\n    pass\n",
    "else:\n",
    "elif c:\n    pass\n",
    "x = [\n  1,\n  2,\n]\n",
    ")\n",
    "(",
    "[",
    "}",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "f\"{",
    "f'{a[\"b\"]}'",
    "f'''{\n",
    "}\"",
    "\\",
    "\\\n",
    "\n",
    "\r\n",
    "\r",
    "\u{c}",
    "    ",
    "\t",
    "# comment\n",
    "# it's\n",
    "%magic (\n",
    "!ls\n",
    "é = '😀'\n",
    "    def m(self): pass\n",
    "\u{feff}",
    "x ",
];

fn texts() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..14).prop_map(|pieces| pieces.concat())
}

/// A range of `text` between characters.
fn range_in(text: &str, from: usize, length: usize) -> TextRange {
    let boundaries: Vec<_> = (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect();
    let start = from % boundaries.len();
    let end = (start + length).min(boundaries.len() - 1);
    TextRange::new(boundaries[start] as u32, boundaries[end] as u32)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn resuming_after_edits_is_cutting_anew(
        text in texts(),
        edits in proptest::collection::vec((any::<usize>(), 0..40usize, texts()), 1..4),
    ) {
        let (mut text, mut segments) = (text.clone(), Segments::new(&text));
        for (from, length, new) in edits {
            let range = range_in(&text, from, length);
            text.replace_range(range.indices(), &new);
            segments = segments.edited(&text, range, new.len() as u32);
            prop_assert_eq!(&segments, &Segments::new(&text), "{:?}", text);
        }
        let words = Words::new(["torch"]);
        prop_assert_eq!(outline_of(&segments, &text, &words), outline(&text, &words));
    }

    #[test]
    fn segments_are_ordered_and_hold_all_code(text in texts()) {
        let segments = Segments::new(&text);
        let mut end = 0;
        for segment in &segments {
            prop_assert!(segment.range.start >= end && segment.range.end > segment.range.start);
            end = segment.range.end;
            if let SegmentKind::Class { name, header, members } = &segment.kind {
                prop_assert!(header.start == segment.range.start && header.touches(name.end));
                let mut inner = header.end;
                for member in members {
                    prop_assert!(member.range.start >= inner && member.range.end <= end);
                    inner = member.range.end;
                }
            }
        }
        prop_assert!(end as usize <= text.len());
    }

    #[test]
    fn lowering_never_fails(text in texts()) {
        let (_, layout) = outline(&text, &Words::new(["torch"]));
        for unit in layout.units() {
            let lowered = lower(unit.kind, &unit.texts(&text), &Queries::default());
            for span in lowered.spans.exprs.iter().chain(&lowered.spans.stmts).chain(&lowered.errors) {
                prop_assert!(unit.resolve(*span).is_some_and(|range| range.end as usize <= text.len()));
            }
        }
    }

    #[test]
    fn a_unit_does_not_depend_on_what_stands_before(before in texts()) {
        let unit = "def here(x):\n    return torch.relu(x)\n";
        let alone = lower(UnitKind::Function, &[unit], &Queries::default());
        // A blank line and a definition before it end whatever is open.
        let text = format!("{before}\n\ndef other(): pass\n{unit}");
        let (_, layout) = outline(&text, &Words::new(["torch"]));
        let found = layout.units().iter().find(|it| it.name == "here");
        prop_assert_eq!(found.map(|unit| lower(unit.kind, &unit.texts(&text), &Queries::default())), Some(alone));
    }
}

/// At most as many files of each folder are compared.
const MOST_FILES: usize = 1000;

/// As many files of the standard library are compared.
const LIBRARY_FILES: usize = 150;

/// Prints, for files named on standard input, the lines of their statements and of the members of their classes.
const STATEMENTS: &str = r#"
import ast, json, sys, warnings
warnings.simplefilter("ignore")

def groups(body):
    found = []
    for node in body:
        start = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
        if found and found[-1]["end"] >= start:
            found[-1]["end"] = node.end_lineno
            continue
        members = groups(node.body) if isinstance(node, ast.ClassDef) and node.body[0].lineno > node.lineno else []
        found.append({"start": start, "end": node.end_lineno, "members": members})
    return found

for path in json.load(sys.stdin):
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        continue
    print(json.dumps({"path": path, "statements": groups(tree.body)}))
"#;

#[derive(Deserialize)]
struct Parsed {
    path: PathBuf,
    statements: Vec<Statement>,
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
struct Statement {
    start: u32,
    end: u32,
    members: Vec<Statement>,
}

/// What `python3` prints when `input` is given to `code`.
fn python(code: &str, input: &str) -> String {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut child = Command::new("python3").args(["-c", code]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3 runs");
    child.stdin.take().expect("standard input is piped").write_all(input.as_bytes()).expect("python3 reads");
    let output = child.wait_with_output().expect("python3 ends");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("python3 prints UTF-8")
}

/// The Python files below `folder`, sorted; every n-th so that there are at most `most`.
fn sample(folder: &Path, most: usize) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(folder).standard_filters(false).sort_by_file_path(Path::cmp).build();
    let files: Vec<_> = walk
        .filter_map(|entry| entry.ok().map(ignore::DirEntry::into_path))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py") && path.is_file())
        .collect();
    let step = files.len().div_ceil(most).max(1);
    files.into_iter().step_by(step).collect()
}

/// The files of the sample that CPython parses, with their statements.
fn parsed_sample() -> Vec<Parsed> {
    let library = python("import sysconfig; print(sysconfig.get_path('stdlib'))", "");
    let mut files = sample(Path::new(library.trim()), LIBRARY_FILES);
    for folder in std::env::split_paths(&std::env::var_os("BACKPROBE_SAMPLE").unwrap_or_default()) {
        files.extend(sample(&folder, MOST_FILES));
    }
    let names = serde_json::to_string(&files).expect("paths are UTF-8");
    let parsed: Vec<Parsed> =
        python(STATEMENTS, &names).lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect();
    assert!(parsed.len() > LIBRARY_FILES / 2, "CPython parses most of its own library");
    parsed
}

/// The statements of `text` as [`Segments`] sees them.
fn statements(text: &str) -> Vec<Statement> {
    let index = LineIndex::new(text);
    let lines = |range: TextRange| {
        let code = text[range.indices()].trim_end();
        (index.line_of(range.start) + 1, index.line_of(range.start + code.len() as u32) + 1)
    };
    let member = |member: &Member| {
        let (start, end) = lines(member.range);
        Statement { start, end, members: Vec::new() }
    };
    let statement = |segment: &Segment| {
        let (start, end) = lines(segment.range);
        let members = match &segment.kind {
            SegmentKind::Class { members, .. } => members.iter().map(member).collect(),
            _ => Vec::new(),
        };
        Statement { start, end, members }
    };
    Segments::new(text).iter().map(statement).collect()
}

/// The statements of a module and of its classes; classes in classes are not cut.
fn without_nested(mut statements: Vec<Statement>) -> Vec<Statement> {
    statements.iter_mut().flat_map(|statement| &mut statement.members).for_each(|member| member.members.clear());
    statements
}

#[test]
fn segments_are_the_statements_of_cpython() {
    let mut differing = Vec::new();
    let parsed = parsed_sample();
    for Parsed { path, statements: expected } in parsed {
        let Ok(decoded) = decode(&std::fs::read(&path).expect("the file was there")) else { continue };
        let (found, expected) = (statements(&decoded.text), without_nested(expected));
        if found != expected {
            let first = found.iter().zip(&expected).find(|(found, expected)| found != expected);
            differing.push(format!("{}: {} for {}, first {first:?}", path.display(), found.len(), expected.len()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// A hir as text, each line indented by `indent`.
fn printed(hir: &Hir, indent: &str) -> String {
    hir.to_string().lines().flat_map(|line| [indent, line, "\n"]).collect()
}

/// The whole file, lowered segment by segment and member by member.
fn in_pieces(text: &str) -> String {
    let mut whole = String::new();
    let piece = |range: TextRange, kind| lower(kind, &[&text[range.indices()]], &Queries::default()).hir;
    for segment in &Segments::new(text) {
        match &segment.kind {
            SegmentKind::Class { header, members, .. } if !members.is_empty() => {
                whole += &printed(&piece(*header, UnitKind::Class), "");
                whole.extend(members.iter().map(|member| printed(&piece(member.range, UnitKind::Function), "    ")));
            }
            _ => whole += &printed(&piece(segment.range, UnitKind::Module), ""),
        }
    }
    whole
}

/// Names stand where their spans say.
fn check_spans(path: &Path, text: &str, hir: &Hir, spans: &Spans) {
    for (expr, span) in hir.exprs.iter().zip(&spans.exprs) {
        let source = &text[span.range.indices()];
        match expr {
            Expr::Name(name) => assert_eq!(source, name.as_str(), "{}", path.display()),
            Expr::Attribute { name, .. } => assert!(source.ends_with(name.as_str()), "{}: {source}", path.display()),
            _ => {}
        }
    }
}

#[test]
fn trees_of_segments_are_the_tree_of_the_file() {
    let mut differing = Vec::new();
    let mut broken = 0;
    let parsed = parsed_sample();
    let count = parsed.len();
    for Parsed { path, .. } in parsed {
        let Ok(decoded) = decode(&std::fs::read(&path).expect("the file was there")) else { continue };
        let text = decoded.text;
        let whole = lower(UnitKind::Module, &[&text], &Queries::default());
        check_spans(&path, &text, &whole.hir, &whole.spans);
        if whole.hir.broken {
            broken += 1;
            continue;
        }
        let (whole, pieces) = (printed(&whole.hir, ""), in_pieces(&text));
        // How deep is too deep counts from the top of what is parsed.
        if whole != pieces && !whole.contains("<missing>") {
            let first = whole.lines().zip(pieces.lines()).find(|(whole, piece)| whole != piece);
            differing.push(format!("{}: {first:?}", path.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(broken * 50 <= count, "the grammar fails on {broken} of {count} files that CPython parses");
}

/// Queries, none of which matches anything: about a tree of the tolerant parser.
fn idle_queries() -> Queries {
    let text = "((call function: (identifier) @callee) (#resolves? @callee \"a\") (#eq? @callee \"no call is named so\"))".to_owned();
    let forms = [PredicateForm { name: "resolves?", arguments: 2..=2, names_calls: true }];
    Queries::new(vec![QuerySource { file: "idle.scm".to_owned(), text }], &forms).expect("the query is valid")
}

#[test]
fn both_parsers_give_one_tree() {
    let (mut differing, tolerant) = (Vec::new(), idle_queries());
    for Parsed { path, .. } in parsed_sample() {
        let Ok(decoded) = decode(&std::fs::read(&path).expect("the file was there")) else { continue };
        let (_, layout) = outline(&decoded.text, &Words::new(["torch"]));
        for unit in layout.units() {
            let texts = unit.texts(&decoded.text);
            let (fast, slow) = (lower(unit.kind, &texts, &Queries::default()), lower(unit.kind, &texts, &tolerant));
            if fast != slow && !slow.hir.broken && !slow.hir.stmts.contains(&Stmt::Missing) {
                differing.push(format!("{}: {}: {}", path.display(), unit.name, first_difference(&fast, &slow, &texts)));
            }
        }
    }
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
}

fn first_difference(fast: &Lowered, slow: &Lowered, texts: &[&str]) -> String {
    let (here, there) = (fast.hir.to_string(), slow.hir.to_string());
    let first = here.lines().zip(there.lines()).find(|(here, there)| here != there);
    let spans = fast.spans.exprs.iter().zip(&slow.spans.exprs).chain(fast.spans.stmts.iter().zip(&slow.spans.stmts));
    let place = spans.clone().find(|(here, there)| here != there).map(|(here, there)| {
        let source = |span: &Span| texts[span.segment as usize].get(span.range.indices()).unwrap_or_default();
        (source(here), source(there))
    });
    format!("{first:?} {place:?}")
}

/// Adds the names that `block` binds in its own scope.
fn add_bound(hir: &Hir, block: &[StmtId], bound: &mut BTreeSet<Name>) {
    for &stmt in block {
        match hir.stmt(stmt) {
            Stmt::Assign { targets, .. } => targets.iter().for_each(|&target| add_targets(hir, target, bound)),
            Stmt::AnnotatedAssign { target, .. } | Stmt::AugmentedAssign { target, .. } => add_targets(hir, *target, bound),
            Stmt::For { target, body, otherwise, .. } => {
                add_targets(hir, *target, bound);
                add_bound(hir, body, bound);
                add_bound(hir, otherwise, bound);
            }
            Stmt::If { then, otherwise, .. } => {
                add_bound(hir, then, bound);
                add_bound(hir, otherwise, bound);
            }
            Stmt::While { body, otherwise, .. } => {
                add_bound(hir, body, bound);
                add_bound(hir, otherwise, bound);
            }
            Stmt::With { items, body } => {
                items.iter().filter_map(|item| item.target).for_each(|target| add_targets(hir, target, bound));
                add_bound(hir, body, bound);
            }
            Stmt::Try { body, handlers, otherwise, finally } => {
                for handler in handlers {
                    handler.target.into_iter().for_each(|target| add_targets(hir, target, bound));
                    add_bound(hir, &handler.body, bound);
                }
                [body, otherwise, finally].into_iter().for_each(|block| add_bound(hir, block, bound));
            }
            Stmt::Match { cases, .. } => {
                for case in cases {
                    bound.extend(&case.bound);
                    add_bound(hir, &case.body, bound);
                }
            }
            Stmt::Function(function) => drop(bound.insert(function.name)),
            Stmt::Class(class) => drop(bound.insert(class.name)),
            Stmt::Import(names) => bound.extend(names.iter().map(|it| {
                it.alias.unwrap_or_else(|| Name::new(it.name.as_str().split('.').next().unwrap_or_default()))
            })),
            Stmt::FromImport { names, star, .. } => {
                bound.extend(names.iter().map(|it| it.alias.unwrap_or(it.name)));
                bound.extend(star.then(|| Name::new("*")));
            }
            _ => {}
        }
    }
}

fn add_targets(hir: &Hir, target: ExprId, bound: &mut BTreeSet<Name>) {
    match hir.expr(target) {
        Expr::Name(name) => drop(bound.insert(*name)),
        Expr::Tuple(targets) | Expr::List(targets) => targets.iter().for_each(|&target| add_targets(hir, target, bound)),
        Expr::Starred(target) => add_targets(hir, *target, bound),
        _ => {}
    }
}

#[test]
fn outlines_hold_the_names_that_the_trees_bind() {
    let mut differing = Vec::new();
    for Parsed { path, .. } in parsed_sample() {
        let Ok(decoded) = decode(&std::fs::read(&path).expect("the file was there")) else { continue };
        let whole = lower(UnitKind::Module, &[&decoded.text], &Queries::default());
        if whole.hir.broken {
            continue;
        }
        let mut bound = BTreeSet::new();
        add_bound(&whole.hir, &whole.hir.body, &mut bound);
        // A walrus anywhere in a statement binds.
        let walruses = whole.hir.exprs.iter().filter_map(|expr| match expr {
            Expr::Named { target, .. } => Some(*target),
            _ => None,
        });
        let mut named = BTreeSet::new();
        walruses.for_each(|target| add_targets(&whole.hir, target, &mut named));
        let (outline, _) = outline(&decoded.text, &Words::new(["torch"]));
        let items: BTreeSet<Name> = outline.items.iter().map(|item| item.name).collect();
        let missing: Vec<_> = bound.difference(&items).collect();
        let invented: Vec<_> = items.difference(&bound).filter(|name| !named.contains(name)).collect();
        if !missing.is_empty() || !invented.is_empty() {
            differing.push(format!("{}: missing {missing:?}, invented {invented:?}", path.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
