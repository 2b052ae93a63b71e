//! What goes to the client unasked: diagnostics, messages, requests of the server.
//!
//! Posting never waits. One task sends; a client that stops reading delays it and nothing else, and of several texts of one
//! document only the newest is sent.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;

use super::convert;
use super::document::{Name, View};
use super::session::Session;

/// How long the client may take to answer a request of the server.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// Where the other parts of the server post.
#[derive(Default)]
pub(super) struct Outbox {
    pending: Mutex<Pending>,
    posted: Notify,
}

#[derive(Default)]
struct Pending {
    publications: Vec<(Name, Option<(View, Session)>)>,
    messages: Vec<String>,
    refresh: bool,
    watch_files: bool,
}

impl Outbox {
    /// Posts the findings of a document.
    pub(super) fn publish(&self, view: View, session: Session) {
        self.replace(view.name.clone(), Some((view, session)));
    }

    /// Posts that a document has no findings any more.
    pub(super) fn clear(&self, name: Name) {
        self.replace(name, None);
    }

    /// Posts a message to the user.
    pub(super) fn tell(&self, message: String) {
        self.post(|pending| pending.messages.push(message));
    }

    /// Posts that the client should ask for diagnostics again.
    pub(super) fn refresh(&self) {
        self.post(|pending| pending.refresh = true);
    }

    /// Posts the wish to hear of files that change on disk.
    pub(super) fn watch_files(&self) {
        self.post(|pending| pending.watch_files = true);
    }

    fn replace(&self, name: Name, publication: Option<(View, Session)>) {
        self.post(|pending| {
            pending.publications.retain(|(other, _)| *other != name);
            pending.publications.push((name, publication));
        });
    }

    fn post(&self, post: impl FnOnce(&mut Pending)) {
        post(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        self.posted.notify_one();
    }

    fn collect(&self) -> Pending {
        std::mem::take(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends whatever is posted to `client`.
    pub(super) async fn run(self: Arc<Self>, client: Client) {
        loop {
            self.posted.notified().await;
            let Pending { publications, messages, refresh, watch_files } = self.collect();
            for (name, publication) in publications {
                send_diagnostics(&client, &name, publication).await;
            }
            for message in messages {
                client.show_message(convert::WARNING, message).await;
            }
            if refresh {
                let client = client.clone();
                request("workspace/diagnostic/refresh", async move { client.workspace_diagnostic_refresh().await });
            }
            if watch_files {
                let client = client.clone();
                request("client/registerCapability", async move { client.register_capability(convert::watchers()).await });
            }
        }
    }
}

async fn send_diagnostics(client: &Client, name: &Name, publication: Option<(View, Session)>) {
    let Some(uri) = convert::uri(name) else { return };
    match publication {
        Some((view, session)) => {
            let diagnostics = convert::diagnostics(&view, &session);
            client.publish_diagnostics(uri, diagnostics, Some(view.version)).await;
        }
        None => client.publish_diagnostics(uri, Vec::new(), None).await,
    }
}

/// Sends a request from a task of its own, and logs if it is refused or not answered.
fn request(method: &'static str, answer: impl Future<Output = Result<()>> + Send + 'static) {
    tokio::spawn(async move {
        match tokio::time::timeout(LONGEST_ANSWER, answer).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!("the client refused {method}: {error}"),
            Err(_) => tracing::warn!("the client did not answer {method}"),
        }
    });
}
