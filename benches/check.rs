//! CPU time of a whole check against that of parsing the same files whole, in one run on one thread, by turns: how fast a machine is
//! changes from second to second.
//!
//! ```text
//! cargo bench --bench check -- FOLDER…
//! ```
#![allow(clippy::expect_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark reads folders, prints, and stops where it cannot go on")]

use std::path::PathBuf;
use std::sync::Arc;

use backprobe::engine::{Disk, Engine, STACK_BYTES};
use cpu_time::ProcessTime;

/// That of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 7;

fn main() {
    // Nested code is analysed by recursion.
    let measured = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(measure).expect("a thread can be started");
    measured.join().expect("the measurement ends");
}

fn measure() {
    let folders = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let files: Vec<PathBuf> = folders.flat_map(|folder| python_files(&folder)).collect();
    if files.is_empty() {
        println!("no Python files: name one or more folders");
        return;
    }
    let texts: Vec<Vec<u8>> = files.iter().map(|path| std::fs::read(path).expect("the file can be read")).collect();
    let bytes: usize = texts.iter().map(Vec::len).sum();
    let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (milliseconds(|| parse_whole(&texts)), milliseconds(|| check(&files)))).collect();
    println!("{} files, {:.2} MB", files.len(), bytes as f64 / 1e6);
    println!("parsing whole  {:8.1} ms", median(rounds.iter().map(|(parsing, _)| *parsing)));
    println!("check          {:8.1} ms", median(rounds.iter().map(|(_, checking)| *checking)));
    println!("ratio          {:8.2}", median(rounds.iter().map(|(parsing, checking)| checking / parsing)));
}

fn python_files(folder: &str) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(folder).standard_filters(false).build();
    let mut files: Vec<PathBuf> = walk.flatten().map(ignore::DirEntry::into_path).filter(|path| path.extension().is_some_and(|extension| extension == "py")).collect();
    files.sort();
    files
}

fn parse_whole(texts: &[Vec<u8>]) {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).expect("the grammar fits the library");
    for text in texts {
        std::hint::black_box(parser.parse(text, None));
    }
}

fn check(files: &[PathBuf]) {
    let engine = Engine::new(Arc::new(Disk));
    let snapshot = engine.snapshot();
    for path in files {
        std::hint::black_box(snapshot.check(path));
    }
}

/// The CPU time of `run`.
fn milliseconds(run: impl Fn()) -> f64 {
    let start = ProcessTime::now();
    run();
    start.elapsed().as_secs_f64() * 1e3
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
