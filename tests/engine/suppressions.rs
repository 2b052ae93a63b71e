//! Comments that silence findings, and what is said of those that do not.

use std::path::Path;
use std::sync::Arc;

use backprobe::engine::{Engine, Memory};

const BUG: &str = "import tensorflow.compat.v1 as tf\n\ndef network(images, is_training):\n    return tf.layers.dropout(images)";
const IGNORED: &str = "  # backprobe: ignore[dropout-without-training-flag]\n";
const UNUSED: &str = "x = 1  # backprobe: ignore[single-unit-softmax]\n";

/// The rules of the findings in a file of a project with these settings.
fn rules(settings: &str, text: &str) -> Vec<&'static str> {
    let files = Memory::new([("/p/backprobe.toml", settings), ("/p/a.py", text)]);
    let stored = of_file(&Engine::new(Arc::new(files.clone())));
    let mut edited = Engine::new(Arc::new(files));
    edited.set_overlay(Path::new("/p/a.py"), Some(Arc::from(text)));
    assert_eq!(stored, of_file(&edited), "an editor shows the same");
    stored
}

fn of_file(engine: &Engine) -> Vec<&'static str> {
    engine.snapshot().check(Path::new("/p/a.py")).findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn a_comment_that_silences_nothing_is_named_wherever_it_stands() {
    assert_eq!(rules("", UNUSED), ["unused-suppression"]);
    assert_eq!(rules("", &format!("{BUG}{IGNORED}")), [""; 0]);
    assert_eq!(rules("", &format!("{BUG}{IGNORED}{UNUSED}")), ["unused-suppression"]);
    assert_eq!(rules("", &format!("{BUG}\n{UNUSED}")), ["dropout-without-training-flag", "unused-suppression"]);
}

#[test]
fn what_settings_switch_off_is_of_use_to_silence() {
    assert_eq!(rules("ignore = ['modes']", &format!("{BUG}{IGNORED}")), [""; 0]);
    assert_eq!(rules("ignore = ['comments']", UNUSED), [""; 0]);
}

#[test]
fn where_code_is_broken_a_comment_may_be_of_use() {
    assert_eq!(rules("", &format!("{BUG}\n\ndef broken(:\n    return tf.layers.dense(1)\n\n{UNUSED}")), ["dropout-without-training-flag"]);
    assert_eq!(rules("", "x = 1  # backprobe: ignore[no-such-rule]\n"), ["unknown-suppressed-rule"]);
}

#[test]
fn comments_silence_what_is_said_of_comments() {
    assert_eq!(rules("", "x = 1  # backprobe: ignore[single-unit-softmax, unused-suppression]\n"), [""; 0]);
    assert_eq!(rules("", "# backprobe: ignore-file[unused-suppression]\nx = 1  # backprobe: ignore[single-unit-softmax]\n"), [""; 0]);
    assert_eq!(rules("", "x = 1  # backprobe: ignore[unused-suppression]\n"), ["unused-suppression"]);
    assert_eq!(rules("", "x = 1  # backprobe: ignore[no-such-rule, unknown-suppressed-rule]\n"), [""; 0]);
}
