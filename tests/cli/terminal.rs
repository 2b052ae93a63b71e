//! What the command line does for those who sit before it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::{BUG, folder, run, write};

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, output, errors) = run(Path::new("."), &["completions", shell]);
        assert_eq!((code, errors.as_str()), (0, ""), "{shell}");
        assert!(output.contains("statistics"), "{shell}");
    }
}

#[test]
fn colours_are_shown_where_they_are_wanted() {
    let folder = folder(&[("train.py", BUG)]);
    let is_coloured = |arguments: &[&str]| run(folder.path(), &[&["check"], arguments].concat()).1.contains("\x1b[");
    assert!(!is_coloured(&[]) && !is_coloured(&["--color", "never"]), "no terminal reads the output");
    assert!(is_coloured(&["--color", "always"]));
}

/// What has not come by then will not come.
const PATIENCE: Duration = Duration::from_mins(1);

/// A check that watches, ended with the test.
struct Watching {
    process: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("backprobe"));
        command.current_dir(folder).args(["check", "--watch", "--output-format", "concise"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts");
        let output = BufReader::new(process.stdout.take().expect("output is piped"));
        let (sender, lines) = channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { process, lines }
    }

    /// Reads until a line points to `place`. A change may be seen in several steps, each with a pass of its own.
    fn comes_to(&self, place: &str) {
        while !self.lines.recv_timeout(PATIENCE).expect("the line comes").starts_with(place) {}
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.process.kill().expect("the process runs until then");
        self.process.wait().expect("the process ends");
    }
}

#[test]
fn changed_files_are_checked_again() {
    let folder = folder(&[("a.py", BUG), ("pyproject.toml", "")]);
    let watching = Watching::start(folder.path());
    watching.comes_to("a.py:4:12: warning");
    write(folder.path(), "a.py", format!("\n{BUG}").as_bytes());
    watching.comes_to("a.py:5:12: warning");
    write(folder.path(), "new/b.py", BUG.as_bytes());
    watching.comes_to("new/b.py:4:12: warning");
    write(folder.path(), "backprobe.toml", b"[severity]\ndropout-without-training-flag = 'error'\n");
    watching.comes_to("a.py:5:12: error");
}

#[test]
fn standard_input_cannot_be_watched() {
    let (code, _, errors) = run(Path::new("."), &["check", "--watch", "-"]);
    assert_eq!((code, errors.as_str()), (2, "error: standard input comes once; name files or folders to `--watch`\n"));
}

#[test]
fn the_hook_of_pre_commit_is_a_command_that_takes_files() {
    let hooks = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.pre-commit-hooks.yaml")).expect("the hook is part of the repository");
    let entry = hooks.lines().find_map(|line| line.trim().strip_prefix("entry: backprobe ")).expect("the hook runs backprobe");
    let folder = folder(&[("a.py", BUG), ("b.py", "x = 1\n")]);
    let with_files: Vec<&str> = entry.split(' ').chain(["a.py", "b.py"]).collect();
    assert_eq!(run(folder.path(), &with_files).0, 1);
}
