//! The files of this machine.

use std::fs;

use backprobe::engine::{Disk, Engine, EntryKind, Files};

use crate::standin::{analysis, messages};

#[test]
fn folders_are_listed_with_kinds_sorted_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("b")).expect("a folder");
    fs::write(folder.path().join("c.py"), "").expect("a file");
    fs::write(folder.path().join("a.py"), "").expect("a file");
    let entries = Disk.entries(folder.path());
    let listed: Vec<(&str, EntryKind)> = entries.iter().map(|entry| (entry.name.as_str(), entry.kind)).collect();
    assert_eq!(listed, [("a.py", EntryKind::File), ("b", EntryKind::Folder), ("c.py", EntryKind::File)]);
    assert!(Disk.entries(&folder.path().join("absent")).is_empty());
    assert!(Disk.entries(&folder.path().join("a.py")).is_empty());
}

#[cfg(unix)]
#[test]
fn linked_folders_are_imported_from_but_not_walked() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::create_dir_all(root.join("real/net")).expect("a folder");
    fs::write(root.join("setup.py"), "").expect("a file");
    fs::write(root.join("real/net/helper.py"), "import torch\ndef bad_if_strict(x): return torch\n").expect("a file");
    fs::write(root.join("train.py"), "import torch\nfrom linked.net.helper import bad_if_strict\nstrict = torch\n").expect("a file");
    std::os::unix::fs::symlink(root.join("real"), root.join("linked")).expect("a link");
    // A walk that followed it would not end.
    std::os::unix::fs::symlink(root, root.join("real/loop")).expect("a link");
    let engine = Engine::with_analysis(std::sync::Arc::new(Disk), analysis());
    let helper = root.join("linked/net/helper.py");
    assert_eq!(messages(&engine, &helper.display().to_string()), ["bad_if_strict called by train"]);
}
