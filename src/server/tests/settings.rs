//! Settings of the editor and of projects, with the real engine.

use std::sync::Arc;

use serde_json::{Value, json};

use super::client::{Client, lsp_range};
use crate::engine::{Engine, Memory};

const URI: &str = "file:///p/a.py";
const SETTINGS_URI: &str = "file:///p/backprobe.toml";
const BUG: &str = "import tensorflow.compat.v1 as tf\n\ndef network(images, is_training):\n    return tf.layers.dropout(images)\n";

async fn start(files: &Memory, folders: &[&str], capabilities: Value, answer: Value, options: Value) -> Client {
    let files = Arc::new(files.clone());
    let mut client = Client::start_with(Engine::new(files.clone()), files);
    client.answers.insert("workspace/configuration".to_owned(), answer);
    client.begin_in(folders, capabilities, options).await.0
}

/// Waits until so many findings of a document are shown.
async fn comes_to(client: &mut Client, uri: &str, count: usize) {
    while client.published(uri).await["diagnostics"].as_array().map(Vec::len) != Some(count) {}
}

async fn changed(client: &mut Client, uri: &str) {
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 2}]})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_asked_for_folder_by_folder() {
    let files = Memory::new([("/p/.git/HEAD", ""), ("/q/.git/HEAD", "")]);
    let pulls = json!({"workspace": {"configuration": true, "didChangeConfiguration": {"dynamicRegistration": true}}});
    let answer = json!([{"ignore": ["modes"], "path": "/bin/backprobe"}, null]);
    let mut client = start(&files, &["file:///p", "file:///q"], pulls, answer, Value::Null).await;
    let asked = client.next("workspace/configuration").await;
    assert_eq!(asked["items"], json!([{"scopeUri": "file:///p", "section": "backprobe"}, {"scopeUri": "file:///q", "section": "backprobe"}]));
    let registered = client.next("client/registerCapability").await;
    assert_eq!(registered["registrations"][0]["registerOptions"], json!({"section": "backprobe"}));
    client.open(URI, BUG).await;
    client.open("file:///q/a.py", BUG).await;
    comes_to(&mut client, "file:///q/a.py", 1).await;
    comes_to(&mut client, URI, 0).await;
    client.answers.insert("workspace/configuration".to_owned(), json!([{}, {"select": ["losses"]}]));
    client.notify("workspace/didChangeConfiguration", json!({"settings": null})).await;
    comes_to(&mut client, URI, 1).await;
    comes_to(&mut client, "file:///q/a.py", 0).await;
    let folders = json!({"event": {"added": [], "removed": [{"uri": "file:///p", "name": "folder"}]}});
    client.answers.insert("workspace/configuration".to_owned(), json!([{}]));
    client.notify("workspace/didChangeWorkspaceFolders", folders).await;
    comes_to(&mut client, "file:///q/a.py", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_cannot_be_asked_say_their_settings() {
    let files = Memory::new([("/p/.git/HEAD", "")]);
    let mut client = start(&files, &[], json!({}), Value::Null, json!({"ignore": ["modes"]})).await;
    client.open(URI, BUG).await;
    comes_to(&mut client, URI, 0).await;
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"backprobe": {"ignore": ["losses"]}}})).await;
    comes_to(&mut client, URI, 1).await;
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"backprobe": {"ignore": ["mode"]}}})).await;
    let told = client.next("window/showMessage").await;
    assert_eq!(told["message"], "the settings of the editor for backprobe: `ignore`: unknown rule `mode`; did you mean `modes`?");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_settings_file_is_shown_in_it() {
    let files = Memory::new([("/p/backprobe.toml", "select = ['losse']\n"), ("/p/a.py", BUG)]);
    let mut client = start(&files, &[], json!({}), Value::Null, Value::Null).await;
    client.open(URI, BUG).await;
    let shown = client.published(SETTINGS_URI).await;
    assert_eq!(shown["diagnostics"][0]["range"], lsp_range([0, 10, 0, 17]));
    assert_eq!(shown["diagnostics"][0]["message"], "unknown rule `losse`; did you mean `losses`?");
    comes_to(&mut client, URI, 1).await;
    files.write("/p/backprobe.toml", "select = ['losses']\n");
    changed(&mut client, SETTINGS_URI).await;
    comes_to(&mut client, SETTINGS_URI, 0).await;
    comes_to(&mut client, URI, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_good_settings_count_until_faults_are_mended() {
    let files = Memory::new([("/p/backprobe.toml", "ignore = ['modes']\n"), ("/p/a.py", BUG)]);
    let mut client = start(&files, &[], json!({}), Value::Null, Value::Null).await;
    client.open(URI, BUG).await;
    comes_to(&mut client, URI, 0).await;
    for fault in ["ignore = ['mode']\n", "ignore = [\n"] {
        files.write("/p/backprobe.toml", fault);
        changed(&mut client, SETTINGS_URI).await;
        comes_to(&mut client, SETTINGS_URI, 1).await;
        assert_eq!(client.hover(URI, 3, 14).await, Value::Null, "the finding is still ignored");
    }
    files.write("/p/backprobe.toml", "");
    changed(&mut client, SETTINGS_URI).await;
    comes_to(&mut client, SETTINGS_URI, 0).await;
    comes_to(&mut client, URI, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_rule_of_the_project_is_shown_in_its_file() {
    let query = "((call function: (_) @f) @call (#resolves? @f \"tensorflow.layers.dropout\") (#set! message \"no\"))";
    let files = Memory::new([("/p/backprobe.toml", "queries = ['lint']\nselect = ['project']\n"), ("/p/lint/no-dropout.scm", "((cal) @x)"), ("/p/a.py", BUG)]);
    let mut client = start(&files, &[], json!({}), Value::Null, Value::Null).await;
    client.open(URI, BUG).await;
    comes_to(&mut client, "file:///p/lint/no-dropout.scm", 1).await;
    files.write("/p/lint/no-dropout.scm", query);
    changed(&mut client, "file:///p/lint/no-dropout.scm").await;
    comes_to(&mut client, "file:///p/lint/no-dropout.scm", 0).await;
    comes_to(&mut client, URI, 1).await;
    let hover = client.hover(URI, 3, 14).await;
    let text = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(text.ends_with("**no-dropout** is a rule of this project: `lint/no-dropout.scm`."), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_links_to_the_rule_of_the_project_where_the_client_shows_links() {
    let query = "((call function: (_) @f) @call (#resolves? @f \"tensorflow.layers.dropout\") (#set! message \"no\") (#set! severity \"hint\"))";
    let files = Memory::new([("/p/backprobe.toml", "queries = ['lint']\nselect = ['project']\n"), ("/p/lint/no-dropout.scm", query), ("/p/a.py", BUG)]);
    for shows_links in [true, false] {
        let capabilities = json!({"textDocument": {"publishDiagnostics": {"codeDescriptionSupport": shows_links}}});
        let mut client = start(&files, &[], capabilities, Value::Null, Value::Null).await;
        client.open(URI, BUG).await;
        let published = client.published(URI).await;
        let expected = shows_links.then(|| json!({"href": "file:///p/lint/no-dropout.scm"}));
        assert_eq!(published["diagnostics"][0].get("codeDescription"), expected.as_ref());
        assert_eq!(published["diagnostics"][0]["severity"], 4);
    }
}
