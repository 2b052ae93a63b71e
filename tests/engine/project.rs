//! Findings across files: who counts as a caller, and what coming and going files change.

use std::path::Path;
use std::sync::Arc;

use backprobe::engine::Memory;
use backprobe::project::Imported;
use backprobe::syntax::Name;

use crate::standin::{check, engine, messages};

const HELPER: &str = "import torch\ndef bad_if_strict(x): return torch.relu(x)\n";
const STRICT: &str = "import torch\nfrom helper import bad_if_strict\nstrict = torch\n";
const LAX: &str = "import torch\nfrom helper import bad_if_strict\nx = torch\n";

#[test]
fn a_finding_that_needs_a_caller_appears_with_it() {
    let files = Memory::new([("/p/.git/HEAD", ""), ("/p/helper.py", HELPER)]);
    let mut engine = engine(&files);
    assert!(messages(&engine, "/p/helper.py").is_empty());
    files.write("/p/strict.py", STRICT);
    engine.refresh(Path::new("/p/strict.py"));
    assert_eq!(messages(&engine, "/p/helper.py"), ["bad_if_strict called by strict"]);
    files.remove("/p/strict.py");
    engine.refresh(Path::new("/p/strict.py"));
    assert!(messages(&engine, "/p/helper.py").is_empty());
}

#[test]
fn one_caller_without_the_bug_silences_it() {
    let files = Memory::new([("/p/.git/HEAD", ""), ("/p/helper.py", HELPER), ("/p/strict.py", STRICT)]);
    let mut engine = engine(&files);
    assert_eq!(messages(&engine, "/p/helper.py").len(), 1);
    // An open file that is not stored yet counts as much.
    engine.set_overlay(Path::new("/p/lax.py"), Some(Arc::from(LAX)));
    assert!(messages(&engine, "/p/helper.py").is_empty());
    engine.set_overlay(Path::new("/p/lax.py"), None);
    assert_eq!(messages(&engine, "/p/helper.py").len(), 1);
}

#[test]
fn callers_through_one_reexport_count() {
    let files = Memory::new([
        ("/p/.git/HEAD", ""),
        ("/p/net/__init__.py", "from .helper import bad_if_strict\n"),
        ("/p/net/helper.py", HELPER),
        ("/p/train.py", "import torch\nfrom net import bad_if_strict\nstrict = torch\n"),
    ]);
    assert_eq!(messages(&engine(&files), "/p/net/helper.py"), ["bad_if_strict called by train"]);
}

#[test]
fn a_module_that_appears_hides_another() {
    let files = Memory::new([("/p/.git/HEAD", ""), ("/p/src/helper.py", HELPER), ("/p/strict.py", STRICT)]);
    let mut engine = engine(&files);
    assert_eq!(messages(&engine, "/p/src/helper.py").len(), 1);
    files.write("/p/helper.py", "x = 1\n");
    engine.refresh(Path::new("/p/helper.py"));
    assert!(messages(&engine, "/p/src/helper.py").is_empty());
    files.remove("/p/helper.py");
    engine.refresh(Path::new("/p/helper.py"));
    assert_eq!(messages(&engine, "/p/src/helper.py").len(), 1);
}

#[test]
fn a_folder_that_comes_and_goes_is_a_change() {
    let train = "import torch\nfrom net.deep.helper import bad_if_strict\nstrict = torch\n";
    let files = Memory::new([("/p/.git/HEAD", ""), ("/p/train.py", train)]);
    let mut engine = engine(&files);
    assert!(messages(&engine, "/p/net/deep/helper.py").is_empty());
    files.write("/p/net/deep/helper.py", HELPER);
    engine.refresh(Path::new("/p/net"));
    assert_eq!(messages(&engine, "/p/net/deep/helper.py").len(), 1);
    files.remove("/p/net");
    engine.refresh(Path::new("/p/net"));
    assert!(messages(&engine, "/p/net/deep/helper.py").is_empty());
}

#[test]
fn installed_packages_are_no_callers() {
    let files = Memory::new([("/p/.git/HEAD", ""), ("/p/helper.py", HELPER), ("/p/venv/pyvenv.cfg", ""), ("/p/venv/strict.py", STRICT)]);
    assert!(messages(&engine(&files), "/p/helper.py").is_empty());
    files.write("/p/tools/strict.py", STRICT);
    assert_eq!(messages(&engine(&files), "/p/helper.py").len(), 1);
}

#[test]
fn a_finding_moves_with_its_text() {
    let files = Memory::new([("/p/a.py", "import torch\ndef bad(): torch\n")]);
    let mut engine = engine(&files);
    assert_eq!(check(&engine, &["/p/a.py"]), ["/p/a.py:17..20: bad called by itself"]);
    engine.set_overlay(Path::new("/p/a.py"), Some(Arc::from("# moved\nimport torch\n\ndef bad(): torch\n")));
    assert_eq!(check(&engine, &["/p/a.py"]), ["/p/a.py:26..29: bad called by itself"]);
}

#[test]
fn what_is_not_analysed_is_named() {
    let long = format!("import torch\nx = '{}'\n", "a".repeat(20_001));
    let files = Memory::new([
        ("/p/long.py", long.as_str()),
        ("/p/broken.py", "import torch\ndef bad(: torch\ndef bad_too(): torch\n"),
        ("/p/harmless.py", "import torch\ndef f(:\n"),
    ]);
    files.write("/p/binary.py", b"torch \xff\xfe");
    let engine = engine(&files);
    assert_eq!(check(&engine, &["/p/long.py"]), ["None: a line is longer than 20,000 bytes"]);
    assert_eq!(check(&engine, &["/p/binary.py"]), ["None: not UTF-8"]);
    assert_eq!(
        check(&engine, &["/p/broken.py"]),
        ["/p/broken.py:33..40: bad_too called by itself", "Some(13..29): syntax error"]
    );
    assert!(check(&engine, &["/p/harmless.py", "/p/absent.py"]).is_empty());
}

#[test]
fn a_script_with_a_name_of_a_framework_imports_the_framework() {
    let files = Memory::new([
        ("/p/.git/HEAD", ""),
        ("/p/torch.py", "import torch.nn.functional\n"),
        ("/p/other.py", "import torch.nn.functional\n"),
    ]);
    let engine = engine(&files);
    let imported = |path: &str, module: &str| {
        let snapshot = engine.snapshot();
        let file = snapshot.file(Path::new(path));
        snapshot.ask(|world| match world.import(file, Name::new(module), 0) {
            Imported::Module(module) => format!("{}{}", world.module_name(module), if world.is_stub(module) { ", a stub" } else { "" }),
            Imported::Unknown => "unknown".to_owned(),
        })
    };
    assert_eq!(imported("/p/torch.py", "torch"), "torch, a stub");
    assert_eq!(imported("/p/torch.py", "torch.nn.functional"), "torch.nn.functional, a stub");
    // Elsewhere the file hides it, as it does for Python.
    assert_eq!(imported("/p/other.py", "torch"), "torch");
    assert_eq!(imported("/p/other.py", "torch.nn.functional"), "unknown");
    assert_eq!(imported("/p/other.py", "backprobe.primitives"), "unknown");
}
