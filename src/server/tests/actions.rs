//! What can be done about a finding.

use serde_json::{Value, json};

use super::client::{Client, lsp_range};
use super::fake::Fake;

const URI: &str = "file:///p/a.py";
const TEST_URI: &str = "file:///p/tests/test_it.py";

fn modern() -> Value {
    json!({
        "workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename", "delete"]}},
        "textDocument": {"codeAction": {"isPreferredSupport": true}},
    })
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().filter_map(|action| action["title"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_can_be_fixed_tested_and_ignored() {
    let mut client = Client::with(modern()).await;
    client.open(URI, "x BUG1 y\nBUGsafe\n").await;
    let actions = client.actions(URI, [0, 3, 0, 3], json!({"diagnostics": []})).await;
    assert_eq!(titles(&actions), ["Remove `BUG1`", "Write a unit test for this finding (a-bug)", "Ignore a-bug here"]);
    let kinds: Vec<_> = actions.iter().map(|action| &action["kind"]).collect();
    assert_eq!(kinds, ["quickfix", "quickfix.test", "quickfix.ignore"]);
    assert!(actions.iter().all(|action| action["isPreferred"] == false));
    assert_eq!(actions[0]["diagnostics"][0]["range"], lsp_range([0, 2, 0, 6]));
    let edit = |range, text: &str, uri: &str, version: Value| {
        json!({"textDocument": {"uri": uri, "version": version}, "edits": [{"range": lsp_range(range), "newText": text}]})
    };
    assert_eq!(actions[0]["edit"], json!({"documentChanges": [edit([0, 2, 0, 6], "", URI, json!(1))]}));
    let create = json!({"kind": "create", "uri": TEST_URI});
    let written = edit([0, 0, 0, 0], "# `BUG1` is a bug\n", TEST_URI, Value::Null);
    assert_eq!(actions[1]["edit"], json!({"documentChanges": [create, written]}));
    let ignored = edit([0, 8, 0, 8], "  # backprobe: ignore[a-bug]", URI, json!(1));
    assert_eq!(actions[2]["edit"], json!({"documentChanges": [ignored]}));
    let actions = client.actions(URI, [1, 0, 1, 7], json!({"diagnostics": []})).await;
    assert_eq!(actions.iter().map(|action| &action["isPreferred"]).collect::<Vec<_>>(), [true, false, false]);
    assert!(client.actions(URI, [0, 8, 0, 8], json!({"diagnostics": []})).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_file_is_extended_as_stored_or_as_edited() {
    let engine = Fake::default();
    engine.files.write("/p/tests/test_it.py", "# stored\n");
    let (mut client, _) = Client::with_engine(engine, modern()).await;
    client.open(URI, "BUG1").await;
    let at = [0, 0, 0, 0];
    let actions = client.actions(URI, at, json!({"diagnostics": []})).await;
    let change = &actions[1]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({"uri": TEST_URI, "version": null}));
    assert_eq!(change["edits"], json!([{"range": lsp_range([1, 0, 1, 0]), "newText": "# `BUG1` is a bug\n"}]));
    client.open(TEST_URI, "# edited\n\n").await;
    let actions = client.actions(URI, at, json!({"diagnostics": []})).await;
    let change = &actions[1]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({"uri": TEST_URI, "version": 1}));
    assert_eq!(change["edits"][0]["range"], lsp_range([2, 0, 2, 0]));
    // A test that is there already is not offered again.
    client.edit(TEST_URI, 2, [2, 0, 2, 0], "# `BUG1` is a bug\n").await;
    assert_eq!(titles(&client.actions(URI, at, json!({"diagnostics": []})).await), ["Remove `BUG1`", "Ignore a-bug here"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_the_first_version_get_plain_changes() {
    let mut client = Client::with(json!({})).await;
    client.open(URI, "BUG1").await;
    let actions = client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": []})).await;
    assert_eq!(actions[0]["edit"], json!({"changes": {(URI): [{"range": lsp_range([0, 0, 0, 4]), "newText": ""}]}}));
    assert_eq!(actions[1]["edit"]["changes"][TEST_URI][0]["range"], lsp_range([0, 0, 0, 0]));
    assert_eq!(actions[0].get("isPreferred"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_are_filtered_by_prefix() {
    let mut client = Client::with(modern()).await;
    client.open(URI, "BUG1").await;
    for (only, count) in [
        (json!(["quickfix"]), 3),
        (json!(["refactor", "quickfix"]), 3),
        (json!([""]), 3),
        (json!(["refactor"]), 0),
        (json!(["quick"]), 0),
        (json!(["quickfix.test"]), 1),
        (json!(["quickfix.ignore", "quickfix.test"]), 2),
        (json!(["quickfix.more"]), 0),
        (json!(["source.fixAll"]), 0),
        (json!([]), 0),
    ] {
        let actions = client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": [], "only": only})).await;
        assert_eq!(actions.len(), count, "{only}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_that_the_client_shows_on_the_line_count() {
    let mut client = Client::with(modern()).await;
    client.open(URI, "x = BUG1\ny = BUG2\n").await;
    let published = client.published(URI).await;
    let context = json!({"diagnostics": [published["diagnostics"][0]]});
    assert_eq!(client.actions(URI, [0, 0, 0, 0], context).await.len(), 3);
    // Those of other servers do not.
    let other = json!({"range": lsp_range([1, 4, 1, 8]), "message": "", "code": "a-bug", "source": "other"});
    assert!(client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": [other]})).await.is_empty());
}
