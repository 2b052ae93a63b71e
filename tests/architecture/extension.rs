//! The settings of projects, as the extension of VS Code offers them.

use serde_json::{Map, Value, json};

/// The manifest of the extension with the settings that a schema describes, in the place of those that it has.
pub(crate) fn with_settings(manifest: &str, schema: &Value) -> String {
    let known: Value = serde_json::from_str(manifest).expect("the manifest is JSON");
    let old = indented(&known["contributes"]["configuration"][1]);
    assert_eq!(manifest.matches(&old).count(), 1, "the settings stand in the manifest as they are generated");
    manifest.replace(&old, &indented(&section(schema)))
}

fn section(schema: &Value) -> Value {
    let properties = schema["properties"].as_object().expect("a schema has properties");
    let property = |(name, of): (&String, &Value)| {
        let Value::Object(mut of) = inlined(of, &schema["$defs"]) else { panic!("a property is described by an object") };
        // The server takes what is empty for not set: `null` need not be said, and has no place in the editor's forms.
        if let Some(Value::Array(types)) = of.get("type").cloned() {
            let [one, _] = &types[..] else { panic!("{name} has one type, or none") };
            of.insert("type".to_owned(), one.clone());
        }
        if let Some(description) = of.remove("description") {
            of.insert("markdownDescription".to_owned(), description);
        }
        of.insert("scope".to_owned(), json!("resource"));
        (format!("backprobe.{}", camel_case(name)), Value::Object(of))
    };
    json!({ "title": "Project", "properties": properties.iter().map(property).collect::<Map<_, _>>() })
}

/// `per-file-ignores` as `perFileIgnores`, the way the editor's own settings are spelt.
fn camel_case(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_ascii_uppercase() + &word[1..])
}

/// A schema that refers to no definitions.
fn inlined(schema: &Value, definitions: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let mut whole = Map::new();
            if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/")) {
                let Value::Object(referred) = inlined(&definitions[name], definitions) else { panic!("{name} is defined") };
                whole.extend(referred);
            }
            whole.extend(fields.iter().filter(|(key, _)| *key != "$ref").map(|(key, value)| (key.clone(), inlined(value, definitions))));
            Value::Object(whole)
        }
        Value::Array(items) => items.iter().map(|item| inlined(item, definitions)).collect(),
        other => other.clone(),
    }
}

/// As the manifest holds it.
fn indented(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a value is JSON").replace('\n', "\n      ")
}
