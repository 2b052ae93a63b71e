//! The invariants of the architecture, as tests. `src/lib.rs` says what they are for.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test reads the repository and fails by panic")]

#[path = "architecture/extension.rs"]
mod extension;
#[path = "architecture/source.rs"]
mod source;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use backprobe::engine::settings::Settings;
use backprobe::rules;
use source::Source;

/// The modules in the order in which data flows. A module may use those before it.
const ORDER: [&str; 12] =
    ["text", "syntax", "knowledge", "project", "finding", "step", "rules", "testgen", "engine", "report", "server", "cli"];

/// Modules beside that order, with what they may use.
const BESIDE: [(&str, &[&str]); 2] = [("checker", &[]), ("python", &["checker"])];

/// Words of the frameworks. They are data of the modules that know frameworks.
const FRAMEWORKS: [&str; 12] =
    ["torch", "tensorflow", "tf", "keras", "flax", "nnx", "jax", "optax", "haiku", "slim", "lightning", "pytorch"];

/// Crates that one module hides from the others.
const CONFINED: [(&str, &[&str]); 18] = [
    ("tree_sitter", &["syntax"]),
    ("tree_sitter_python", &["syntax"]),
    ("ropey", &["text"]),
    ("salsa", &["engine"]),
    ("toml", &["engine"]),
    ("schemars", &["engine", "finding"]),
    ("dashmap", &["engine", "server"]),
    ("tower_lsp", &["server"]),
    ("tower_service", &["server"]),
    ("tokio", &["server"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("indicatif", &["cli"]),
    ("notify", &["cli"]),
    ("annotate_snippets", &["report"]),
    ("percent_encoding", &["report"]),
    ("quick_xml", &["report"]),
    ("pyo3", &["python"]),
];

/// What reaches outside the process, with the modules whose business that is.
const OUTSIDE: [(&str, &[&str]); 6] = [
    ("std::fs", &["cli", "server"]),
    ("std::env", &["cli", "server"]),
    ("std::process", &["cli", "server"]),
    ("std::net", &[]),
    ("std::time::Instant", &["server"]),
    ("std::time::SystemTime", &["server"]),
];

/// The one file of the analysis that reads the disk.
const DISK: &str = "src/engine/disk.rs";

/// What knows the types of the protocol and ours.
const CONVERSION: &str = "src/server/convert/";

/// Files longer than this hold a second concept.
const MOST_LINES: usize = 600;

#[test]
fn the_order_of_modules_is_that_of_the_crate_root() {
    let root = read("src/lib.rs");
    let declared: Vec<&str> = root
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .filter_map(|line| line.split(';').next())
        .collect();
    let expected: Vec<&str> = ORDER.into_iter().chain(BESIDE.map(|(module, _)| module)).collect();
    assert_eq!(declared, expected);
}

#[test]
fn modules_use_only_modules_before_them() {
    let modules: Vec<&str> = ORDER.into_iter().chain(BESIDE.map(|(module, _)| module)).collect();
    let mut wrong = Complaints::default();
    for source in sources() {
        let Some(module) = source.module() else { continue };
        let allowed: Vec<&str> = match BESIDE.iter().find(|(name, _)| *name == module) {
            Some((_, allowed)) => allowed.to_vec(),
            None => ORDER.into_iter().take_while(|name| *name != module).collect(),
        };
        for (line, used) in source.modules_used(&modules) {
            if used != module && !allowed.contains(&used.as_str()) {
                wrong.add(&source, line, &format!("`{module}` may not use `{used}`"));
            }
        }
    }
    wrong.none();
}

#[test]
fn analysis_modules_forbid_unsafe_code() {
    let mut wrong = Complaints::default();
    for module in ORDER {
        let path = format!("src/{module}/mod.rs");
        let text = read(&path);
        let is_empty = text.lines().all(|line| line.is_empty() || line.starts_with("//"));
        if !is_empty && !text.contains("#![forbid(unsafe_code)]") {
            wrong.say(&format!("{path}: no `#![forbid(unsafe_code)]`"));
        }
    }
    wrong.none();
}

#[test]
fn framework_names_stay_with_those_who_know_frameworks() {
    // `python.rs` belongs to the Python face: it has to tell whose tensor it was handed.
    let knowing = ["knowledge", "rules", "testgen", "python"];
    let mut wrong = Complaints::default();
    for source in sources().iter().filter(|source| !knowing.contains(&source.module().unwrap_or_default())) {
        for (line, word) in source.words() {
            if FRAMEWORKS.contains(&word.to_lowercase().as_str()) {
                wrong.add(source, line, &format!("names `{word}`"));
            }
        }
    }
    wrong.none();
}

#[test]
fn crates_stay_where_they_are_confined_to() {
    let mut wrong = Complaints::default();
    for source in sources() {
        for (line, word) in source.identifiers() {
            let confined = CONFINED.iter().find(|(name, _)| *name == word);
            if let Some((name, modules)) = confined
                && !modules.contains(&source.module().unwrap_or_default())
            {
                wrong.add(&source, line, &format!("uses `{name}`, which belongs to {modules:?}"));
            }
        }
    }
    wrong.none();
}

#[test]
fn the_types_of_the_protocol_meet_ours_in_one_place() {
    let mut wrong = Complaints::default();
    for source in sources().iter().filter(|source| !source.path.starts_with(CONVERSION)) {
        if source.identifiers().into_iter().all(|(_, word)| word != "ls_types") {
            continue;
        }
        for (line, used) in source.modules_used(&ORDER) {
            if used != "server" {
                wrong.add(source, line, &format!("knows `{used}` and the protocol: that belongs into `{CONVERSION}`"));
            }
        }
    }
    wrong.none();
}

#[test]
fn the_analysis_reaches_nothing_outside() {
    let mut wrong = Complaints::default();
    for source in sources().iter().filter(|source| source.path != DISK && source.path != "src/main.rs") {
        for (path, modules) in OUTSIDE {
            if modules.contains(&source.module().unwrap_or_default()) {
                continue;
            }
            for line in source.lines_with(path) {
                wrong.add(source, line, &format!("uses `{path}`"));
            }
        }
    }
    wrong.none();
}

#[test]
fn files_are_short() {
    let mut wrong = Complaints::default();
    for (path, text) in repository() {
        let is_code = ["rs", "py", "lua", "ts"].iter().any(|extension| has_extension(&path, extension));
        let lines = text.lines().count();
        if is_code && lines > MOST_LINES {
            wrong.say(&format!("{path}: {lines} lines; look for the second concept"));
        }
    }
    wrong.none();
}

#[test]
fn every_file_belongs_to_the_crate() {
    let repository = repository();
    let mut wrong = Complaints::default();
    for path in repository.keys().filter(|path| path.starts_with("src/") && has_extension(path, "rs")) {
        let Some((parent, name)) = parent_and_name(path) else { continue };
        let declaration = format!("mod {name};");
        if !parent.iter().any(|parent| repository.get(parent).is_some_and(|text| text.contains(&declaration))) {
            wrong.say(&format!("{path}: no `{declaration}` in {parent:?}"));
        }
    }
    wrong.none();
}

/// The files that may declare the module at `path`, and its name. `None` for the crate's roots.
fn parent_and_name(path: &str) -> Option<(Vec<String>, &str)> {
    let module = path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix(".rs"))?;
    let (folder, name) = module.rsplit_once('/')?;
    match folder {
        "src" if matches!(name, "lib" | "main") => None,
        "src" => Some((vec!["src/lib.rs".to_owned()], name)),
        _ => Some((vec![format!("{folder}/mod.rs"), format!("{folder}.rs")], name)),
    }
}

#[test]
fn every_rust_file_says_what_it_is() {
    let mut wrong = Complaints::default();
    for (path, text) in repository() {
        if has_extension(&path, "rs") && !text.starts_with("//!") {
            wrong.say(&format!("{path}: begins without module documentation"));
        }
    }
    wrong.none();
}

#[test]
fn nothing_names_a_machine_or_is_unfinished() {
    // Put together so that this file does not hold them itself.
    let machine = ["/root/", concat!("/wo", "rk/"), "/home/runner"].map(str::to_owned);
    let unfinished = [["TO", "DO"], ["FIX", "ME"], ["todo", "!("], ["#[ig", "nore"], ["x", "fail"]].map(|parts| parts.concat());
    let own = "tests/architecture.rs";
    let mut wrong = Complaints::default();
    for (path, text) in repository().into_iter().filter(|(path, _)| path != own) {
        for word in machine.iter().chain(&unfinished) {
            if text.contains(word.as_str()) {
                wrong.say(&format!("{path}: holds `{word}`"));
            }
        }
    }
    wrong.none();
}

#[test]
fn every_rule_has_its_page_and_every_page_its_rule() {
    let pages = pages();
    let mut wrong = Complaints::default();
    for rule in rules::all() {
        match pages.get(rule.name) {
            None => wrong.say(&format!("rule `{}` has no page", rule.name)),
            Some((path, text)) if text != rule.page => wrong.say(&format!("rule `{}` does not show {path}", rule.name)),
            Some((path, text)) if text.lines().next() != Some(&format!("# {}", rule.name)) => {
                wrong.say(&format!("{path}: does not begin with its rule's name"));
            }
            Some(_) => {}
        }
    }
    for (name, (path, _)) in &pages {
        if rules::all().iter().all(|rule| rule.name != name) {
            wrong.say(&format!("{path}: no rule is named `{name}`"));
        }
    }
    wrong.none();
}

#[test]
fn names_of_rules_are_unique_and_kebab_case() {
    let names: Vec<&str> = rules::all().iter().map(|rule| rule.name).collect();
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), names.len());
    for name in names {
        assert!(name.split('-').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())), "{name}");
    }
}

/// The table is generated: this test writes it anew when it is out of date, and fails once so that someone looks.
#[test]
fn the_table_of_rules_in_the_readme_is_current() {
    let readme = read("README.md");
    let (before, rest) = readme.split_once(TABLE_START).expect("the README has a place for the table");
    let (_, after) = rest.split_once(TABLE_END).expect("the README has a place for the table");
    let current = format!("{before}{TABLE_START}\n{}{TABLE_END}{after}", table_of_rules());
    if readme != current {
        fs::write(root().join("README.md"), current).expect("the README can be written");
        panic!("the table of rules in README.md was out of date and is written anew; look at it and run the test again");
    }
}

/// Generated as the table is.
#[test]
fn the_schema_of_the_settings_is_current() {
    let path = root().join("editors/backprobe.schema.json");
    let current = serde_json::to_string_pretty(&Settings::schema()).expect("a schema is JSON") + "\n";
    if fs::read_to_string(&path).ok().as_ref() != Some(&current) {
        fs::write(&path, current).expect("the schema can be written");
        panic!("editors/backprobe.schema.json was out of date and is written anew; look at it and run the test again");
    }
}

/// Generated as the table is.
#[test]
fn the_settings_of_the_extension_are_those_of_the_schema() {
    let path = "editors/vscode/package.json";
    let manifest = read(path);
    let current = extension::with_settings(&manifest, &Settings::schema());
    if manifest != current {
        fs::write(root().join(path), current).expect("the manifest can be written");
        panic!("the settings in {path} were out of date and are written anew; look at them and run the test again");
    }
}

const TABLE_START: &str = "<!-- rules: written by tests/architecture.rs -->";
const TABLE_END: &str = "<!-- end of rules -->";

fn table_of_rules() -> String {
    let pages = pages();
    let mut table = "| rule | what it finds | family |\n|---|---|---|\n".to_owned();
    for rule in rules::all() {
        let path = pages.get(rule.name).map_or("", |(path, _)| path.as_str());
        let family = serde_json::to_value(rule.family).expect("a family is written as a word");
        let family = family.as_str().expect("a family is written as a word");
        writeln!(table, "| [`{}`]({path}) | {} | {family} |", rule.name, rule.summary).expect("a string takes all");
    }
    table
}

/// Path and text of each rule's page, by the rule's name.
fn pages() -> BTreeMap<String, (String, String)> {
    let pages = repository().into_iter().filter(|(path, _)| path.starts_with("src/rules/") && has_extension(path, "md"));
    let name = |path: &str| Path::new(path).file_stem().expect("a page has a name").to_string_lossy().replace('_', "-");
    pages.map(|(path, text)| (name(&path), (path, text))).collect()
}

/// What is wrong, gathered so that one run shows all of it.
#[derive(Default)]
struct Complaints(String);

impl Complaints {
    fn add(&mut self, source: &Source, line: usize, what: &str) {
        self.say(&format!("{}:{line}: {what}", source.path));
    }

    fn say(&mut self, what: &str) {
        writeln!(self.0, "{what}").expect("a string takes all");
    }

    fn none(self) {
        assert!(self.0.is_empty(), "\n{}", self.0);
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("the file is part of the repository")
}

/// The files of the crate.
fn sources() -> Vec<Source> {
    let rust = repository().into_iter().filter(|(path, _)| path.starts_with("src/") && has_extension(path, "rs"));
    let sources: Vec<Source> = rust.map(|(path, text)| Source::new(path, &text)).collect();
    assert!(sources.len() > ORDER.len(), "the crate was found");
    sources
}

/// The texts of the repository by path, without what git ignores.
fn repository() -> BTreeMap<String, String> {
    let is_git = |entry: &ignore::DirEntry| entry.file_name() != ".git";
    let walk = ignore::WalkBuilder::new(root()).hidden(false).require_git(false).parents(false).filter_entry(is_git).build();
    let files = walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    files.filter_map(|entry| Some((relative(entry.path()), fs::read_to_string(entry.path()).ok()?))).collect()
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

fn relative(path: &Path) -> String {
    let relative = path.strip_prefix(root()).expect("the walk starts at the root");
    relative.to_string_lossy().replace('\\', "/")
}
