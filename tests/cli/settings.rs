//! Settings, in files and on the command line.

use super::{BUG, CONCISE, folder, pointed_to, run};

const FOUND: &str = "train.py:4:12: warning[dropout-without-training-flag";

/// Exit code, where findings are, and errors of a check with these settings in a file of this name.
fn check(name: &str, text: &str, arguments: &[&str]) -> (i32, Vec<String>, String) {
    let folder = folder(&[("train.py", BUG), (name, text)]);
    let (code, output, errors) = run(folder.path(), &[&["check"], CONCISE, arguments].concat());
    (code, pointed_to(&output).into_iter().map(str::to_owned).collect(), errors)
}

#[test]
fn settings_are_read_from_either_file() {
    assert_eq!(check("backprobe.toml", "", &[]).1, [FOUND]);
    for (name, text) in [("backprobe.toml", "ignore = ['modes']"), ("pyproject.toml", "[tool.backprobe]\nignore = ['modes']\n")] {
        assert_eq!(check(name, text, &[]), (0, vec![], String::new()));
    }
}

#[test]
fn the_command_line_overrides_the_file() {
    let off = "ignore = ['modes']";
    assert_eq!(check("backprobe.toml", off, &["--select", "modes,losses"]).1, [FOUND]);
    assert_eq!(check("backprobe.toml", off, &["--ignore", "losses"]).1, [FOUND]);
    assert_eq!(check("backprobe.toml", "", &["--ignore", "dropout-without-training-flag"]).0, 0);
    assert_eq!(check("other.toml", off, &["--config", "other.toml"]).0, 0);
}

#[test]
fn a_fault_is_a_failure_with_its_place() {
    let errors = "error: backprobe.toml:2:11: unknown rule `mode`; did you mean `modes`?\n";
    assert_eq!(check("backprobe.toml", "\nselect = ['mode']\n", &[]), (2, vec![], errors.to_owned()));
    let errors = "error: pyproject.toml:3:1: unknown setting `selects`; did you mean `select`?\n";
    assert_eq!(check("pyproject.toml", "\n[tool.backprobe]\nselects = []\n", &[]), (2, vec![], errors.to_owned()));
    assert_eq!(check("a", "", &["--select", "dropout"]).2, "error: `select`: unknown rule `dropout`; did you mean `dropout-without-training-flag`?\n");
    assert_eq!(check("a", "", &["--config", "gone.toml"]).2, "error: no such file or folder: `gone.toml`\n");
}

#[test]
fn excluded_files_are_not_checked() {
    let (code, _, errors) = check("backprobe.toml", "exclude = ['*.py']", &["train.py"]);
    assert_eq!((code, errors.starts_with("no Python files found")), (0, true));
}

#[test]
fn tests_are_written_where_the_settings_say() {
    let folder = folder(&[("models/train.py", BUG), ("backprobe.toml", "test-directory = 'proofs'\n")]);
    let (code, output, errors) = run(folder.path(), &["test", "models/train.py"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(output.starts_with("proofs/test_models_train_training.py: wrote "), "{output}");
}

#[test]
fn comments_that_silence_nothing_are_mended() {
    let text = format!("x = 1  # backprobe: ignore[single-unit-sofmax]\n{}", BUG.replace("(images)\n", "(images)  # backprobe: ignore[dropout-without-training-flag, unstacked-layer]\n"));
    let folder = folder(&[("train.py", text.as_str())]);
    assert_eq!(run(folder.path(), &["check", "--fix"]).0, 0);
    let mended = format!("x = 1\n{}", BUG.replace("(images)\n", "(images)  # backprobe: ignore[dropout-without-training-flag]\n"));
    assert_eq!(std::fs::read_to_string(folder.path().join("train.py")).expect("the file is there"), mended);
}

#[test]
fn a_fault_of_a_query_is_a_failure_with_its_place() {
    let folder = folder(&[("train.py", BUG), ("backprobe.toml", "queries = ['lint']"), ("lint/no-dropout.scm", "\n((call function: (_) @f) @call\n  (#resolves? @f \"a.b\"))\n")]);
    let expected = "error: lint/no-dropout.scm:2:1: nothing says what is wrong; add `(#set! message \"…\")` to the pattern\n";
    assert_eq!(run(folder.path(), &["check"]), (2, String::new(), expected.to_owned()));
}
