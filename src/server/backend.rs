//! The protocol's methods. Notifications become messages to the owner of the documents and return at once; requests ask it
//! and compute on a thread of their own. Nothing here awaits the client or holds a lock.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types as lsp;

use super::document::View;
use super::outbox::Outbox;
use super::owner::{Mailbox, Message};
use super::session::Session;
use super::{actions, convert, hover};

/// Serves one client.
pub(super) struct Backend {
    owner: Mailbox,
    outbox: Arc<Outbox>,
    sources: actions::Sources,
    session: OnceLock<Session>,
}

impl Backend {
    /// Passes everything to `owner`, but for what the client shall do at once: that goes to `outbox`.
    pub(super) fn new(owner: Mailbox, outbox: Arc<Outbox>, sources: actions::Sources) -> Self {
        Self { owner, outbox, sources, session: OnceLock::new() }
    }

    /// `$/setTrace`: accepted; the log goes to standard error, at the level that `BACKPROBE_LOG` names.
    #[allow(clippy::unused_async, reason = "handlers are asynchronous")]
    pub(super) async fn set_trace(&self, _: serde_json::Value) {}

    fn session(&self) -> Session {
        self.session.get().copied().unwrap_or_default()
    }

    /// Sends a notification on. Done before the returned future exists, so that the order of arrival is kept.
    fn tell(&self, message: Message) -> impl Future<Output = ()> + Send + use<> {
        self.owner.send(message);
        std::future::ready(())
    }

    /// Computes an answer from the document `uri`; `None` if it is not open.
    async fn answer<T: Send + 'static>(
        &self,
        uri: &lsp::Uri,
        answer: impl FnOnce(View, Session) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let session = self.session();
        let Some(view) = self.owner.ask(convert::name(uri)).await else { return Ok(None) };
        let answer = tokio::task::spawn_blocking(move || answer(view, session));
        answer.await.map(Some).map_err(|_| Error::internal_error())
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, parameters: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let session = *self.session.get_or_init(|| convert::session(&parameters));
        self.owner.send(convert::begun(&parameters, session));
        Ok(lsp::InitializeResult {
            capabilities: convert::capabilities(&session),
            server_info: Some(lsp::ServerInfo {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..Default::default()
        })
    }

    fn initialized(&self, _: lsp::InitializedParams) -> impl Future<Output = ()> + Send {
        self.tell(Message::Ready)
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    fn did_open(&self, parameters: lsp::DidOpenTextDocumentParams) -> impl Future<Output = ()> + Send {
        self.tell(convert::opened(parameters))
    }

    fn did_change(&self, parameters: lsp::DidChangeTextDocumentParams) -> impl Future<Output = ()> + Send {
        self.tell(convert::edited(parameters))
    }

    fn did_save(&self, parameters: lsp::DidSaveTextDocumentParams) -> impl Future<Output = ()> + Send {
        self.tell(Message::Save(convert::name(&parameters.text_document.uri)))
    }

    fn did_close(&self, parameters: lsp::DidCloseTextDocumentParams) -> impl Future<Output = ()> + Send {
        self.tell(Message::Close(convert::name(&parameters.text_document.uri)))
    }

    fn did_change_watched_files(&self, parameters: lsp::DidChangeWatchedFilesParams) -> impl Future<Output = ()> + Send {
        self.tell(convert::files_changed(&parameters))
    }

    fn did_change_configuration(&self, parameters: lsp::DidChangeConfigurationParams) -> impl Future<Output = ()> + Send {
        self.tell(convert::settings_changed(&parameters))
    }

    fn did_change_workspace_folders(&self, parameters: lsp::DidChangeWorkspaceFoldersParams) -> impl Future<Output = ()> + Send {
        self.tell(convert::folders_changed(&parameters))
    }

    async fn hover(&self, parameters: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        let lsp::TextDocumentPositionParams { text_document, position } = parameters.text_document_position_params;
        let hover = self.answer(&text_document.uri, move |view, session| {
            let offset = convert::offset(&view, position, &session);
            let (range, text) = hover::at(&view, offset)?;
            Some(convert::hover(range, text, &view, &session))
        });
        Ok(hover.await?.flatten())
    }

    async fn code_action(&self, parameters: lsp::CodeActionParams) -> Result<Option<lsp::CodeActionResponse>> {
        let sources = self.sources.clone();
        let uri = parameters.text_document.uri.clone();
        let offers = self.answer(&uri, move |view, session| {
            let wanted = convert::wanted(&parameters, &view, &session)?;
            Some(convert::actions(actions::at(&view, &wanted, &sources), &view, &session))
        });
        Ok(offers.await?.flatten())
    }

    async fn code_action_resolve(&self, action: lsp::CodeAction) -> Result<lsp::CodeAction> {
        let sources = self.sources.clone();
        let Some(asked) = convert::reference(&action) else { return Ok(action) };
        let uri = asked.uri.clone();
        if let Some(trained) = asked.trained {
            let plans = self.owner.ask_for_tests(convert::name(&uri), trained.clone()).await;
            let resolved = self.answer(&uri, move |view, session| {
                let plans = plans.filter(|_| view.version == asked.version)?;
                Some(actions::trained(&view, &trained, &plans, &sources).map(|again| convert::resolved(action, &again, &session)))
            });
            let resolved = resolved.await?.flatten().ok_or_else(|| Error::new(ErrorCode::ContentModified))?;
            return resolved.ok_or_else(not_added);
        }
        let resolved = self.answer(&uri, move |view, session| {
            let finding = asked.finding.as_ref().map(|(rule, start)| (rule.as_str(), *start));
            let again = actions::again(&view, asked.kind, finding, &sources).filter(|_| view.version == asked.version)?;
            Some(convert::resolved(action, &again, &session))
        });
        resolved.await?.flatten().ok_or_else(|| Error::new(ErrorCode::ContentModified))
    }

    async fn execute_command(&self, parameters: lsp::ExecuteCommandParams) -> Result<Option<lsp::LSPAny>> {
        let place = convert::place_to_show(parameters).ok_or_else(|| Error::invalid_params("no such command, or nothing to show"))?;
        self.outbox.show(place);
        Ok(None)
    }

    async fn diagnostic(&self, parameters: lsp::DocumentDiagnosticParams) -> Result<lsp::DocumentDiagnosticReportResult> {
        let previous = parameters.previous_result_id;
        let report = self.answer(&parameters.text_document.uri, move |view, session| {
            convert::report(&view, &session, previous.as_deref())
        });
        Ok(report.await?.unwrap_or_else(convert::empty_report))
    }
}

/// The answer where tests cannot be added to those that are there.
fn not_added() -> Error {
    let code = ErrorCode::ServerError(REQUEST_FAILED);
    Error { code, message: "the test was not added: the file of tests cannot be read, or has a syntax error; mend it first".into(), data: None }
}

/// `RequestFailed` of the protocol: the request was right, but could not be carried out.
const REQUEST_FAILED: i64 = -32803;
