//! What is shown, when, and where.

use serde_json::{Value, json};

use super::client::{Client, lsp_range};
use super::fake::{Fake, OTHER};

const URI: &str = "file:///p/a.py";

/// The ranges of published or pulled diagnostics.
fn ranges(diagnostics: &Value) -> Vec<Value> {
    diagnostics.as_array().expect("there is a list").iter().map(|diagnostic| diagnostic["range"].clone()).collect()
}

async fn close(client: &mut Client, uri: &str) {
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_pushed_with_version_code_and_data() {
    let mut client = Client::with(json!({})).await;
    client.open(URI, "x\n  BUG1 y\n").await;
    let published = client.published(URI).await;
    assert_eq!(published["version"], 1);
    let diagnostic = &published["diagnostics"][0];
    assert_eq!(diagnostic["range"], lsp_range([1, 2, 1, 6]));
    assert_eq!(diagnostic["severity"], 2);
    assert_eq!((&diagnostic["code"], &diagnostic["source"]), (&json!("a-bug"), &json!("backprobe")));
    assert_eq!(diagnostic["message"], "`BUG1` is a bug\nwhy: bugs are bad\nhelp: remove it");
    assert_eq!(diagnostic["data"], json!({"rule": "a-bug"}));
    client.edit(URI, 2, [0, 0, 0, 1], "").await;
    client.edit(URI, 7, [1, 0, 1, 2], "").await;
    let mut published = client.published(URI).await;
    if published["version"] == 2 {
        published = client.published(URI).await;
    }
    assert_eq!(published["version"], 7);
    assert_eq!(ranges(&published["diagnostics"]), [lsp_range([1, 0, 1, 4])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_count_in_the_negotiated_encoding() {
    for (encoding, start) in [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)] {
        let mut client = Client::with(json!({"general": {"positionEncodings": [encoding]}})).await;
        client.open(URI, "é😀x BUG1").await;
        let published = client.published(URI).await;
        assert_eq!(ranges(&published["diagnostics"]), [lsp_range([0, start + 1, 0, start + 5])], "{encoding}");
        client.edit(URI, 2, [0, start - 1, 0, start], "").await;
        let published = client.published(URI).await;
        assert_eq!(ranges(&published["diagnostics"]), [lsp_range([0, start, 0, start + 4])], "{encoding}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_related_information_in_whatever_file() {
    let engine = Fake::default();
    engine.files.write(OTHER, "\n\n OTHER");
    let capabilities = json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}});
    let (mut client, _) = Client::with_engine(engine, capabilities).await;
    client.open(URI, "OTHER\nBUG1").await;
    let related = client.published(URI).await["diagnostics"][0]["relatedInformation"].clone();
    let place = |uri: &str, range| json!({"location": {"uri": uri, "range": lsp_range(range)}, "message": "see here"});
    assert_eq!(related, json!([place(URI, [0, 0, 0, 5]), place("file:///p/other.py", [2, 1, 2, 6])]));
    // An open file is named as its client names it.
    client.open("file:///p/%6fther.py", "OTHER").await;
    client.edit(URI, 2, [1, 4, 1, 4], "2").await;
    let related = loop {
        let published = client.published(URI).await;
        if published["version"] == 2 {
            break published["diagnostics"][0]["relatedInformation"].clone();
        }
    };
    assert_eq!(related[1], place("file:///p/%6fther.py", [0, 0, 0, 5]));
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_without_related_information_get_none() {
    let mut client = Client::with(json!({})).await;
    client.open(URI, "OTHER\nBUG1").await;
    assert_eq!(client.published(URI).await["diagnostics"][0].get("relatedInformation"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_clears_and_late_results_are_dropped() {
    let mut client = Client::with(json!({})).await;
    client.open(URI, "BUG1").await;
    assert_eq!(ranges(&client.published(URI).await["diagnostics"]).len(), 1);
    client.edit(URI, 2, [0, 0, 0, 0], "BUG2 ").await;
    close(&mut client, URI).await;
    // Whatever comes for the old text comes before the last word.
    loop {
        let published = client.published(URI).await;
        if published.get("version").is_none() {
            assert_eq!(published["diagnostics"], json!([]));
            break;
        }
    }
    client.open("file:///p/b.py", "").await;
    client.published("file:///p/b.py").await;
    assert!(!client.has_seen("textDocument/publishDiagnostics"));
}

#[tokio::test(flavor = "multi_thread")]
async fn half_typed_code_keeps_the_last_good_findings_until_it_is_saved() {
    let mut client = Client::with(json!({})).await;
    client.open(URI, "a\nb\nBUG1 c\nBUG2\n").await;
    assert_eq!(ranges(&client.published(URI).await["diagnostics"]).len(), 2);
    // A broken line above, and a new finding above that.
    client.edit(URI, 2, [0, 0, 1, 0], "BUG0\n(((\n").await;
    let published = client.published(URI).await;
    let shifted = [lsp_range([0, 0, 0, 4]), lsp_range([3, 0, 3, 4]), lsp_range([4, 0, 4, 4])];
    assert_eq!(ranges(&published["diagnostics"]), shifted);
    // What is edited while the text is broken goes.
    client.edit(URI, 3, [3, 1, 3, 2], "").await;
    assert_eq!(ranges(&client.published(URI).await["diagnostics"]), [shifted[0].clone(), shifted[2].clone()]);
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": URI}})).await;
    assert_eq!(ranges(&client.published(URI).await["diagnostics"]), [shifted[0].clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_never_parsed_is_not_half_typed() {
    let mut client = Client::with(json!({})).await;
    client.open(URI, "BUG1 a\n(((\n").await;
    assert_eq!(ranges(&client.published(URI).await["diagnostics"]).len(), 1);
    client.edit(URI, 2, [0, 0, 0, 4], "fine").await;
    assert_eq!(client.published(URI).await["diagnostics"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_parses_again_shows_what_is_found() {
    let mut client = Client::with(json!({})).await;
    client.open(URI, "BUG1\n").await;
    client.published(URI).await;
    client.edit(URI, 2, [0, 0, 0, 0], "(((").await;
    assert_eq!(ranges(&client.published(URI).await["diagnostics"]), [lsp_range([0, 3, 0, 7])]);
    client.edit(URI, 3, [0, 0, 0, 7], "fine").await;
    assert_eq!(client.published(URI).await["diagnostics"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_told_once_and_the_file_left_alone_until_it_changes() {
    let mut client = Client::with(json!({})).await;
    client.open(URI, "BUG1 PANIC").await;
    let message = client.next("window/showMessage").await;
    assert!(message["message"].as_str().is_some_and(|message| message.contains("/p/a.py")));
    assert_eq!(client.published(URI).await["diagnostics"], json!([]));
    // Another document is served, and what depends on it is not tried again.
    client.open("file:///p/b.py", "BUG1").await;
    assert_eq!(ranges(&client.published("file:///p/b.py").await["diagnostics"]).len(), 1);
    assert_eq!(client.hover(URI, 0, 1).await, Value::Null);
    assert!(!client.has_seen("window/showMessage"));
    client.edit(URI, 2, [0, 4, 0, 10], "").await;
    assert_eq!(ranges(&client.published(URI).await["diagnostics"]), [lsp_range([0, 0, 0, 4])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_documents_are_echoed_as_they_are() {
    let mut client = Client::with(json!({})).await;
    for uri in ["untitled:Untitled-1", "file:///c%3A/Users/x/a.py", "file:///C:/Users/x/a.py", "vscode-vfs://github/a/b.py", "file:///p/%C3%A4%20b.py"] {
        client.open(uri, "BUG1").await;
        assert_eq!(ranges(&client.published(uri).await["diagnostics"]).len(), 1, "{uri}");
        assert_ne!(client.hover(uri, 0, 1).await, Value::Null, "{uri}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pulled_diagnostics_have_a_result_that_can_be_named() {
    let capabilities = json!({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": true}}});
    let mut client = Client::with(capabilities).await;
    client.open(URI, "BUG1").await;
    let pull = |previous: Value| json!({"textDocument": {"uri": URI}, "previousResultId": previous});
    let report = client.request("textDocument/diagnostic", pull(Value::Null)).await;
    assert_eq!(report["kind"], "full");
    assert_eq!(ranges(&report["items"]), [lsp_range([0, 0, 0, 4])]);
    let unchanged = client.request("textDocument/diagnostic", pull(report["resultId"].clone())).await;
    assert_eq!(unchanged, json!({"kind": "unchanged", "resultId": report["resultId"]}));
    client.edit(URI, 2, [0, 0, 0, 0], " ").await;
    let moved = client.request("textDocument/diagnostic", pull(report["resultId"].clone())).await;
    assert_eq!(ranges(&moved["items"]), [lsp_range([0, 1, 0, 5])]);
    assert!(!client.has_seen("textDocument/publishDiagnostics"));
    // Another document changes what this one shows.
    client.open("file:///p/other.py", "OTHER").await;
    client.next("workspace/diagnostic/refresh").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hover_explains_the_finding() {
    let mut client = Client::with(json!({"textDocument": {"hover": {"contentFormat": ["markdown", "plaintext"]}}})).await;
    client.open(URI, "x BUG1 y").await;
    let hover = client.hover(URI, 0, 4).await;
    assert_eq!(hover["range"], lsp_range([0, 2, 0, 6]));
    assert_eq!(hover["contents"]["kind"], "markdown");
    let text = hover["contents"]["value"].as_str().expect("there is a text");
    assert_eq!(text, "**a-bug**: `BUG1` is a bug\n\nbugs are bad\n\nHelp: remove it");
    assert_eq!(client.hover(URI, 0, 0).await, Value::Null);
    assert_eq!(client.hover(URI, 9, 9).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn hover_names_the_other_places_of_the_finding() {
    let engine = Fake::default();
    engine.files.write(OTHER, "\n\n OTHER");
    let (mut client, _) = Client::with_engine(engine, json!({})).await;
    client.open(URI, "\nOTHER\nBUG1").await;
    let hover = client.hover(URI, 2, 1).await;
    let text = hover["contents"]["value"].as_str().expect("there is a text");
    assert!(text.ends_with("\n\nHelp: remove it\n\nLine 2: see here\n\n`other.py`, line 3: see here"), "{text}");
}
