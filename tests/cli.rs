//! The command line, run as a process.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test fails by panic and makes its own folders")]

#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/settings.rs"]
mod settings;
#[path = "cli/terminal.rs"]
mod terminal;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use assert_cmd::Command;
use tempfile::TempDir;

/// Runs backprobe in `folder` and returns exit code, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run_with_input(folder, arguments, b"")
}

fn run_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("backprobe").expect("the binary is built");
    let output = command.current_dir(folder).args(arguments).write_stdin(input.to_vec()).output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().expect("the process exits"), text(output.stdout), text(output.stderr))
}

/// No text: backprobe names a file that holds this when it looks at it.
const NO_TEXT: &[u8] = b"x = '\xff'\n";

/// The files that a check of `arguments` looks at, in its order, in a folder where each of `files` holds no text.
fn looked_at(files: &[&str], others: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let folder = folder(others);
    for name in files {
        write(folder.path(), name, NO_TEXT);
    }
    let (code, output, errors) = run(folder.path(), &[&["check"], arguments].concat());
    assert_eq!((code, output.as_str()), (0, ""), "what is not analysed changes nothing");
    let name = |line: &str| line.strip_suffix(": not analysed: not UTF-8").expect("the line names a file").to_owned();
    errors.lines().map(name).collect()
}

/// A folder that holds `files`.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder can be made");
    for (name, text) in files {
        write(folder.path(), name, text.as_bytes());
    }
    folder
}

fn write(folder: &Path, name: &str, content: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, content).expect("a file can be written");
}

/// A bug in line 4, column 12.
const BUG: &str = "\
import tensorflow.compat.v1 as tf

def network(images, is_training):
    return tf.layers.dropout(images)
";

const CONCISE: &[&str] = &["--output-format", "concise"];

/// Where each line of concise output points to, with the rule.
fn pointed_to(output: &str) -> Vec<&str> {
    output.lines().map(|line| line.split_once("] ").map_or(line, |(place, _)| place)).collect()
}

#[test]
fn a_finding_ends_with_one() {
    let folder = folder(&[("train.py", BUG), ("clean.py", "x = 1\n")]);
    let (code, output, errors) = run(folder.path(), &[&["check"], CONCISE].concat());
    assert_eq!((code, errors.as_str()), (1, ""));
    assert_eq!(pointed_to(&output), ["train.py:4:12: warning[dropout-without-training-flag"]);
}

#[test]
fn a_failure_is_more_than_a_finding() {
    let folder = folder(&[("train.py", BUG)]);
    let (code, output, errors) = run(folder.path(), &[&["check", "train.py", "gone.py"], CONCISE].concat());
    assert_eq!((code, errors.as_str()), (2, "error: no such file or folder: `gone.py`\n"));
    assert_eq!(pointed_to(&output), ["train.py:4:12: warning[dropout-without-training-flag"]);
}

#[test]
fn full_output_ends_with_a_summary() {
    let folder = folder(&[("a.py", BUG), ("b.py", BUG), ("c.py", "")]);
    let (code, output, _) = run(folder.path(), &["check"]);
    assert_eq!(code, 1);
    assert!(output.starts_with("warning[dropout-without-training-flag]: "), "{output}");
    assert!(output.contains("\n --> b.py:4:12\n"), "{output}");
    assert!(output.ends_with("\n\n2 findings in 2 files; `--unsafe-fixes` mends 2\n"), "{output}");
}

#[test]
fn findings_come_in_the_order_of_paths_and_places() {
    let names: Vec<String> = (0..40).map(|number| format!("f{number:02}.py")).collect();
    let twice = format!("{BUG}\ndef other(images, is_training):\n    return tf.layers.dropout(images)\n");
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), twice.as_str())).collect();
    let (_, output, _) = run(folder(&files).path(), &[&["check"], CONCISE].concat());
    let rule = "warning[dropout-without-training-flag";
    let expected: Vec<String> = names.iter().flat_map(|name| [format!("{name}:4:12: {rule}"), format!("{name}:7:12: {rule}")]).collect();
    assert_eq!(pointed_to(&output), expected);
}

#[test]
fn standard_input_stands_for_a_file() {
    let folder = folder(&[("train.py", "x = 1\n")]);
    let check = |arguments: &[&str]| run_with_input(folder.path(), &[&["check", "-"], arguments, CONCISE].concat(), BUG.as_bytes()).1;
    assert_eq!(pointed_to(&check(&[])), ["<stdin>:4:12: warning[dropout-without-training-flag"]);
    assert_eq!(pointed_to(&check(&["--stdin-filename", "train.py"])), ["train.py:4:12: warning[dropout-without-training-flag"]);
    assert_eq!(pointed_to(&check(&["train.py", "--stdin-filename", "train.py"])), ["train.py:4:12: warning[dropout-without-training-flag"]);
}

#[test]
fn calls_are_found_where_the_grammar_fails_on_valid_code() {
    for line in ["type(x).count = 1", "print('shape', *x.size())", "y: Cache[int][str] = None"] {
        let code = format!("import torch.nn as nn\nimport torch.nn.functional as F\n\nclass Net(nn.Module):\n    def forward(self, x):\n        {line}\n        return F.dropout(x)\n");
        let (_, output, _) = run_with_input(Path::new("."), &["check", "--output-format", "concise", "-"], code.as_bytes());
        assert_eq!(pointed_to(&output), ["<stdin>:7:16: warning[dropout-without-training-flag"], "{line}");
    }
}

#[test]
fn ignored_findings_are_not_reported() {
    let folder = folder(&[("train.py", &BUG.replace("(images)\n", "(images)  # backprobe: ignore[dropout-without-training-flag]\n"))]);
    assert_eq!(run(folder.path(), &["check"]), (0, String::new(), String::new()));
}

#[test]
fn broken_code_is_named_and_the_rest_checked() {
    let folder = folder(&[("train.py", &format!("{BUG}\ndef broken(:\n    tf.layers.dropout(1)\n"))]);
    let (code, output, errors) = run(folder.path(), &[&["check"], CONCISE].concat());
    assert_eq!(code, 1);
    assert_eq!(pointed_to(&output), ["train.py:4:12: warning[dropout-without-training-flag"]);
    assert_eq!(errors, "train.py:6:1: not analysed: syntax error\n");
}

#[test]
fn folders_are_walked_in_order() {
    let files = ["b.py", "a/z.py", "a/b/c.py", "a.py", "notes.txt", "a/stub.pyi"];
    assert_eq!(looked_at(&files, &[], &[]), ["a/b/c.py", "a/z.py", "a.py", "b.py"]);
    assert_eq!(looked_at(&files, &[], &["a", "b.py", "./a/z.py"]), ["a/b/c.py", "a/z.py", "b.py"]);
}

#[test]
fn ignored_and_hidden_files_and_installed_packages_are_left_out() {
    let files = ["seen.py", "build/made.py", "a/local.py", ".hidden/h.py", "env/lib/installed.py"];
    let others = [(".gitignore", "build/\n"), ("a/.gitignore", "local.py\n"), ("env/pyvenv.cfg", "")];
    assert_eq!(looked_at(&files, &others, &[]), ["seen.py"]);
}

#[test]
fn what_is_named_is_looked_at() {
    let files = ["build/made.py", ".hidden/h.py", "env/lib/installed.py", "script"];
    let others = [(".gitignore", "build/\n"), ("env/pyvenv.cfg", "")];
    let all = [".hidden/h.py", "build/made.py", "env/lib/installed.py", "script"];
    assert_eq!(looked_at(&files, &others, &[".hidden", "build", "env", "script"]), all);
    assert_eq!(looked_at(&files, &others, &["script", ".hidden/h.py", "build/made.py", "env/lib/installed.py"]), all);
}

#[test]
fn paths_outside_the_current_folder_are_absolute() {
    let folder = folder(&[("here/empty.py", "")]);
    write(folder.path(), "there/t.py", NO_TEXT);
    let (code, _, errors) = run(&folder.path().join("here"), &["check", "../there"]);
    let path = folder.path().canonicalize().expect("the folder exists").join("there/t.py");
    assert_eq!((code, errors), (0, format!("{}: not analysed: not UTF-8\n", path.display())));
}

#[test]
fn standard_input_must_be_text() {
    let folder = folder(&[]);
    let (code, _, errors) = run_with_input(folder.path(), &["check", "-"], NO_TEXT);
    assert_eq!((code, errors.as_str()), (2, "error: standard input is no text that Python reads: not UTF-8\n"));
}

#[test]
fn clean_files_give_no_output_and_zero() {
    let folder = folder(&[("train.py", "x = 1\n")]);
    assert_eq!(run(folder.path(), &["check"]), (0, String::new(), String::new()));
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
    assert_eq!(errors, "no Python files found; name a file, or a folder that holds some and is not ignored by git or by the settings\n");
}

#[test]
fn the_version_is_that_of_the_package() {
    let folder = folder(&[]);
    let (code, output, _) = run(folder.path(), &["--version"]);
    assert_eq!((code, output), (0, format!("backprobe {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn nothing_is_written_where_nothing_is_found() {
    let folder = folder(&[("train.py", BUG)]);
    let (code, output, errors) = run(folder.path(), &["test", "train.py:1"]);
    assert_eq!((code, output.as_str()), (0, ""));
    assert_eq!(errors, "no finding at `train.py:1`, so nothing to test\n");
    assert!(!folder.path().join("tests").exists());
    assert_eq!(run(folder.path(), &["test", "gone.py:1"]).0, 2);
}

/// A model with two bugs, in lines 15 and 24.
const MODELS: &str = "\
import torch.nn.functional as F
from torch import nn


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(64, 64)
        self.second = nn.Linear(64, 64)
        self.last = nn.Linear(64, 10)

    def forward(self, pixels):
        hidden = F.relu(self.first(pixels))
        hidden = F.relu(
            self.second(pixels))
        return self.last(hidden)

class Spam(nn.Module):
    def __init__(self):
        super().__init__()
        self.spam = nn.Linear(32, 1)

    def forward(self, words):
        return F.softmax(self.spam(words), dim=-1)
";

/// The names of the tests in the file at `path`.
fn tests_in(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("the file was written");
    let names = text.lines().filter_map(|line| line.strip_prefix("def ")?.split_once('('));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn tests_are_written_once() {
    let folder = folder(&[("pyproject.toml", ""), ("net/models.py", MODELS)]);
    let file = "tests/test_net_models_training.py";
    let (code, output, errors) = run(folder.path(), &["test", "net/models.py:15"]);
    let names = tests_in(&folder.path().join(file));
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(names.len(), 1);
    assert_eq!(output, format!("{file}: wrote {}\n", names[0]));

    let (code, output, _) = run(folder.path(), &["test", "net/models.py"]);
    let both = tests_in(&folder.path().join(file));
    assert_eq!((code, both.len()), (0, 2));
    assert_eq!(output, format!("{file}: wrote {}\n{file}: {} is there already\n", both[1], both[0]));

    let before = fs::read(folder.path().join(file)).expect("the file was written");
    let (_, output, _) = run(folder.path(), &["test", "net"]);
    assert_eq!(output, format!("{file}: {} is there already\n{file}: {} is there already\n", both[0], both[1]));
    assert_eq!(fs::read(folder.path().join(file)).expect("the file is there"), before);
}

#[test]
fn tests_go_where_they_are_wanted() {
    let folder = folder(&[("pyproject.toml", ""), ("models.py", MODELS)]);
    let (code, printed, errors) = run(folder.path(), &["test", "models.py", "--stdout"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(printed.starts_with("\"\"\"Written by backprobe for "), "{printed}");
    assert!(!folder.path().join("tests").exists());

    run(folder.path(), &["test", "models.py", "--output", "checks/training"]);
    let written = fs::read_to_string(folder.path().join("checks/training/test_models_training.py")).expect("the file was written");
    assert_eq!(written, printed);
    assert!(!folder.path().join("tests").exists());
}

#[test]
fn a_test_file_keeps_what_is_in_it() {
    let folder = folder(&[("pyproject.toml", ""), ("models.py", MODELS)]);
    let file = folder.path().join("tests/test_models_training.py");
    write(folder.path(), "tests/test_models_training.py", "\u{feff}x = 1  # mine\n".as_bytes());
    assert_eq!(run(folder.path(), &["test", "models.py:15"]).0, 0);
    let text = fs::read_to_string(&file).expect("the file is there");
    assert!(text.starts_with('\u{feff}') && text.contains("x = 1  # mine\n"), "{text}");
    assert_eq!(tests_in(&file).len(), 1);
    assert_eq!(fs::read_dir(folder.path().join("tests")).expect("the folder is there").count(), 1, "nothing is left beside it");

    let broken = "def test_(:\n";
    write(folder.path(), "tests/test_models_training.py", broken.as_bytes());
    let (code, output, errors) = run(folder.path(), &["test", "models.py:15"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert!(errors.starts_with("error: cannot add a test to `tests/test_models_training.py`: "), "{errors}");
    assert_eq!(fs::read_to_string(&file).expect("the file is there"), broken);
}

#[test]
fn a_test_file_that_may_not_be_written_stays_as_it_is() {
    let folder = folder(&[("pyproject.toml", ""), ("models.py", MODELS), ("tests/test_models_training.py", "x = 1\n")]);
    let file = folder.path().join("tests/test_models_training.py");
    let mut permissions = fs::metadata(&file).expect("the file is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).expect("the file can be protected");
    let (code, output, errors) = run(folder.path(), &["test", "models.py:15"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert!(errors.contains("tests/test_models_training.py"), "{errors}");
    assert_eq!(fs::read_to_string(&file).expect("the file is there"), "x = 1\n");
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("backprobe"));
    let process = command.args(["rules", "--output-format", "json"]).stdout(writer).stderr(Stdio::piped()).spawn();
    let output = process.expect("the binary starts").wait_with_output().expect("the process exits");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let full = fs::File::create("/dev/full").expect("Linux has a full device");
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("backprobe"));
    let process = command.args(["rules", "--output-format", "json"]).stdout(full).stderr(Stdio::piped()).spawn();
    let output = process.expect("the binary starts").wait_with_output().expect("the process exits");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors.starts_with("error: cannot write the output: "), "{errors}");
}

#[test]
fn an_unknown_rule_is_a_failure() {
    let folder = folder(&[]);
    let (code, output, errors) = run(folder.path(), &["explain", "E501"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert_eq!(errors, "error: no rule is named `E501`; `backprobe rules` lists all\n");
}

/// Two dropouts that `--fix` mends.
const NET: &str = "\
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def forward(self, x):
        return F.dropout(F.dropout(x, 0.5))
";

const FIXED: &str = "F.dropout(F.dropout(x, 0.5, training=self.training), training=self.training)";

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("the file is there")
}

#[test]
fn safe_fixes_are_applied_and_the_rest_reported() {
    let folder = folder(&[("net.py", NET), ("graph.py", BUG)]);
    let (code, output, errors) = run(folder.path(), &[&["check", "--fix"], CONCISE].concat());
    assert_eq!((code, errors.as_str()), (1, "fixed 2 findings in 1 file\n"));
    assert_eq!(pointed_to(&output), ["graph.py:4:12: warning[dropout-without-training-flag"]);
    assert!(read(folder.path(), "net.py").contains(FIXED), "fixes in one place are applied in turn");
    assert_eq!(read(folder.path(), "graph.py"), BUG);

    let (code, output, errors) = run(folder.path(), &[&["check", "--unsafe-fixes"], CONCISE].concat());
    assert_eq!((code, output.as_str(), errors.as_str()), (0, "", "fixed 1 finding in 1 file\n"));
    assert!(read(folder.path(), "graph.py").contains("tf.layers.dropout(images, training=is_training)"));
    assert_eq!(run(folder.path(), &["check", "--fix"]), (0, String::new(), String::new()), "nothing is left to fix");
}

#[test]
fn a_diff_shows_what_fixes_would_write() {
    let folder = folder(&[("net.py", NET), ("graph.py", BUG)]);
    let (code, output, errors) = run(folder.path(), &["check", "--diff"]);
    assert_eq!((code, errors.as_str()), (1, "would fix 2 findings in 1 file\n"));
    assert!(output.starts_with("--- net.py\n+++ net.py\n@@ ") && output.contains(&format!("\n+        return {FIXED}\n")), "{output}");
    assert!(!output.contains("graph.py"), "{output}");
    assert!(run(folder.path(), &["check", "--diff", "--unsafe-fixes"]).1.contains("+++ graph.py"));
    assert_eq!(read(folder.path(), "net.py"), NET);
    assert_eq!(run(folder.path(), &["check", "--diff", "graph.py"]), (0, String::new(), String::new()), "its fix is not safe");
    assert_eq!(run(folder.path(), &["check", "--diff", "--output-format", "json"]).0, 2, "a diff is no JSON");
    write(folder.path(), "broken.py", b"import torch\n\ndef f(x:\n    return torch.nn.functional.dropout(x)\n");
    assert!(run(folder.path(), &["check", "--diff"]).2.contains("broken.py:"), "what was not analysed is named");
}

#[test]
fn standard_input_is_given_back_fixed() {
    let folder = folder(&[]);
    let (code, output, errors) = run_with_input(folder.path(), &["check", "-", "--fix"], NET.as_bytes());
    assert_eq!((code, errors.as_str()), (0, "fixed 2 findings in 1 file\n"));
    assert_eq!(output, NET.replace("F.dropout(F.dropout(x, 0.5))", FIXED));
    let (code, output, errors) = run_with_input(folder.path(), &["check", "-", "--fix", "--stdin-filename", "a.py"], BUG.as_bytes());
    assert_eq!((code, output.as_str()), (1, BUG));
    assert_eq!(pointed_to(&errors), ["a.py:4:12: warning[dropout-without-training-flag"]);
}

#[test]
fn a_fixed_file_keeps_its_encoding() {
    let with_mark = format!("\u{feff}# \u{e9}\r\n{}", NET.replace('\n', "\r\n"));
    let latin: Vec<u8> = [b"# -*- coding: latin-1 -*-\n# \xe9\n".as_slice(), NET.as_bytes()].concat();
    let folder = folder(&[]);
    write(folder.path(), "mark.py", with_mark.as_bytes());
    write(folder.path(), "latin.py", &latin);
    assert_eq!(run(folder.path(), &["check", "--fix"]).0, 0);
    let expected = with_mark.replace("F.dropout(F.dropout(x, 0.5))", FIXED);
    assert_eq!(read(folder.path(), "mark.py"), expected);
    let written = fs::read(folder.path().join("latin.py")).expect("the file is there");
    assert!(written.starts_with(b"# -*- coding: latin-1 -*-\n# \xe9\n"));
    assert!(written.ends_with(format!("        return {FIXED}\n").as_bytes()));
}

#[test]
fn a_file_that_may_not_be_written_is_not_fixed() {
    let folder = folder(&[("net.py", NET), ("other.py", NET)]);
    let file = folder.path().join("net.py");
    let mut permissions = fs::metadata(&file).expect("the file is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).expect("the file can be protected");
    let (code, _, errors) = run(folder.path(), &["check", "--fix"]);
    assert_eq!(code, 2);
    assert!(errors.contains("error: cannot write `") && errors.contains("net.py"), "{errors}");
    assert_eq!(read(folder.path(), "net.py"), NET);
    assert!(read(folder.path(), "other.py").contains(FIXED));
}

/// A network of `depth` blocks, two layers behind which take the same input, and as many other statements as `long` says.
fn unstacked(depth: usize, long: usize) -> String {
    let blocks = |line: &str| (0..depth).map(|block| line.replace('#', &block.to_string())).collect::<String>();
    format!(
        "import torch.nn as nn\nimport torch.nn.functional as F\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{}        \
         self.a = nn.Linear(8, 8)\n        self.b = nn.Linear(8, 8)\n\n    def forward(self, x):\n{}{}        y = self.a(x)\n        return self.b(x)\n",
        blocks("        self.conv# = nn.Conv2d(8, 8, 3)\n        self.norm# = nn.BatchNorm2d(8)\n"),
        blocks("        x = F.relu(self.norm#(self.conv#(x)))\n"),
        "        print(x)\n".repeat(long),
    )
}

#[test]
fn a_deep_network_is_analysed_and_long_code_given_up() {
    let findings = |text: &str| {
        let folder = folder(&[("net.py", text)]);
        pointed_to(&run(folder.path(), &[&["check"], CONCISE].concat()).1).into_iter().map(|line| line.rsplit('[').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(findings(&unstacked(1, 0)), ["unstacked-layer"]);
    assert_eq!(findings(&unstacked(50, 0)), ["unstacked-layer"]);
    let long = unstacked(1, 600);
    assert_eq!(findings(&long), [""; 0], "its budget is spent");
    // Where another rule could fire, it is evaluated further.
    assert_eq!(findings(&long.replace("y = self.a(x)", "y = F.dropout(self.a(x))")), ["dropout-without-training-flag", "unstacked-layer"]);
}

#[test]
fn a_learning_phase_that_an_imported_module_sets_holds() {
    let train = "\
import setup
import tensorflow as tf
from tensorflow import keras

model = keras.Sequential([keras.layers.Dense(16), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
optimizer = keras.optimizers.SGD(0.1)

def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(inputs) - targets) ** 2)
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
";
    let findings = |setup: &str| {
        let folder = folder(&[("pyproject.toml", ""), ("setup.py", setup), ("train.py", train)]);
        run(folder.path(), &["check", "train.py", "--output-format", "concise"]).1.matches("tape-without-training-flag").count()
    };
    assert_eq!(findings("from tensorflow.keras import backend as K\n\ndef prepare():\n    K.set_learning_phase(1)\n"), 0);
    assert_eq!(findings("from tensorflow.keras import backend as K\n\ndef prepare():\n    K.set_floatx('float16')\n"), 1);
}

#[test]
fn what_is_named_is_tested_without_a_finding() {
    let training = "import torch\nfrom models import Digits, Spam\n\ndef train():\n    model = Digits()\n    torch.optim.Adam(model.parameters())\n";
    let folder = folder(&[("pyproject.toml", ""), ("models.py", MODELS), ("train.py", training)]);
    let (code, output, errors) = run(folder.path(), &["test", "models.py", "--for", "Spam", "--for", "Digits.forward"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    let file = "tests/test_models_training.py";
    assert_eq!(output, format!("{file}: wrote test_every_parameter_of_spam_trains\n{file}: wrote test_every_parameter_of_digits_trains\n"));
    assert_eq!(tests_in(&folder.path().join(file)).len(), 2);

    let (code, output, errors) = run(folder.path(), &["test", "models.py", "--for", "Digit"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert_eq!(errors, "error: no model, builder or training function is called `Digit`; did you mean `Digits`?\n");
    let (_, _, errors) = run(folder.path(), &["test", ".", "--for", "Xyz"]);
    assert_eq!(errors, "error: no model, builder or training function is called `Xyz`; there is `Digits`, `Spam`, `train`\n");
    let classes = "import torch\n\nclass Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.layer = torch.nn.Linear(4, 2)\n\n    def kinds(self, x):\n        return self.layer(x).argmax(1)\n";
    fs::write(folder.path().join("net.py"), classes).expect("a file can be written");
    let (code, output, errors) = run(folder.path(), &["test", "net.py", "--for", "Net.kinds"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert_eq!(errors, "error: `Net.kinds` has no training test: no gradient of what it returns reaches a parameter\n");
    let (_, _, errors) = run(folder.path(), &["test", "missing.py", "--for", "Digits"]);
    assert_eq!(errors, "error: no such file or folder: `missing.py`\n");
    let (_, _, errors) = run(folder.path(), &["test", "pyproject.toml", "--for", "Digits"]);
    assert_eq!(errors, "error: no model, builder or training function is called `Digits`: nothing here trains\n");
    let (code, _, errors) = run(folder.path(), &["test", "models.py:15", "--for", "Digits"]);
    assert_eq!((code, errors.as_str()), (2, "error: `--for` says what is tested; leave out the line, or `--for`\n"));
}
