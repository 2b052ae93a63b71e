//! Turns the stub files of `src/knowledge` into a table of embedded texts and a list of the words that they define.
//!
//! Everything is derived from the stubs, so that adding one needs no Rust.
#![allow(clippy::expect_used, clippy::disallowed_methods)] // A build that fails says so and stops.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// One stub file.
struct Stub {
    dotted: String,
    path: PathBuf,
    text: String,
    is_package: bool,
    is_framework: bool,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/knowledge");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets the manifest directory")).join("src/knowledge");
    let mut stubs = Vec::new();
    read_folder(&root.join("stubs"), "", true, &mut stubs);
    read_folder(&root.join("standard"), "", false, &mut stubs);
    stubs.sort_by(|a, b| a.dotted.cmp(&b.dotted));
    let choice = Choice::read(&fs::read_to_string(root.join("words.txt")).expect("the choice of words exists"), &stubs);
    let output = PathBuf::from(env::var("OUT_DIR").expect("cargo sets the output directory")).join("stubs.rs");
    fs::write(output, render(&stubs, &words(&stubs, &choice))).expect("the output directory is writable");
}

/// Reads all stubs below `folder`, whose dotted name is `package`.
fn read_folder(folder: &Path, package: &str, is_framework: bool, stubs: &mut Vec<Stub>) {
    for entry in fs::read_dir(folder).expect("the stub folders exist") {
        let path = entry.expect("folder entries are readable").path();
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let child = if package.is_empty() { stem.to_owned() } else { format!("{package}.{stem}") };
        if path.is_dir() {
            read_folder(&path, &child, is_framework, stubs);
        } else if path.extension().is_some_and(|extension| extension == "pyi") {
            let is_package = stem == "__init__";
            let text = fs::read_to_string(&path).expect("stubs are UTF-8");
            let dotted = if is_package { package.to_owned() } else { child };
            stubs.push(Stub { dotted, path, text, is_package, is_framework });
        }
    }
}

/// Which names are words, as `words.txt` says.
struct Choice {
    /// Of these modules, only these names.
    only: BTreeMap<String, BTreeSet<String>>,
    /// In no module.
    common: BTreeSet<String>,
}

impl Choice {
    fn read(text: &str, stubs: &[Stub]) -> Self {
        let mut choice = Self { only: BTreeMap::new(), common: BTreeSet::new() };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((module, names)) = line.split_once(':') else {
                choice.common.extend(line.split_whitespace().map(str::to_owned));
                continue;
            };
            let stub = stubs.iter().find(|stub| stub.dotted == module).unwrap_or_else(|| panic!("words.txt: no stub `{module}`"));
            let defined: BTreeSet<&str> = stub.text.lines().filter_map(defined_name).collect();
            for name in names.split_whitespace() {
                assert!(defined.contains(name), "words.txt: `{module}` defines no `{name}`");
            }
            choice.only.entry(module.to_owned()).or_default().extend(names.split_whitespace().map(str::to_owned));
        }
        choice
    }

    fn holds(&self, module: &str, name: &str) -> bool {
        !name.starts_with('_') && !self.common.contains(name) && self.only.get(module).is_none_or(|only| only.contains(name))
    }
}

/// Names that framework stubs define, as far as they are chosen.
fn words(stubs: &[Stub], choice: &Choice) -> BTreeSet<String> {
    let frameworks = stubs.iter().filter(|stub| stub.is_framework && !stub.dotted.starts_with("backprobe"));
    let names = frameworks.flat_map(|stub| stub.text.lines().filter_map(defined_name).map(|name| (stub.dotted.as_str(), name)));
    names.filter(|(module, name)| choice.holds(module, name)).map(|(_, name)| name.to_owned()).collect()
}

/// The name that a line defines: `def name(`, `class Name`, `name = other`.
fn defined_name(line: &str) -> Option<&str> {
    let code = line.trim_start();
    let rest = code.strip_prefix("def ").or_else(|| code.strip_prefix("class "));
    let text = rest.or_else(|| (code.len() == line.len() && is_alias(line)).then_some(line))?;
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// Whether a line is `name = other` at module level.
fn is_alias(line: &str) -> bool {
    line.split_once(" = ").is_some_and(|(left, right)| is_dotted(left) && is_dotted(right))
}

fn is_dotted(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

/// The generated Rust source.
#[expect(clippy::unnecessary_debug_formatting, reason = "paths become Rust literals")]
fn render(stubs: &[Stub], words: &BTreeSet<String>) -> String {
    let mut source = String::from("static MODULES: &[StubModule] = &[\n");
    for stub in stubs {
        let Stub { dotted, path, is_package, is_framework, .. } = stub;
        writeln!(
            source,
            "    StubModule {{ name: {dotted:?}, text: include_str!({path:?}), is_package: {is_package}, is_framework: {is_framework} }},"
        )
        .expect("writing to a string succeeds");
    }
    source.push_str("];\n\nstatic WORDS: &[&str] = &[\n");
    for word in words {
        writeln!(source, "    {word:?},").expect("writing to a string succeeds");
    }
    writeln!(source, "];\n\n#[allow(clippy::unreadable_literal)]\nconst FINGERPRINT: u64 = {};", fingerprint(stubs)).expect("writing to a string succeeds");
    source
}

/// FNV-1a over names and texts: changes whenever a stub does.
fn fingerprint(stubs: &[Stub]) -> u64 {
    let bytes = stubs.iter().flat_map(|stub| stub.dotted.bytes().chain([0]).chain(stub.text.bytes()).chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
