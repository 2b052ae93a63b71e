//! Names in a generated test.

use std::collections::BTreeSet;

/// Names that generated tests use themselves, or that would hide what every reader knows.
const RESERVED: [&str; 19] =
    ["F", "backprobe", "functional", "input", "loss", "math", "model", "nn", "np", "numpy", "output", "slim", "step", "tf", "torch", "train_op", "type", "id", "lambda"];

/// Words that are no names in Python.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for",
    "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Whether an import statement can name `module`: not `my-model`, `2net` or `class`.
pub(super) fn is_importable(module: &str) -> bool {
    let is_name = |segment: &str| {
        let begins_well = segment.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
        begins_well && segment.chars().all(|c| c.is_alphanumeric() || c == '_') && !KEYWORDS.contains(&segment)
    };
    module.split('.').all(is_name)
}

/// A variable for the parameter `name`.
pub(super) fn variable(name: &str, taken: &BTreeSet<String>) -> String {
    let is_free = |name: &String| !RESERVED.contains(&name.as_str()) && !taken.contains(name);
    let plain = if name.is_empty() { "value".to_owned() } else { name.to_owned() };
    if is_free(&plain) {
        return plain;
    }
    let plural = if plain == "input" { "inputs".to_owned() } else { format!("{plain}_") };
    if is_free(&plural) { plural } else { unique(&plain, |name| is_free(&name.to_owned())) }
}

/// `name`, or `name_2`, `name_3` … until it is free.
pub(super) fn unique(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(name) {
        return name.to_owned();
    }
    let mut number = 2;
    loop {
        let candidate = format!("{name}_{number}");
        if is_free(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// A name as part of a longer one: `ConvNet` → `convnet`, `generator/` → `generator`.
pub(super) fn part(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join("_").trim_matches('_').to_lowercase()
}
