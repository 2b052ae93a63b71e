//! Between the protocol's types and ours. Nothing else knows both.

mod actions;

pub(super) use actions::{actions, place_to_show, reference, resolved, wanted};

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use tower_lsp::ls_types as lsp;

use super::document::{ContentChange, Name, View};
use super::owner::Message;
use super::pages;
use super::session::Session;
use super::settings_files::SettingsReport;
use crate::engine::settings::Problem;
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
    let action = document.code_action.unwrap_or_default();
    let window = capabilities.window.clone().unwrap_or_default();
    let published = document.publish_diagnostics.unwrap_or_default();
    let pulls = document.diagnostic.is_some();
    let pulled = document.diagnostic.unwrap_or_default();
    let operations = edits.resource_operations.clone().unwrap_or_default();
    // Operations on files can only be said among versioned edits: who knows the one knows the other.
    let versions_edits = edits.document_changes == Some(true) || !operations.is_empty();
    let refreshes = workspace.diagnostics.and_then(|diagnostics| diagnostics.refresh_support) == Some(true);
    Session {
        encoding: encoding(capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref())),
        // An edit of one file changes the findings of others: a client that cannot be told to ask again is pushed to.
        pulls_diagnostics: pulls && refreshes,
        links_pages: [published.code_description_support, pulled.code_description_support].contains(&Some(true)),
        shows_related_places: [published.related_information, pulled.related_information].contains(&Some(true)),
        versions_edits,
        creates_files: versions_edits && operations.contains(&lsp::ResourceOperationKind::Create),
        reads_markdown: document
            .hover
            .and_then(|hover| hover.content_format)
            .is_some_and(|formats| formats.contains(&lsp::MarkupKind::Markdown)),
        prefers_actions: action.is_preferred_support == Some(true),
        resolves_edits: action.data_support == Some(true)
            && action.resolve_support.is_some_and(|support| support.properties.iter().any(|property| property == "edit")),
        annotates_changes: versions_edits && edits.change_annotation_support.is_some() && action.honors_change_annotations == Some(true),
        gives_settings: workspace.configuration == Some(true),
        watches_settings: workspace.did_change_configuration.and_then(|changes| changes.dynamic_registration) == Some(true),
        shows_documents: window.show_document.is_some_and(|shows| shows.support),
        shows_progress: window.work_done_progress == Some(true),
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
        code_action_kinds: Some(vec![lsp::CodeActionKind::QUICKFIX, actions::TRAIN, actions::FIX_ALL]),
        resolve_provider: Some(session.resolves_edits),
        ..Default::default()
    };
    let commands = lsp::ExecuteCommandOptions { commands: vec![actions::OPEN_TEST.to_owned()], ..Default::default() };
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
        execute_command_provider: session.shows_documents.then_some(commands),
        workspace: Some(lsp::WorkspaceServerCapabilities {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp::OneOf::Left(true)),
            }),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// The wish to hear of changes of the files that findings depend on.
pub(super) fn watchers() -> Vec<lsp::Registration> {
    let watcher = |pattern: &str| lsp::FileSystemWatcher { glob_pattern: pattern.to_owned().into(), kind: None };
    let watchers = ["**/*.py", "**/*.pyi", "**/*.scm", "**/pyproject.toml", "**/backprobe.toml"].map(watcher).to_vec();
    let options = serde_json::to_value(lsp::DidChangeWatchedFilesRegistrationOptions { watchers });
    vec![lsp::Registration {
        id: "backprobe-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: options.ok(),
    }]
}

/// The wish to hear when the client's settings change.
pub(super) fn settings_watcher() -> Vec<lsp::Registration> {
    vec![lsp::Registration {
        id: "backprobe-settings".to_owned(),
        method: "workspace/didChangeConfiguration".to_owned(),
        register_options: Some(serde_json::json!({ "section": SOURCE })),
    }]
}

/// The message that begins a session.
pub(super) fn begun(parameters: &lsp::InitializeParams, session: Session) -> Message {
    #[expect(deprecated, reason = "clients of the first versions name one folder")]
    let root = parameters.root_uri.iter().map(path);
    let folders: Vec<PathBuf> = match &parameters.workspace_folders {
        Some(folders) => folders.iter().map(|folder| path(&folder.uri)).collect(),
        None => root.collect(),
    };
    Message::Begin { session, folders, options: parameters.initialization_options.clone().unwrap_or_default() }
}

/// `workspace/didChangeWorkspaceFolders`
pub(super) fn folders_changed(parameters: &lsp::DidChangeWorkspaceFoldersParams) -> Message {
    let paths = |folders: &[lsp::WorkspaceFolder]| folders.iter().map(|folder| path(&folder.uri)).collect();
    Message::Folders { added: paths(&parameters.event.added), removed: paths(&parameters.event.removed) }
}

/// `workspace/didChangeConfiguration`
pub(super) fn settings_changed(parameters: &lsp::DidChangeConfigurationParams) -> Message {
    Message::SettingsChanged(parameters.settings.get(SOURCE).cloned().unwrap_or_default())
}

/// The question for the settings of each folder.
pub(super) fn settings_items(folders: &[PathBuf]) -> Vec<lsp::ConfigurationItem> {
    let item = |folder: &PathBuf| lsp::ConfigurationItem { scope_uri: lsp::Uri::from_file_path(folder), section: Some(SOURCE.to_owned()) };
    folders.iter().map(item).collect()
}

/// The client's name of a settings file, and what is wrong with it.
pub(super) fn settings_diagnostics(report: &SettingsReport, session: &Session) -> Option<(lsp::Uri, Vec<lsp::Diagnostic>)> {
    let diagnostic = |problem: &Problem| {
        let place = problem.place.as_ref().map_or(TextRange::default(), |(_, range)| *range);
        lsp::Diagnostic {
            range: range(place, &report.text, session),
            severity: Some(if problem.is_fatal { lsp::DiagnosticSeverity::ERROR } else { lsp::DiagnosticSeverity::INFORMATION }),
            source: Some(SOURCE.to_owned()),
            message: problem.message.clone(),
            ..Default::default()
        }
    };
    Some((lsp::Uri::from_file_path(&report.path)?, report.problems.iter().map(diagnostic).collect()))
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
            Severity::Hint => lsp::DiagnosticSeverity::HINT,
        }),
        code: Some(lsp::NumberOrString::String(finding.rule.to_owned())),
        code_description: if session.links_pages { page(finding, view) } else { None },
        source: Some(SOURCE.to_owned()),
        message: message(finding),
        related_information: session.shows_related_places.then(related).filter(|places| !places.is_empty()),
        data: Some(serde_json::json!({ "rule": finding.rule })),
        ..Default::default()
    }
}

/// The file that explains a rule: its page, or the query of a rule that the project adds.
fn page(finding: &Finding, view: &View) -> Option<lsp::CodeDescription> {
    let own = view.project.as_deref().and_then(|project| project.own_rule(finding.rule)).map(Path::to_path_buf);
    let href = lsp::Uri::from_file_path(own.or_else(|| pages::file(finding.rule))?)?;
    Some(lsp::CodeDescription { href })
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
