//! What goes to the client unasked: diagnostics, messages, requests of the server.
//!
//! Posting never waits. One task sends; a client that stops reading delays it and nothing else, and of several texts of one
//! document only the newest is sent.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{ProgressToken, ShowDocumentParams};

use super::convert;
use super::document::{Name, View};
use super::owner::{Mailbox, Message};
use super::session::Session;
use super::settings_files::SettingsReport;

/// How long the client may take to answer a request of the server.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// Work that is done by then is not shown.
const SHORT_WORK: Duration = Duration::from_millis(300);

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
    places: Vec<ShowDocumentParams>,
    settings_files: Vec<(SettingsReport, Session)>,
    refresh: bool,
    watch_files: bool,
    watch_settings: bool,
    /// The folders whose settings are wanted.
    settings: Option<Vec<PathBuf>>,
    /// Work that has begun; told when it is done.
    work: Option<Arc<Notify>>,
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

    /// Posts that the client should show a place.
    pub(super) fn show(&self, place: ShowDocumentParams) {
        self.post(|pending| pending.places.push(place));
    }

    /// Posts that the client should ask for diagnostics again.
    pub(super) fn refresh(&self) {
        self.post(|pending| pending.refresh = true);
    }

    /// Posts what is wrong with a settings file.
    pub(super) fn publish_settings(&self, report: SettingsReport, session: Session) {
        self.post(|pending| {
            pending.settings_files.retain(|(other, _)| other.path != report.path);
            pending.settings_files.push((report, session));
        });
    }

    /// Posts the question for the client's settings, folder by folder; the owner is told the answer.
    pub(super) fn ask_for_settings(&self, folders: Vec<PathBuf>) {
        self.post(|pending| pending.settings = Some(folders));
    }

    /// Posts the wish to hear when the client's settings change.
    pub(super) fn watch_settings(&self) {
        self.post(|pending| pending.watch_settings = true);
    }

    /// Posts that work has begun which may take long; `done` is notified when it is over.
    pub(super) fn begin_work(&self, done: Arc<Notify>) {
        self.post(|pending| pending.work = Some(done));
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

    /// Sends whatever is posted to `client`, and its answers to the `owner`.
    pub(super) async fn run(self: Arc<Self>, client: Client, owner: Mailbox) {
        loop {
            self.posted.notified().await;
            let Pending { publications, messages, places, settings_files, refresh, watch_files, watch_settings, settings, work } = self.collect();
            for (name, publication) in publications {
                send_diagnostics(&client, &name, publication).await;
            }
            for message in messages {
                client.show_message(convert::WARNING, message).await;
            }
            for place in places {
                let client = client.clone();
                request("window/showDocument", async move { client.show_document(place).await.map(drop) });
            }
            for (report, session) in settings_files {
                if let Some((uri, diagnostics)) = convert::settings_diagnostics(&report, &session) {
                    client.publish_diagnostics(uri, diagnostics, None).await;
                }
            }
            if refresh {
                let client = client.clone();
                request("workspace/diagnostic/refresh", async move { client.workspace_diagnostic_refresh().await });
            }
            if watch_files {
                let client = client.clone();
                request("client/registerCapability", async move { client.register_capability(convert::watchers()).await });
            }
            if watch_settings {
                let client = client.clone();
                request("client/registerCapability", async move { client.register_capability(convert::settings_watcher()).await });
            }
            if let Some(folders) = settings {
                let (client, owner) = (client.clone(), owner.clone());
                request("workspace/configuration", async move {
                    let values = client.configuration(convert::settings_items(&folders)).await?;
                    owner.send(Message::Settings(folders.into_iter().zip(values).collect()));
                    Ok(())
                });
            }
            if let Some(done) = work {
                tokio::spawn(show_work(client.clone(), done));
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

/// Shows that work is under way, if it is for a while.
async fn show_work(client: Client, done: Arc<Notify>) {
    if tokio::time::timeout(SHORT_WORK, done.notified()).await.is_ok() {
        return;
    }
    let token = ProgressToken::String("backprobe-scan".to_owned());
    match tokio::time::timeout(LONGEST_ANSWER, client.create_work_done_progress(token.clone())).await {
        Ok(Ok(())) => {
            let shown = client.progress(token, "backprobe reads the project").begin().await;
            done.notified().await;
            shown.finish().await;
        }
        _ => tracing::warn!("the client shows no progress"),
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
