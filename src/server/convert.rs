//! Between the protocol's types and ours. No other file knows both.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use tower_lsp::ls_types as lsp;

use super::actions::{Action, File, FileChange, Kind, Wanted};
use super::document::{ContentChange, Name, View};
use super::owner::Message;
use super::session::Session;
use crate::finding::{Finding, Label, Location, Severity};
use crate::text::{Position, PositionEncoding, Text, TextRange};

/// What the client calls us, as the source of diagnostics.
const SOURCE: &str = "backprobe";

/// How a message to the user is shown.
pub(super) const WARNING: lsp::MessageType = lsp::MessageType::WARNING;

/// What the client's capabilities make of the session.
pub(super) fn session(parameters: &lsp::InitializeParams) -> Session {
    let capabilities = &parameters.capabilities;
    let document = capabilities.text_document.clone().unwrap_or_default();
    let workspace = capabilities.workspace.clone().unwrap_or_default();
    let edits = workspace.workspace_edit.unwrap_or_default();
    let operations = edits.resource_operations.unwrap_or_default();
    // Operations on files can only be said among versioned edits: who knows the one knows the other.
    let versions_edits = edits.document_changes == Some(true) || !operations.is_empty();
    let refreshes = workspace.diagnostics.and_then(|diagnostics| diagnostics.refresh_support) == Some(true);
    let shows_related = |supported: Option<bool>| supported == Some(true);
    Session {
        encoding: encoding(capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref())),
        // An edit of one file changes the findings of others: a client that cannot be told to ask again is pushed to.
        pulls_diagnostics: document.diagnostic.is_some() && refreshes,
        shows_related_places: shows_related(document.publish_diagnostics.and_then(|publish| publish.related_information))
            || shows_related(document.diagnostic.and_then(|diagnostic| diagnostic.related_information)),
        versions_edits,
        creates_files: versions_edits && operations.contains(&lsp::ResourceOperationKind::Create),
        reads_markdown: document
            .hover
            .and_then(|hover| hover.content_format)
            .is_some_and(|formats| formats.contains(&lsp::MarkupKind::Markdown)),
        prefers_actions: document.code_action.and_then(|action| action.is_preferred_support) == Some(true),
        watches_files: workspace.did_change_watched_files.and_then(|watched| watched.dynamic_registration) == Some(true),
    }
}

/// UTF-8 where the client can, because it needs no conversion; the protocol's default otherwise.
fn encoding(offered: Option<&[lsp::PositionEncodingKind]>) -> PositionEncoding {
    let offers = |kind| offered.is_some_and(|offered| offered.contains(&kind));
    if offers(lsp::PositionEncodingKind::UTF8) {
        PositionEncoding::Utf8
    } else if offered.is_some_and(|offered| !offered.is_empty())
        && !offers(lsp::PositionEncodingKind::UTF16)
        && offers(lsp::PositionEncodingKind::UTF32)
    {
        PositionEncoding::Utf32
    } else {
        PositionEncoding::Utf16
    }
}

/// What the server can do in a session.
pub(super) fn capabilities(session: &Session) -> lsp::ServerCapabilities {
    let synchronisation = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
        save: Some(lsp::TextDocumentSyncSaveOptions::Supported(true)),
        ..Default::default()
    };
    let diagnostics = lsp::DiagnosticOptions {
        identifier: Some(SOURCE.to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: false,
        ..Default::default()
    };
    let actions = lsp::CodeActionOptions {
        code_action_kinds: Some(vec![lsp::CodeActionKind::QUICKFIX]),
        ..Default::default()
    };
    lsp::ServerCapabilities {
        position_encoding: Some(match session.encoding {
            PositionEncoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            PositionEncoding::Utf16 => lsp::PositionEncodingKind::UTF16,
            PositionEncoding::Utf32 => lsp::PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(synchronisation.into()),
        diagnostic_provider: session.pulls_diagnostics.then_some(lsp::DiagnosticServerCapabilities::Options(diagnostics)),
        hover_provider: Some(true.into()),
        code_action_provider: Some(actions.into()),
        workspace: Some(lsp::WorkspaceServerCapabilities {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: None,
            }),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// The wish to hear of changes of the files that findings depend on.
pub(super) fn watchers() -> Vec<lsp::Registration> {
    let watcher = |pattern: &str| lsp::FileSystemWatcher { glob_pattern: pattern.to_owned().into(), kind: None };
    let watchers = ["**/*.py", "**/*.pyi", "**/pyproject.toml", "**/backprobe.toml"].map(watcher).to_vec();
    let options = serde_json::to_value(lsp::DidChangeWatchedFilesRegistrationOptions { watchers });
    vec![lsp::Registration {
        id: "backprobe-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: options.ok(),
    }]
}

/// Our name for a document.
pub(super) fn name(uri: &lsp::Uri) -> Name {
    Name(Arc::from(uri.as_str()))
}

/// The client's name for a document.
pub(super) fn uri(name: &Name) -> Option<lsp::Uri> {
    lsp::Uri::from_str(&name.0).ok()
}

/// What the engine knows a document by: its path, or the whole name of one that is no file.
fn path(uri: &lsp::Uri) -> PathBuf {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    let path = if is_file { uri.to_file_path() } else { None };
    path.map_or_else(|| PathBuf::from(uri.as_str()), Cow::into_owned)
}

/// `textDocument/didOpen`
pub(super) fn opened(parameters: lsp::DidOpenTextDocumentParams) -> Message {
    let lsp::TextDocumentItem { uri, version, text, .. } = parameters.text_document;
    Message::Open { name: name(&uri), path: Arc::from(path(&uri)), version, text }
}

/// `textDocument/didChange`
pub(super) fn edited(parameters: lsp::DidChangeTextDocumentParams) -> Message {
    let change = |change: lsp::TextDocumentContentChangeEvent| ContentChange {
        range: change.range.map(|range| (position(range.start), position(range.end))),
        text: change.text,
    };
    let lsp::VersionedTextDocumentIdentifier { uri, version } = parameters.text_document;
    Message::Edit { name: name(&uri), version, changes: parameters.content_changes.into_iter().map(change).collect() }
}

/// `workspace/didChangeWatchedFiles`
pub(super) fn files_changed(parameters: &lsp::DidChangeWatchedFilesParams) -> Message {
    Message::Files(parameters.changes.iter().map(|change| path(&change.uri)).collect())
}

fn position(position: lsp::Position) -> Position {
    Position::new(position.line, position.character)
}

/// The byte at a position of the client.
pub(super) fn offset(view: &View, at: lsp::Position, session: &Session) -> u32 {
    view.text.offset(position(at), session.encoding)
}

fn range(range: TextRange, text: &Text, session: &Session) -> lsp::Range {
    let position = |offset| {
        let Position { line, character } = text.position(offset, session.encoding);
        lsp::Position { line, character }
    };
    lsp::Range { start: position(range.start), end: position(range.end) }
}

/// The diagnostics of a document.
pub(super) fn diagnostics(view: &View, session: &Session) -> Vec<lsp::Diagnostic> {
    view.findings.iter().map(|finding| diagnostic(finding, view, session)).collect()
}

fn diagnostic(finding: &Finding, view: &View, session: &Session) -> lsp::Diagnostic {
    let related = || finding.labels.iter().filter_map(|label| related_place(label, view, session)).collect::<Vec<_>>();
    lsp::Diagnostic {
        range: range(finding.primary.range, &view.text, session),
        severity: Some(match finding.severity {
            Severity::Error => lsp::DiagnosticSeverity::ERROR,
            Severity::Warning => lsp::DiagnosticSeverity::WARNING,
            Severity::Information => lsp::DiagnosticSeverity::INFORMATION,
        }),
        code: Some(lsp::NumberOrString::String(finding.rule.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: message(finding),
        related_information: session.shows_related_places.then(related).filter(|places| !places.is_empty()),
        data: Some(serde_json::json!({ "rule": finding.rule })),
        ..Default::default()
    }
}

/// What is wrong, why it matters and what to do, each on a line.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    for (label, line) in [("why", &finding.why), ("help", &finding.help)] {
        if !line.is_empty() {
            text.extend(["\n", label, ": ", line]);
        }
    }
    text
}

fn related_place(label: &Label, view: &View, session: &Session) -> Option<lsp::DiagnosticRelatedInformation> {
    let Location { path, range: bytes } = &label.place;
    let (uri, text) = if **path == *view.path {
        (uri(&view.name)?, &view.text)
    } else {
        (uri_of_path(path, view)?, view.texts.get(path.as_path())?)
    };
    let location = lsp::Location { uri, range: range(*bytes, text, session) };
    Some(lsp::DiagnosticRelatedInformation { location, message: label.message.clone() })
}

/// The name of the file at `path`: the client's, if it is open.
fn uri_of_path(path: &Path, view: &View) -> Option<lsp::Uri> {
    match view.open.iter().find(|open| *open.path == *path) {
        Some(open) => uri(&open.name),
        None => lsp::Uri::from_file_path(path),
    }
}

/// The answer to `textDocument/diagnostic`: the findings, or that they are those of `previous`.
pub(super) fn report(view: &View, session: &Session, previous: Option<&str>) -> lsp::DocumentDiagnosticReportResult {
    let items = diagnostics(view, session);
    let bytes = serde_json::to_vec(&items).unwrap_or_default();
    let result_id = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&bytes));
    let report: lsp::DocumentDiagnosticReport = if previous == Some(&*result_id) {
        lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id },
        }
        .into()
    } else {
        let full = lsp::FullDocumentDiagnosticReport { result_id: Some(result_id), items };
        lsp::RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report: full }.into()
    };
    report.into()
}

/// The answer to `textDocument/diagnostic` for a document that is not open.
pub(super) fn empty_report() -> lsp::DocumentDiagnosticReportResult {
    lsp::DocumentDiagnosticReport::from(lsp::RelatedFullDocumentDiagnosticReport::default()).into()
}

/// The answer to `textDocument/hover`.
pub(super) fn hover(at: TextRange, text: String, view: &View, session: &Session) -> lsp::Hover {
    let kind = if session.reads_markdown { lsp::MarkupKind::Markdown } else { lsp::MarkupKind::PlainText };
    lsp::Hover {
        contents: lsp::HoverContents::Markup(lsp::MarkupContent { kind, value: text }),
        range: Some(range(at, &view.text, session)),
    }
}

/// Which actions a client wants; `None` if it wants none of the kinds there are.
pub(super) fn wanted(parameters: &lsp::CodeActionParams, view: &View, session: &Session) -> Option<Wanted> {
    let context = &parameters.context;
    let is_wanted = |kind: &Kind| match &context.only {
        Some(wanted) => wanted.iter().any(|wanted| includes(wanted, &action_kind(*kind))),
        None => true,
    };
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(is_wanted).collect();
    if kinds.is_empty() {
        return None;
    }
    let start = offset(view, parameters.range.start, session);
    let end = offset(view, parameters.range.end, session).max(start);
    let shown = context.diagnostics.iter().filter_map(|diagnostic| match &diagnostic.code {
        Some(lsp::NumberOrString::String(rule)) if diagnostic.source.as_deref() == Some(SOURCE) => {
            Some((rule.clone(), diagnostic.range.start.line))
        }
        _ => None,
    });
    Some(Wanted { kinds, range: TextRange::new(start, end), shown: shown.collect() })
}

/// The name of a kind of actions.
fn action_kind(kind: Kind) -> lsp::CodeActionKind {
    match kind {
        Kind::Fix => lsp::CodeActionKind::QUICKFIX,
        Kind::Test => lsp::CodeActionKind::new("quickfix.test"),
        Kind::Ignore => lsp::CodeActionKind::new("quickfix.ignore"),
    }
}

/// Whether `kind` is `wanted` or one of its kinds: `quickfix` includes `quickfix.ignore`.
fn includes(wanted: &lsp::CodeActionKind, kind: &lsp::CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    rest.is_some_and(|rest| rest.is_empty() || wanted.as_str().is_empty() || rest.starts_with('.'))
}

/// The answer to `textDocument/codeAction`.
pub(super) fn actions(actions: Vec<Action>, view: &View, session: &Session) -> lsp::CodeActionResponse {
    let action = |action: Action| {
        Some(lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
            title: action.title,
            kind: Some(action_kind(action.kind)),
            diagnostics: Some(vec![diagnostic(&action.finding, view, session)]),
            edit: Some(workspace_edit(&action.changes, session)?),
            is_preferred: session.prefers_actions.then_some(action.is_preferred),
            ..Default::default()
        }))
    };
    actions.into_iter().filter_map(action).collect()
}

fn workspace_edit(changes: &[FileChange], session: &Session) -> Option<lsp::WorkspaceEdit> {
    let changes = changes.iter().map(|change| Change::of(change, session)).collect::<Option<Vec<_>>>()?;
    if !session.versions_edits {
        let changes: HashMap<_, _> = changes.into_iter().map(|change| (change.uri, change.edits)).collect();
        return Some(lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() });
    }
    let operations = changes.into_iter().flat_map(|change| change.operations(session)).collect();
    let document_changes = Some(lsp::DocumentChanges::Operations(operations));
    Some(lsp::WorkspaceEdit { document_changes, ..Default::default() })
}

/// The change of one file in the protocol's terms.
struct Change {
    uri: lsp::Uri,
    version: Option<i32>,
    is_new: bool,
    edits: Vec<lsp::TextEdit>,
}

impl Change {
    fn of(change: &FileChange, session: &Session) -> Option<Self> {
        let empty = Text::default();
        let (uri, version, is_new, text) = match &change.file {
            File::Open(document) => (uri(&document.name)?, Some(document.version), false, &document.text),
            File::Stored(path, text) => (lsp::Uri::from_file_path(path)?, None, false, text),
            File::New(path) => (lsp::Uri::from_file_path(path)?, None, true, &empty),
        };
        let edits = change.edits.iter().map(|edit| lsp::TextEdit {
            range: range(edit.range, text, session),
            new_text: edit.text.clone(),
        });
        Some(Self { edits: edits.collect(), uri, version, is_new })
    }

    fn operations(self, session: &Session) -> Vec<lsp::DocumentChangeOperation> {
        let Self { uri, version, is_new, edits } = self;
        // Without options: a file that came to be meanwhile is an error, and Neovim makes the folder only then.
        let create = lsp::CreateFile { uri: uri.clone(), options: None, annotation_id: None };
        let create = lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(create));
        let edit = lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(lsp::OneOf::Left).collect(),
        });
        if is_new && session.creates_files { vec![create, edit] } else { vec![edit] }
    }
}
