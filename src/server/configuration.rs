//! Settings as editors keep them: objects whose keys may be spelt as editors do, beside keys that are the editor's own.

use serde_json::{Map, Value};

use crate::engine::settings::Settings;

/// The settings in an editor's `value`. What is empty is not set, since editors send what nobody wrote as well.
///
/// # Errors
/// What is wrong, if a value is none that the setting may have.
pub(super) fn settings(value: &Value) -> Result<Settings, String> {
    let keys = Settings::keys();
    let fields = value.as_object().into_iter().flatten().map(|(key, value)| (kebab_case(key), value.clone()));
    let ours: Map<String, Value> = fields.filter(|(key, value)| keys.contains(key) && !is_empty(value)).collect();
    serde_json::from_value(Value::Object(ours)).map_err(|error| error.to_string())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// `perFileIgnores` as `per-file-ignores`.
fn kebab_case(key: &str) -> String {
    let mut name = String::new();
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::settings;
    use crate::engine::settings::{Selector, Settings};

    #[test]
    fn keys_are_ours_or_the_editors() {
        let given = json!({"path": "/bin/backprobe", "select": ["modes"], "testDirectory": "t", "per-file-ignores": {}, "ignore": [], "exclude": null});
        let expected = Settings { select: Some(vec![Selector("modes".to_owned())]), test_directory: Some("t".to_owned()), ..Settings::default() };
        assert_eq!(settings(&given), Ok(expected));
        assert_eq!(settings(&json!(null)), Ok(Settings::default()));
        assert_eq!(settings(&json!({"severity": {"unstacked-layer": "warn"}})), Err("unknown severity `warn`; did you mean `warning`?".to_owned()));
    }
}
