//! After any changes the engine says what a new one says.

use std::path::Path;
use std::sync::Arc;

use backprobe::engine::Memory;
use proptest::prelude::*;

use crate::standin::{engine, reports};

const PATHS: [&str; 8] = [
    "/p/a.py",
    "/p/b.py",
    "/p/torch.py",
    "/p/pkg/__init__.py",
    "/p/pkg/a.py",
    "/p/pkg/c.py",
    "/p/src/a.py",
    "/p/src/pkg/c.py",
];

const MARKERS: [&str; 3] = ["/p/pkg/pyproject.toml", "/p/src/setup.py", "/p/venv/pyvenv.cfg"];

const STATEMENTS: [&str; 16] = [
    "import torch\n",
    "from a import bad_if_strict\n",
    "from a import *\n",
    "from b import *\n",
    "from pkg import bad_always\n",
    "from .a import *\n",
    "from . import a, c\n",
    "from pkg.c import bad_if_strict, bad\n",
    "def bad_always(x):\n    return torch.relu(x)\n",
    "def bad_if_strict(x):\n    y = 1\n    return torch.relu(x)\n",
    "def bad(x):\n    return torch.relu(x)  # comment\n",
    "def bad(x):\n    return torch.gelu(x)\n",
    "class Net(torch.nn.Module):\n    def bad(self): pass\n",
    "strict = torch\n",
    "# comment\n\n",
    "def bad(: torch\n",
];

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<usize>),
    Remove(usize),
    Rename(usize, usize),
    Open(usize, Vec<usize>),
    Close(usize),
    Marker(usize, bool),
    RemoveFolder,
}

fn change() -> impl Strategy<Value = Change> {
    let path = || 0..PATHS.len();
    let text = || prop::collection::vec(0..STATEMENTS.len(), 0..6);
    prop_oneof![
        4 => (path(), text()).prop_map(|(path, text)| Change::Write(path, text)),
        4 => (path(), text()).prop_map(|(path, text)| Change::Open(path, text)),
        1 => path().prop_map(Change::Remove),
        1 => (path(), path()).prop_map(|(from, to)| Change::Rename(from, to)),
        2 => path().prop_map(Change::Close),
        1 => (0..MARKERS.len(), any::<bool>()).prop_map(|(marker, exists)| Change::Marker(marker, exists)),
        1 => Just(Change::RemoveFolder),
    ]
}

fn text_of(statements: &[usize]) -> String {
    statements.iter().map(|&statement| STATEMENTS[statement]).collect()
}

/// Makes the change in storage, and says which paths to refresh and which text to open.
fn apply(files: &Memory, change: &Change) -> Vec<&'static str> {
    use backprobe::engine::Files;
    match change {
        Change::Write(path, text) => {
            files.write(PATHS[*path], text_of(text));
            vec![PATHS[*path]]
        }
        Change::Remove(path) => {
            files.remove(PATHS[*path]);
            vec![PATHS[*path]]
        }
        Change::Rename(from, to) => {
            let Ok(content) = files.read(Path::new(PATHS[*from])) else { return Vec::new() };
            files.remove(PATHS[*from]);
            files.write(PATHS[*to], content);
            vec![PATHS[*from], PATHS[*to]]
        }
        Change::Marker(marker, exists) => {
            if *exists { files.write(MARKERS[*marker], "") } else { files.remove(MARKERS[*marker]) }
            vec![MARKERS[*marker]]
        }
        Change::RemoveFolder => {
            files.remove("/p/pkg");
            vec!["/p/pkg"]
        }
        Change::Open(..) | Change::Close(_) => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn incremental_equals_fresh(changes in prop::collection::vec(change(), 1..25)) {
        let files = Memory::new([("/p/.git/HEAD", "")]);
        let mut incremental = engine(&files);
        let mut open: [Option<Arc<str>>; PATHS.len()] = Default::default();
        for change in changes {
            for path in apply(&files, &change) {
                incremental.refresh(Path::new(path));
            }
            if let Change::Open(path, _) | Change::Close(path) = &change {
                open[*path] = if let Change::Open(_, text) = &change { Some(text_of(text).into()) } else { None };
                incremental.set_overlay(Path::new(PATHS[*path]), open[*path].clone());
            }
            let mut fresh = engine(&files);
            for (path, text) in PATHS.iter().zip(&open) {
                fresh.set_overlay(Path::new(path), text.clone());
            }
            prop_assert_eq!(reports(&incremental, &PATHS), reports(&fresh, &PATHS));
        }
    }
}
