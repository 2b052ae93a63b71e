//! What settings change, and when they are read again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use backprobe::engine::settings::{Given, Selector, Settings};
use backprobe::engine::{Engine, Memory};
use backprobe::finding::Severity;

use crate::standin::{engine, messages};

const CODE: &str = "import torch\ndef bad(): torch.x\n";

fn selects(rules: &str) -> Settings {
    Settings { select: Some(vec![Selector(rules.to_owned())]), ..Settings::default() }
}

fn problems(engine: &Engine, path: &str) -> Vec<(Option<PathBuf>, String)> {
    let problems = engine.snapshot().settings_problems(Path::new(path));
    problems.into_iter().map(|problem| (problem.place.map(|(path, _)| path), problem.message)).collect()
}

#[test]
fn the_file_of_the_project_says_what_is_shown() {
    let files = Memory::new([("/p/pyproject.toml", ""), ("/p/a.py", CODE), ("/p/build/b.py", CODE), ("/p/tests/c.py", CODE)]);
    let mut engine = engine(&files);
    let shown = |engine: &Engine| ["/p/a.py", "/p/build/b.py", "/p/tests/c.py"].map(|path| messages(engine, path).len());
    assert_eq!(shown(&engine), [1, 1, 1]);
    for (text, expected) in [
        ("[tool.backprobe]\nexclude = ['build/']\n", [1, 0, 1]),
        ("[tool.backprobe]\nexclude = ['/*', '!/a.py']\n", [1, 0, 0]),
        ("[tool.backprobe]\nignore = ['layers']\n", [0, 0, 0]),
        ("[tool.backprobe]\nselect = ['modes']\n", [0, 0, 0]),
        ("[tool.backprobe]\nselect = ['layers']\n", [1, 1, 1]),
        ("[tool.backprobe.per-file-ignores]\n'tests/*' = ['all']\n", [1, 1, 0]),
        ("[tool.other]\nexclude = ['build']\n", [1, 1, 1]),
    ] {
        files.write("/p/pyproject.toml", text);
        engine.refresh(Path::new("/p/pyproject.toml"));
        assert_eq!(shown(&engine), expected, "{text}");
        assert!(problems(&engine, "/p/a.py").is_empty(), "{text}");
    }
}

#[test]
fn settings_of_their_own_file_win_and_come_and_go_with_it() {
    let files = Memory::new([("/p/pyproject.toml", "[tool.backprobe]\nexclude = ['a.py']\n"), ("/p/a.py", CODE)]);
    let mut engine = engine(&files);
    assert!(engine.snapshot().is_excluded(Path::new("/p/a.py")));
    files.write("/p/backprobe.toml", "test-directory = 'proofs'\n");
    engine.refresh(Path::new("/p/backprobe.toml"));
    assert_eq!(messages(&engine, "/p/a.py").len(), 1);
    assert_eq!(engine.snapshot().test_folder(Path::new("/p/a.py")), Path::new("/p/proofs"));
    let note = "`[tool.backprobe]` is not read, since there is a `backprobe.toml`".to_owned();
    assert_eq!(problems(&engine, "/p/a.py"), [(Some(PathBuf::from("/p/pyproject.toml")), note)]);
    files.remove("/p/backprobe.toml");
    engine.refresh(Path::new("/p/backprobe.toml"));
    assert!(messages(&engine, "/p/a.py").is_empty());
    assert_eq!(engine.snapshot().test_folder(Path::new("/p/a.py")), Path::new("/p/tests"));
}

#[test]
fn faults_are_named_and_leave_the_defaults() {
    let files = Memory::new([("/p/backprobe.toml", "exclude = ['a.py']\nselect = ['everything']\n"), ("/p/a.py", CODE)]);
    let mut engine = engine(&files);
    assert_eq!(messages(&engine, "/p/a.py").len(), 1);
    let problem = &engine.snapshot().settings_problems(Path::new("/p/a.py"))[0];
    assert!(problem.is_fatal && problem.message.starts_with("unknown rule `everything`"), "{problem:?}");
    files.write("/p/backprobe.toml", "exclude = ['{a']\n");
    engine.refresh(Path::new("/p/backprobe.toml"));
    assert!(problems(&engine, "/p/a.py")[0].1.starts_with("`exclude`: `{a` is no pattern: "));
}

#[test]
fn what_the_front_end_is_given_stands_over_and_under_the_file() {
    let files = Memory::new([("/p/backprobe.toml", "select = ['modes']\nignore = ['losses']\n"), ("/p/a.py", CODE), ("/q/.git/HEAD", ""), ("/q/b.py", CODE)]);
    let mut engine = engine(&files);
    let mut shown = |given: Given| {
        engine.configure(given);
        ["/p/a.py", "/q/b.py"].map(|path| messages(&engine, path).len())
    };
    assert_eq!(shown(Given { over: selects("layers"), ..Given::default() }), [1, 1]);
    let ignored = Settings { ignore: selects("layers").select, ..Settings::default() };
    assert_eq!(shown(Given { over: ignored.clone(), ..Given::default() }), [0, 0]);
    assert_eq!(shown(Given { under: vec![("/".into(), selects("modes")), ("/q".into(), selects("layers"))], ..Given::default() }), [0, 1]);
    assert_eq!(shown(Given { under: vec![("/q".into(), ignored)], ..Given::default() }), [0, 0]);
    files.write("/else/where.toml", "exclude = ['b.py']\n");
    assert_eq!(shown(Given { file: Some("/else/where.toml".into()), ..Given::default() }), [1, 1]);
    files.write("/other.toml", "exclude = ['b.py']\n");
    assert_eq!(shown(Given { file: Some("/other.toml".into()), ..Given::default() }), [1, 0]);
    shown(Given { over: selects("layer"), ..Given::default() });
    assert_eq!(problems(&engine, "/q/b.py"), [(None, "`select`: unknown rule `layer`; did you mean `layers`?".to_owned())]);
}

#[test]
fn severities_are_those_of_the_settings() {
    let code = "import tensorflow.compat.v1 as tf\ndef network(images, is_training):\n    return tf.layers.dropout(images)\n";
    let files = Memory::new([("/p/backprobe.toml", "[severity]\ndropout-without-training-flag = 'error'\n"), ("/p/a.py", code)]);
    let report = Engine::new(Arc::new(files)).snapshot().check(Path::new("/p/a.py"));
    assert_eq!(report.findings.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::Error]);
}

#[test]
fn stubs_of_the_project_say_what_code_does_that_is_not_there() {
    let code = "import tensorflow.compat.v1 as tf\nfrom mylib.heads import head\n\ndef classify(x):\n    return tf.nn.softmax(head(x))\n";
    let files = Memory::new([("/p/backprobe.toml", ""), ("/p/a.py", code)]);
    let mut engine = Engine::new(Arc::new(files.clone()));
    let rules = |engine: &Engine| engine.snapshot().check(Path::new("/p/a.py")).findings.iter().map(|finding| finding.rule).collect::<Vec<_>>();
    for stub in [
        "import tensorflow.compat.v1 as tf\n\ndef head(x):\n    return tf.layers.dense(x, 1)\n",
        "import tensorflow.compat.v1 as tf\nfrom backprobe.primitives import like\n\ndef head(x):\n    return like(tf.layers.dense(x, 1), scale='logits')\n",
    ] {
        files.write("/p/backprobe.toml", "");
        engine.refresh(Path::new("/p/backprobe.toml"));
        assert!(rules(&engine).is_empty());
        files.write("/p/typings/mylib/heads.pyi", stub);
        engine.refresh(Path::new("/p/typings/mylib/heads.pyi"));
        assert!(rules(&engine).is_empty(), "no setting names the folder");
        files.write("/p/backprobe.toml", "stubs = ['typings']\n");
        engine.refresh(Path::new("/p/backprobe.toml"));
        assert_eq!(rules(&engine), ["single-unit-softmax"], "{stub}");
        assert_eq!(engine.snapshot().module_name(Path::new("/p/typings/mylib/heads.pyi")).as_str(), "mylib.heads");
    }
}
