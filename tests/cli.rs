//! The command line, run as a process.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test fails by panic and makes its own folders")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// Runs backprobe in `folder` and returns exit code, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run_with_input(folder, arguments, "")
}

fn run_with_input(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("backprobe").expect("the binary is built");
    let output = command.current_dir(folder).args(arguments).write_stdin(input).output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().expect("the process exits"), text(output.stdout), text(output.stderr))
}

/// A folder that holds `files`.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

#[test]
fn clean_files_give_no_output_and_zero() {
    let folder = folder(&[("train.py", "x = 1\n")]);
    assert_eq!(run(folder.path(), &["check"]), (0, String::new(), String::new()));
}

#[test]
fn clean_files_give_an_empty_array_in_json() {
    let folder = folder(&[("train.py", "x = 1\n")]);
    assert_eq!(run(folder.path(), &["check", "--output-format", "json"]), (0, "[]\n".to_owned(), String::new()));
}

#[test]
fn a_path_that_is_not_there_is_a_failure() {
    let folder = folder(&[("train.py", "x = 1\n")]);
    let (code, output, errors) = run(folder.path(), &["check", "train.py", "trian.py"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert_eq!(errors, "error: no such file or folder: `trian.py`\n");
}

#[test]
fn wrong_usage_is_a_failure() {
    let folder = folder(&[]);
    assert_eq!(run(folder.path(), &["check", "--no-such-option"]).0, 2);
    assert_eq!(run(folder.path(), &["chekc"]).0, 2);
}

#[test]
fn a_folder_without_python_files_is_said_and_clean() {
    let folder = folder(&[("notes.txt", "no code")]);
    let (code, output, errors) = run(folder.path(), &["check"]);
    assert_eq!((code, output.as_str()), (0, ""));
    assert_eq!(errors, "no Python files here; name a file or a folder that holds some\n");
}

#[test]
fn the_version_is_that_of_the_package() {
    let folder = folder(&[]);
    let (code, output, _) = run(folder.path(), &["--version"]);
    assert_eq!((code, output), (0, format!("backprobe {}\n", env!("CARGO_PKG_VERSION"))));
}
