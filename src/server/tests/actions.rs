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
    assert_eq!(titles(&actions), ["Remove `BUG1`", "Write a unit test for this finding", "Ignore a-bug here", "Ignore a-bug in this file"]);
    let kinds: Vec<_> = actions.iter().map(|action| &action["kind"]).collect();
    assert_eq!(kinds, ["quickfix", "quickfix.test", "quickfix.ignore", "quickfix.ignore"]);
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
    let ignored = edit([0, 0, 0, 0], "# backprobe: ignore-file[a-bug]\n", URI, json!(1));
    assert_eq!(actions[3]["edit"], json!({"documentChanges": [ignored]}));
    let actions = client.actions(URI, [1, 0, 1, 7], json!({"diagnostics": []})).await;
    assert_eq!(actions.iter().map(|action| &action["isPreferred"]).collect::<Vec<_>>(), [true, false, false, false]);
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
    assert_eq!(titles(&client.actions(URI, at, json!({"diagnostics": []})).await), ["Remove `BUG1`", "Ignore a-bug here", "Ignore a-bug in this file"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_is_written_can_be_shown() {
    let engine = Fake::default();
    engine.files.write("/p/tests/test_it.py", "# stored\n# `BUG1` is a bug\n");
    let mut capabilities = modern();
    capabilities["window"] = json!({"showDocument": {"support": true}});
    let (mut client, server) = Client::with_engine(engine, capabilities).await;
    client.open(URI, "BUG1").await;
    let actions = client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": [], "only": ["quickfix.test"]})).await;
    assert_eq!(titles(&actions), ["Show the unit test of this finding"]);
    assert_eq!((actions[0].get("edit"), actions[0].get("data")), (None, None));
    let command = &actions[0]["command"];
    assert_eq!(server["executeCommandProvider"]["commands"], json!([command["command"]]));
    client.answers.insert("window/showDocument".to_owned(), json!({"success": true}));
    client.request("workspace/executeCommand", json!({"command": command["command"], "arguments": command["arguments"]})).await;
    let shown = client.next("window/showDocument").await;
    assert_eq!(shown, json!({"uri": TEST_URI, "takeFocus": true, "selection": lsp_range([1, 0, 1, 1])}));
    // One that is written now is shown as well.
    client.edit(URI, 2, [0, 0, 0, 0], "BUG2 ").await;
    let actions = client.actions(URI, [0, 0, 0, 1], json!({"diagnostics": [], "only": ["quickfix.test"]})).await;
    assert!(actions[0]["edit"]["documentChanges"].is_array());
    assert_eq!(actions[0]["command"]["arguments"][0]["selection"], lsp_range([2, 0, 2, 1]));
    let id = client.ask("workspace/executeCommand", json!({"command": "other", "arguments": command["arguments"]})).await;
    assert_eq!(client.response(id).await["error"]["code"], -32602);
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_that_would_read_alike_name_their_rule() {
    let mut client = Client::with(modern()).await;
    client.open(URI, "BUG1 BUG2\n").await;
    let actions = client.actions(URI, [0, 0, 0, 9], json!({"diagnostics": [], "only": ["quickfix.test"]})).await;
    assert_eq!(titles(&actions), ["Write a unit test for this finding (a-bug)"; 2]);
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
        (json!(["quickfix"]), 4),
        (json!(["refactor", "quickfix"]), 4),
        (json!([""]), 4),
        (json!(["refactor"]), 0),
        (json!(["quick"]), 0),
        (json!(["quickfix.test"]), 1),
        (json!(["quickfix.ignore", "quickfix.test"]), 3),
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
    assert_eq!(client.actions(URI, [0, 0, 0, 0], context).await.len(), 4);
    // Those of other servers do not.
    let other = json!({"range": lsp_range([1, 4, 1, 8]), "message": "", "code": "a-bug", "source": "other"});
    assert!(client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": [other]})).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_safe_fixes_are_one_action_where_it_is_asked_for() {
    let mut client = Client::with(modern()).await;
    client.open(URI, "BUGsafe BUG1\nBUG2safe\n").await;
    for (only, count) in [(json!(["source"]), 1), (json!(["source.fixAll"]), 1), (json!(["source.fixAll.backprobe"]), 1), (json!(["source.fixAll.ruff"]), 0), (json!(["source.organizeImports"]), 0)] {
        let actions = client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": [], "only": only})).await;
        assert_eq!(actions.len(), count, "{only}");
        let Some(action) = actions.first() else { continue };
        assert_eq!((&action["kind"], &action["isPreferred"]), (&json!("source.fixAll.backprobe"), &json!(false)));
        let edits = [[0, 0, 0, 7], [1, 0, 1, 8]].map(|range| json!({"range": lsp_range(range), "newText": ""}));
        assert_eq!(action["edit"]["documentChanges"][0]["edits"], json!(edits));
    }
    client.edit(URI, 2, [0, 0, 2, 0], "BUG1\n").await;
    assert!(client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": [], "only": ["source.fixAll"]})).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_are_made_when_they_are_asked_for() {
    let mut capabilities = modern();
    capabilities["textDocument"]["codeAction"] = json!({"dataSupport": true, "resolveSupport": {"properties": ["edit"]}});
    let (mut client, server) = Client::with_engine(Fake::default(), capabilities).await;
    assert_eq!(server["codeActionProvider"]["resolveProvider"], true);
    client.open(URI, "BUGsafe\n").await;
    let only = json!({"diagnostics": [], "only": ["quickfix", "source.fixAll"]});
    let actions = client.actions(URI, [0, 0, 0, 0], only).await;
    assert_eq!(actions.len(), 5);
    for action in &actions {
        assert_eq!(action.get("edit"), None);
        let resolved = client.request("codeAction/resolve", action.clone()).await;
        assert!(resolved["edit"]["documentChanges"].is_array(), "{action}");
        assert_eq!(resolved["title"], action["title"]);
    }
    client.edit(URI, 2, [0, 0, 0, 0], "x ").await;
    let id = client.ask("codeAction/resolve", actions[0].clone()).await;
    assert_eq!(client.response(id).await["error"]["code"], -32801, "the text is another");
}

#[tokio::test(flavor = "multi_thread")]
async fn fixes_that_may_change_more_are_to_be_confirmed() {
    let mut capabilities = modern();
    capabilities["textDocument"]["codeAction"] = json!({"honorsChangeAnnotations": true});
    capabilities["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = json!({});
    let mut client = Client::with(capabilities).await;
    client.open(URI, "BUG1\nBUGsafe\n").await;
    let actions = client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": []})).await;
    let annotation = json!({"label": "Remove `BUG1`", "needsConfirmation": true, "description": "may change what the code does elsewhere"});
    assert_eq!(actions[0]["edit"]["changeAnnotations"], json!({"unsafe": annotation}));
    assert_eq!(actions[0]["edit"]["documentChanges"][0]["edits"][0]["annotationId"], "unsafe");
    assert_eq!(actions[2]["edit"].get("changeAnnotations"), None, "a comment changes nothing");
    let actions = client.actions(URI, [1, 0, 1, 0], json!({"diagnostics": []})).await;
    assert_eq!(actions[0]["edit"].get("changeAnnotations"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_trains_is_tested_when_that_is_asked_for() {
    let mut capabilities = modern();
    capabilities["textDocument"]["codeAction"] = json!({"dataSupport": true, "resolveSupport": {"properties": ["edit"]}});
    let (mut client, server) = Client::with_engine(Fake::default(), capabilities).await;
    assert_eq!(server["codeActionProvider"]["codeActionKinds"], json!(["quickfix", "refactor.test", "source.fixAll.backprobe"]));
    client.open(URI, "class Net:\n    x\n").await;
    for (at, only, count) in [
        ([0, 0, 0, 0], json!(null), 1),
        ([0, 8, 0, 8], json!(["refactor"]), 1),
        ([0, 8, 0, 8], json!(["refactor.test"]), 1),
        ([0, 8, 0, 8], json!(["refactor.extract"]), 0),
        ([0, 8, 0, 8], json!(["quickfix"]), 0),
        ([1, 0, 1, 0], json!(null), 0),
    ] {
        let actions = client.actions(URI, at, json!({"diagnostics": [], "only": only})).await;
        assert_eq!(actions.len(), count, "{only}");
        let Some(action) = actions.first() else { continue };
        assert_eq!((&action["title"], &action["kind"]), (&json!("Write a training test for `Net`"), &json!("refactor.test")));
        assert_eq!(action.get("edit"), None, "no test is planned before it is wanted");
        let resolved = client.request("codeAction/resolve", action.clone()).await;
        let written = &resolved["edit"]["documentChanges"][1]["edits"][0]["newText"];
        assert!(written.as_str().is_some_and(|text| text.contains("for `Net` in a.py") && text.contains("def test_every_parameter_of_net_trains():")), "{resolved}");
    }
    let actions = client.actions(URI, [0, 0, 0, 0], json!({"diagnostics": []})).await;
    client.edit(URI, 2, [0, 0, 0, 0], "x = 1\n").await;
    let id = client.ask("codeAction/resolve", actions[0].clone()).await;
    assert_eq!(client.response(id).await["error"]["code"], -32801, "the text is another");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_trains_is_not_offered_to_clients_that_want_edits_at_once() {
    let mut client = Client::with(modern()).await;
    client.open(URI, "class Net:\n").await;
    assert!(client.actions(URI, [0, 8, 0, 8], json!({"diagnostics": []})).await.is_empty());
}
