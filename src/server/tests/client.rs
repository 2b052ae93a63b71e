//! A client: sends messages, and looks at what comes back.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, WriteHalf};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;

use super::super::actions::Sources;
use super::super::analysis::Analyser;
use super::super::serve;
use super::fake::{Fake, write_test};
use crate::engine::Files;

/// A message that has not come by then will not come.
const PATIENCE: Duration = Duration::from_mins(1);

/// One session with a server.
pub(super) struct Client {
    writer: WriteHalf<DuplexStream>,
    incoming: UnboundedReceiver<Value>,
    /// Messages that came while another was waited for.
    seen: Vec<Value>,
    requests: i64,
    /// What is answered to requests of the server, by method.
    pub(super) answers: HashMap<String, Value>,
    server: JoinHandle<std::io::Result<bool>>,
}

impl Client {
    /// Starts a server that has not been initialised.
    pub(super) fn start(engine: Fake) -> Self {
        let files = Arc::new(engine.files.clone());
        Self::start_with(engine, files)
    }

    /// Starts a server with another engine.
    pub(super) fn start_with(engine: impl Analyser, files: Arc<dyn Files>) -> Self {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let (reader, writer) = tokio::io::split(ours);
        let (input, output) = tokio::io::split(theirs);
        let (sender, incoming) = unbounded_channel();
        tokio::spawn(async move {
            let mut reader = BufReader::new(reader);
            while let Some(message) = read(&mut reader).await {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let sources = Sources { files, write_test };
        let server = tokio::spawn(serve(input, output, engine, sources));
        Self { writer, incoming, seen: Vec::new(), requests: 0, answers: HashMap::new(), server }
    }

    /// A session with a client of these capabilities.
    pub(super) async fn with(capabilities: Value) -> Self {
        Self::with_engine(Fake::default(), capabilities).await.0
    }

    /// A session with this engine, and what the server can do in it.
    pub(super) async fn with_engine(engine: Fake, capabilities: Value) -> (Self, Value) {
        Self::start(engine).begin(capabilities).await
    }

    /// Begins the session. Returns what the server can do in it, too.
    pub(super) async fn begin(self, capabilities: Value) -> (Self, Value) {
        self.begin_in(&[], capabilities, Value::Null).await
    }

    /// Begins the session in these folders, with these options.
    pub(super) async fn begin_in(mut self, folders: &[&str], capabilities: Value, options: Value) -> (Self, Value) {
        let folders: Vec<Value> = folders.iter().map(|uri| json!({"uri": uri, "name": "folder"})).collect();
        let folders = if folders.is_empty() { Value::Null } else { Value::Array(folders) };
        let parameters = json!({
            "processId": null, "rootUri": null, "workspaceFolders": folders, "capabilities": capabilities, "initializationOptions": options,
        });
        let result = self.request("initialize", parameters).await;
        self.notify("initialized", json!({})).await;
        (self, result["capabilities"].clone())
    }

    pub(super) async fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.writer.write_all(frame.as_bytes()).await.expect("the server reads");
    }

    pub(super) async fn notify(&mut self, method: &str, parameters: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": parameters})).await;
    }

    /// Sends a request and returns its number.
    pub(super) async fn ask(&mut self, method: &str, parameters: Value) -> i64 {
        self.requests += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.requests, "method": method, "params": parameters})).await;
        self.requests
    }

    /// The whole response to the request `id`.
    pub(super) async fn response(&mut self, id: i64) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none()).await
    }

    /// The result of a request.
    pub(super) async fn request(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.ask(method, parameters).await;
        let response = self.response(id).await;
        assert_eq!(response.get("error"), None, "{method} failed");
        response["result"].clone()
    }

    /// The parameters of the next notification or request of the server with this method.
    pub(super) async fn next(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method).await["params"].clone()
    }

    /// The next diagnostics of a document.
    pub(super) async fn published(&mut self, uri: &str) -> Value {
        let is_it = |message: &Value| message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri;
        self.wait(is_it).await["params"].clone()
    }

    async fn wait(&mut self, mut is_it: impl FnMut(&Value) -> bool) -> Value {
        if let Some(at) = self.seen.iter().position(&mut is_it) {
            return self.seen.remove(at);
        }
        loop {
            let message = tokio::time::timeout(PATIENCE, self.incoming.recv()).await;
            let message = message.expect("a message comes in time").expect("the server is alive");
            if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
                let result = self.answers.get(message["method"].as_str().unwrap_or_default()).cloned();
                self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result})).await;
            }
            if is_it(&message) {
                return message;
            }
            self.seen.push(message);
        }
    }

    /// Whether a message with this method has come that nobody asked for.
    pub(super) fn has_seen(&self, method: &str) -> bool {
        self.seen.iter().any(|message| message["method"] == method)
    }

    pub(super) async fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "python", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    }

    /// Replaces a range, given as line and column of start and end.
    pub(super) async fn edit(&mut self, uri: &str, version: i32, range: [u32; 4], text: &str) {
        let change = json!({"range": lsp_range(range), "text": text});
        let parameters = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]});
        self.notify("textDocument/didChange", parameters).await;
    }

    pub(super) async fn hover(&mut self, uri: &str, line: u32, column: u32) -> Value {
        self.request("textDocument/hover", json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}))
            .await
    }

    /// The actions at a place, given like a range of [`Self::edit`].
    pub(super) async fn actions(&mut self, uri: &str, range: [u32; 4], context: Value) -> Vec<Value> {
        let parameters = json!({"textDocument": {"uri": uri}, "range": lsp_range(range), "context": context});
        self.request("textDocument/codeAction", parameters).await.as_array().cloned().unwrap_or_default()
    }

    /// Ends the session as the protocol wants it. Returns whether the server saw it so.
    pub(super) async fn end(mut self) -> bool {
        self.request("shutdown", Value::Null).await;
        self.leave().await
    }

    /// Says `exit` and waits for the server to end, with the connection still open.
    pub(super) async fn leave(mut self) -> bool {
        self.send(&json!({"jsonrpc": "2.0", "method": "exit"})).await;
        let ended = tokio::time::timeout(PATIENCE, &mut self.server).await.expect("the server ends in time");
        ended.expect("the server does not panic").expect("the server starts")
    }

    /// Closes the connection and waits for the server to end.
    pub(super) async fn hang_up(self) -> bool {
        let Self { writer, mut server, incoming, .. } = self;
        let mut writer = writer;
        writer.shutdown().await.expect("the connection can be closed");
        let ended = tokio::time::timeout(PATIENCE, &mut server).await.expect("the server ends in time");
        drop(incoming);
        ended.expect("the server does not panic").expect("the server starts")
    }
}

/// A range of the protocol from line and column of start and end.
pub(super) fn lsp_range([line, column, end_line, end_column]: [u32; 4]) -> Value {
    json!({"start": {"line": line, "character": column}, "end": {"line": end_line, "character": end_column}})
}

async fn read(reader: &mut BufReader<impl AsyncRead + Unpin>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await.ok()?;
    serde_json::from_slice(&body).ok()
}
