//! The owner of all documents. Whatever reads or changes one is a message to it, so that messages are seen in one order.
//!
//! Does no IO and waits for nothing: results go to the [`Outbox`], changes to the [`Analysis`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{Notify, mpsc, oneshot};

use super::configuration;
use super::analysis::{Analysis, Change, Edition, Outcome, Panicked, PlansReply, Question};
use super::document::{ContentChange, Document, Name, Neighbour, News, View};
use super::outbox::Outbox;
use super::session::Session;
use super::settings_files::SettingsReport;
use crate::engine::settings::{Given, Problem, Settings};
use crate::finding::TestPlan;
use crate::text::Text;

/// What the owner is told or asked.
pub(super) enum Message {
    /// The session began.
    Begin {
        /// What client and server agreed on.
        session: Session,
        /// The folders that the client has open.
        folders: Vec<PathBuf>,
        /// Settings that count until the client gives others.
        options: Value,
    },
    /// The client opened and closed folders.
    Folders {
        /// Those it has open now, too.
        added: Vec<PathBuf>,
        /// Those it has no longer.
        removed: Vec<PathBuf>,
    },
    /// The settings of the client changed; clients that do not give them when they are asked say what they are.
    SettingsChanged(Value),
    /// The client gave its settings for each folder.
    Settings(Vec<(PathBuf, Value)>),
    /// The client is ready for requests.
    Ready,
    /// A document was opened.
    Open {
        /// The client's name of it.
        name: Name,
        /// What the engine shall know it by.
        path: Arc<Path>,
        /// The client's number of the text.
        version: i32,
        /// The text.
        text: String,
    },
    /// A document was edited.
    Edit {
        /// The client's name of it.
        name: Name,
        /// The client's number of the text after the changes.
        version: i32,
        /// The changes, each in terms of the text after the one before.
        changes: Vec<ContentChange>,
    },
    /// A document was saved.
    Save(Name),
    /// A document was closed.
    Close(Name),
    /// Files changed on disk.
    Files(Vec<PathBuf>),
    /// Somebody needs a document with the findings of its present text.
    Ask {
        /// The client's name of it.
        name: Name,
        /// Where the answer goes; dropped if there is no such document.
        reply: oneshot::Sender<View>,
    },
    /// Somebody needs the tests of something that trains in a document.
    AskForTests {
        /// The client's name of the document.
        document: Name,
        /// The name of what trains.
        trained: String,
        /// Where the answer goes; dropped if there is no such document.
        reply: PlansReply,
    },
    /// A pass of the analysis ended.
    Outcome(Outcome),
}

/// Sends messages to the owner; never waits.
#[derive(Clone)]
pub(super) struct Mailbox(mpsc::UnboundedSender<Message>);

impl Mailbox {
    /// A mailbox, and where its messages arrive.
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Message>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Sends `message`.
    pub(super) fn send(&self, message: Message) {
        if self.0.send(message).is_err() {
            tracing::error!("the owner of the documents has stopped");
        }
    }

    /// The document `name` with findings of its present text; `None` if it is not open.
    pub(super) async fn ask(&self, name: Name) -> Option<View> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Ask { name, reply });
        answer.await.ok()
    }

    /// The tests of something that trains in a document; `None` if it is not open, or changed meanwhile.
    pub(super) async fn ask_for_tests(&self, document: Name, trained: String) -> Option<Vec<TestPlan>> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::AskForTests { document, trained, reply });
        answer.await.ok()
    }
}

/// Holds the documents.
pub(super) struct Owner {
    session: Session,
    documents: Vec<Document>,
    /// The folders that the client has open.
    folders: Vec<PathBuf>,
    /// The client's settings, folder by folder.
    given: Given,
    /// What is shown of settings files.
    settings_problems: HashMap<PathBuf, Vec<Problem>>,
    /// What the user was told of the client's settings.
    told: Vec<String>,
    /// The first pass over a project, until it is done.
    first_pass: Option<Arc<Notify>>,
    /// Requests that wait for findings of the present text.
    waiting: Vec<(Name, oneshot::Sender<View>)>,
    edition: Edition,
    analysis: Analysis,
    outbox: Arc<Outbox>,
}

impl Owner {
    /// An owner of no documents yet.
    pub(super) fn new(analysis: Analysis, outbox: Arc<Outbox>) -> Self {
        let session = Session::default();
        Self {
            session,
            documents: Vec::new(),
            folders: Vec::new(),
            given: Given::default(),
            settings_problems: HashMap::new(),
            told: Vec::new(),
            first_pass: Some(Arc::default()),
            waiting: Vec::new(),
            edition: Edition::default(),
            analysis,
            outbox,
        }
    }

    /// Takes messages until all senders are gone.
    pub(super) async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
        while let Some(message) = messages.recv().await {
            self.take(message);
        }
    }

    /// Takes one message.
    pub(super) fn take(&mut self, message: Message) {
        match message {
            Message::Begin { session, folders, options } => {
                self.session = session;
                self.folders = folders;
                self.take_settings(vec![(PathBuf::new(), options)]);
            }
            Message::Folders { added, removed } => {
                self.folders.retain(|folder| !removed.contains(folder));
                self.folders.extend(added);
                self.ask_for_settings();
            }
            Message::SettingsChanged(value) => {
                if self.session.gives_settings {
                    self.ask_for_settings();
                } else {
                    self.take_settings(vec![(PathBuf::new(), value)]);
                }
            }
            Message::Settings(values) => self.take_settings(values),
            Message::Ready => {
                if self.session.watches_settings {
                    self.outbox.watch_settings();
                }
                self.ask_for_settings();
                if self.session.watches_files {
                    self.outbox.watch_files();
                }
            }
            Message::Open { name, path, version, text } => self.open(name, path, version, &text),
            Message::Edit { name, version, changes } => self.edit(&name, version, &changes),
            Message::Save(name) => self.save(&name),
            Message::Close(name) => self.close(&name),
            Message::Files(paths) => self.change(Change::Files(paths)),
            Message::Ask { name, reply } => self.answer(&name, reply),
            Message::AskForTests { document, trained, reply } => {
                if let Some(document) = self.documents.iter().find(|known| known.name == document) {
                    self.analysis.ask(Question { path: Arc::clone(&document.path), name: trained, reply });
                }
            }
            Message::Outcome(outcome) => self.publish(outcome),
        }
    }

    fn ask_for_settings(&self) {
        if self.session.gives_settings {
            // Without folders there are settings all the same.
            let folders = if self.folders.is_empty() { vec![PathBuf::new()] } else { self.folders.clone() };
            self.outbox.ask_for_settings(folders);
        }
    }

    /// Takes in the client's settings. Where they are faulty the last good ones stay.
    fn take_settings(&mut self, values: Vec<(PathBuf, Value)>) {
        let known = &self.given.under;
        let settings = |(folder, value): (PathBuf, Value)| match configuration::settings(&value) {
            Ok(settings) => (folder, settings),
            Err(error) => {
                self.outbox.tell(format!("the settings of the editor for backprobe do not count: {error}"));
                let last_good = known.iter().find(|(other, _)| *other == folder).map(|(_, settings)| settings.clone());
                (folder, last_good.unwrap_or_default())
            }
        };
        let under: Vec<(PathBuf, Settings)> = values.into_iter().map(settings).filter(|(_, settings)| *settings != Settings::default()).collect();
        let given = Given { under, ..Given::default() };
        if given != self.given {
            self.given = given.clone();
            self.told.clear();
            self.change(Change::Settings(Arc::new(given)));
        }
    }

    fn show_settings(&mut self, report: SettingsReport) {
        let known = self.settings_problems.entry(report.path.clone()).or_default();
        if *known != report.problems {
            known.clone_from(&report.problems);
            self.outbox.publish_settings(report, self.session);
        }
    }

    fn complain(&mut self, complaint: String) {
        if !self.told.contains(&complaint) {
            self.outbox.tell(format!("the settings of the editor for backprobe: {complaint}"));
            self.told.push(complaint);
        }
    }

    fn open(&mut self, name: Name, path: Arc<Path>, version: i32, text: &str) {
        if self.forget(&name).is_some() {
            tracing::warn!("{} was opened twice", name.0);
        }
        if let Some(done) = self.first_pass.as_ref().filter(|_| self.documents.is_empty() && self.session.shows_progress) {
            self.outbox.begin_work(Arc::clone(done));
        }
        let text = Text::new(text);
        self.change(Change::Text { path: Arc::clone(&path), text: text.clone() });
        self.documents.push(Document::new(name, path, version, text, self.edition));
    }

    fn edit(&mut self, name: &Name, version: i32, changes: &[ContentChange]) {
        // Who asked before this edit gets an answer for the text before it.
        self.answer_waiting(name);
        let edition = self.edition.next();
        let encoding = self.session.encoding;
        let Some(document) = self.documents.iter_mut().find(|document| document.name == *name) else {
            tracing::warn!("{} was edited and is not open", name.0);
            return;
        };
        if version < document.version {
            tracing::error!("{} went from version {} back to {version}", name.0, document.version);
        }
        for change in changes {
            document.change(change, version, encoding, edition);
        }
        let change = document.as_change();
        self.change(change);
    }

    fn save(&mut self, name: &Name) {
        let edition = self.edition;
        let document = self.documents.iter_mut().find(|document| document.name == *name);
        if let Some(news) = document.and_then(|document| document.save(edition)) {
            self.show(news);
        }
    }

    fn close(&mut self, name: &Name) {
        let Some(closed) = self.forget(name) else {
            tracing::warn!("{} was closed and is not open", name.0);
            return;
        };
        // The same file may be open under another name.
        let other = self.documents.iter().find(|document| document.path == closed.path);
        let change = other.map_or(Change::Closed(closed.path), Document::as_change);
        self.change(change);
        if !self.session.pulls_diagnostics {
            self.outbox.clear(name.clone());
        }
    }

    /// Removes a document; who waits for it is answered.
    fn forget(&mut self, name: &Name) -> Option<Document> {
        self.answer_waiting(name);
        let at = self.documents.iter().position(|document| document.name == *name)?;
        Some(self.documents.remove(at))
    }

    fn answer(&mut self, name: &Name, reply: oneshot::Sender<View>) {
        let Some(document) = self.documents.iter().find(|document| document.name == *name) else { return };
        let is_checked = document.is_checked(self.edition);
        self.waiting.push((name.clone(), reply));
        if is_checked {
            self.answer_waiting(name);
        }
    }

    /// Answers all who wait for a document with what is known of it now.
    fn answer_waiting(&mut self, name: &Name) {
        if !self.waiting.iter().any(|(waiting, _)| waiting == name) {
            return;
        }
        let Some(document) = self.documents.iter().find(|document| document.name == *name) else { return };
        let view = document.view(self.neighbours());
        for (_, reply) in self.waiting.extract_if(.., |(waiting, _)| waiting == name) {
            // Whoever asked may have gone.
            let _ = reply.send(view.clone());
        }
    }

    fn publish(&mut self, mut outcome: Outcome) {
        if let Some(done) = self.first_pass.take() {
            done.notify_one();
        }
        if let Ok(checked) = &mut outcome.result {
            std::mem::take(&mut checked.settings).into_iter().for_each(|report| self.show_settings(report));
            std::mem::take(&mut checked.complaints).into_iter().for_each(|complaint| self.complain(complaint));
        }
        if let Err(Panicked { is_news: true }) = outcome.result {
            tracing::error!("the analysis of {} panicked", outcome.path.display());
            self.outbox.tell(format!(
                "backprobe could not analyse {} and leaves it alone until it changes; please report this",
                outcome.path.display()
            ));
        }
        // A file that is open under two names has one text for the engine, that of the last edit.
        let Some(document) = self.documents.iter_mut().find(|document| document.path == outcome.path) else { return };
        let news = document.take(outcome);
        let checked = document.is_checked(self.edition).then(|| document.name.clone());
        if let Some(news) = news {
            self.show(news);
        }
        if let Some(name) = checked {
            self.answer_waiting(&name);
        }
    }

    fn show(&self, News { view, is_new_text }: News) {
        if !self.session.pulls_diagnostics {
            let open = self.neighbours();
            self.outbox.publish(View { open, ..view }, self.session);
        } else if !is_new_text {
            // After a change of the text the client asks by itself.
            self.outbox.refresh();
        }
    }

    fn neighbours(&self) -> Arc<[Neighbour]> {
        self.documents.iter().map(Document::neighbour).collect()
    }

    fn change(&mut self, change: Change) {
        self.edition = self.edition.next();
        self.analysis.change(self.edition, change);
    }
}
