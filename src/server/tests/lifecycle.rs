//! Beginning and end of a session.

use serde_json::{Value, json};

use super::client::Client;
use super::fake::Fake;

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_well_only_after_shutdown() {
    assert!(Client::with(json!({})).await.end().await);
    assert!(!Client::with(json!({})).await.leave().await);
    assert!(!Client::with(json!({})).await.hang_up().await);
    assert!(!Client::start(Fake::default()).leave().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn encodings_are_negotiated() {
    for (offered, chosen) in [
        (json!(null), "utf-16"),
        (json!([]), "utf-16"),
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-32", "utf-16"]), "utf-16"),
        (json!(["utf-32"]), "utf-32"),
        (json!(["utf-7"]), "utf-16"),
    ] {
        let capabilities = json!({"general": {"positionEncodings": offered}});
        let (client, server) = Client::with_engine(Fake::default(), capabilities).await;
        assert_eq!(server["positionEncoding"], chosen);
        assert!(client.end().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_are_pulled_only_by_clients_that_pull() {
    let (_, server) = Client::with_engine(Fake::default(), json!({})).await;
    assert_eq!(server.get("diagnosticProvider"), None);
    let (_, server) = Client::with_engine(Fake::default(), json!({"textDocument": {"diagnostic": {}}})).await;
    assert_eq!(server.get("diagnosticProvider"), None, "it could not be told when to pull again");
    let pulls = json!({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": true}}});
    let (_, server) = Client::with_engine(Fake::default(), pulls).await;
    assert_eq!(server["diagnosticProvider"]["interFileDependencies"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn trace_and_unknown_notifications_are_taken() {
    let mut client = Client::with(json!({})).await;
    client.notify("$/setTrace", json!({"value": "verbose"})).await;
    client.notify("$/somethingElse", json!({})).await;
    client.notify("workspace/didChangeConfiguration", json!({"settings": {}})).await;
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [], "removed": []}})).await;
    assert!(client.end().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_watched_where_the_client_can() {
    let mut client = Client::with(json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}})).await;
    let registration = client.next("client/registerCapability").await;
    assert_eq!(registration["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    let watchers = registration["registrations"][0]["registerOptions"]["watchers"].as_array().expect("there are watchers");
    assert!(watchers.contains(&json!({"globPattern": "**/*.py"})));
    assert!(client.end().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_about_documents_that_are_not_open_are_answered() {
    let mut client = Client::with(json!({"textDocument": {"diagnostic": {}}})).await;
    assert_eq!(client.hover("file:///p/a.py", 0, 0).await, Value::Null);
    assert!(client.actions("file:///p/a.py", [0, 0, 0, 0], json!({"diagnostics": []})).await.is_empty());
    let report = client.request("textDocument/diagnostic", json!({"textDocument": {"uri": "file:///p/a.py"}})).await;
    assert_eq!(report, json!({"kind": "full", "items": []}));
    client.edit("file:///p/a.py", 2, [0, 0, 0, 0], "x").await;
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": "file:///p/a.py"}})).await;
    assert!(client.end().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_first_pass_is_shown() {
    let engine = Fake::default();
    let released = std::sync::Arc::clone(&engine.released);
    let (mut client, _) = Client::with_engine(engine, json!({"window": {"workDoneProgress": true}})).await;
    client.open("file:///p/a.py", "WAIT").await;
    let token = client.next("window/workDoneProgress/create").await["token"].clone();
    let begun = client.next("$/progress").await;
    assert_eq!((&begun["token"], &begun["value"]["kind"]), (&token, &json!("begin")));
    *released.0.lock().expect("nobody panics with the lock") = true;
    released.1.notify_all();
    assert_eq!(client.next("$/progress").await["value"]["kind"], "end");
    assert!(client.end().await);
}
