//! How much is evaluated again after a change.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use backprobe::engine::{Analysis, Engine, Memory};
use backprobe::project::World;
use backprobe::rules::{RootReport, RuleSet};
use backprobe::syntax::UnitId;

use crate::standin;

static EVALUATIONS: AtomicUsize = AtomicUsize::new(0);

/// The stand-in, counted. Only one test may use it.
fn counted(world: &dyn World, root: UnitId, rules: RuleSet) -> RootReport {
    EVALUATIONS.fetch_add(1, Ordering::Relaxed);
    standin::check_root(world, root, rules)
}

/// Number of roots that are evaluated to check all of `paths`.
fn evaluations(engine: &Engine, paths: &[&str]) -> usize {
    let before = EVALUATIONS.load(Ordering::Relaxed);
    standin::check(engine, paths);
    EVALUATIONS.load(Ordering::Relaxed) - before
}

#[test]
fn only_what_a_change_concerns_is_evaluated_again() {
    const TRAIN: &str = "import torch\nfrom net import bad\n\ndef one(): return torch\n\ndef two(): return torch\ntorch\n";
    const NET: &str = "import torch\ndef bad(x): return torch.relu(x)\n";
    let paths = ["/p/train.py", "/p/net.py"];
    let files = Memory::new([("/p/.git/HEAD", ""), ("/p/train.py", TRAIN), ("/p/net.py", NET)]);
    let mut engine = Engine::with_analysis(Arc::new(files.clone()), Analysis { check_root: counted, ..standin::analysis() });
    assert_eq!(evaluations(&engine, &paths), 4, "two functions and a module, and one function");
    assert_eq!(evaluations(&engine, &paths), 0, "nothing changed");

    let mut open = |text: &str| engine.set_overlay(Path::new("/p/train.py"), Some(Arc::from(text)));
    open(TRAIN);
    // What rests on an open file is watched more closely, and for that evaluated once more.
    assert_eq!(evaluations(&engine, &paths), 3, "a file is opened");
    let mut edit = |from: &str, to: &str, why: &str, expected: usize| {
        engine.set_overlay(Path::new("/p/train.py"), Some(Arc::from(TRAIN.replace(from, to))));
        assert_eq!(evaluations(&engine, &paths), expected, "{why}");
        engine.set_overlay(Path::new("/p/train.py"), Some(Arc::from(TRAIN)));
        evaluations(&engine, &paths);
    };
    edit("\n\ndef two", "\n# comment\n\n\ndef two", "a comment moves a function", 0);
    edit("two(): return torch", "two(): return torch  # why", "a comment in a function", 0);
    edit("two(): return torch", "two(): return torch.x", "a function's body", 1);
    edit("def two(): return torch", "def three(): return torch", "a function's name, which the module unit reads", 2);

    files.write("/p/net.py", NET.replace("relu", "gelu"));
    engine.refresh(Path::new("/p/net.py"));
    assert_eq!(evaluations(&engine, &paths), 1, "a stored file changes");
    files.write("/p/other.py", "import torch\ndef other(): return torch\n");
    engine.refresh(Path::new("/p/other.py"));
    assert_eq!(evaluations(&engine, &paths), 0, "a file that nobody uses");
}
