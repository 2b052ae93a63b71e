//! Actions in the protocol's terms.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types as lsp;

use super::{SOURCE, diagnostic, offset, range, uri};
use crate::server::actions::{Action, File, FileChange, Kind, Place, Wanted};
use crate::server::document::View;
use crate::server::session::Session;
use crate::text::{Text, TextRange};

/// The kind of the action that applies all fixes.
pub(super) const FIX_ALL: lsp::CodeActionKind = lsp::CodeActionKind::new("source.fixAll.backprobe");

/// The kind of the action that writes tests without a finding.
pub(super) const TRAIN: lsp::CodeActionKind = lsp::CodeActionKind::new("refactor.test");

/// Which actions a client wants; `None` if it wants none of the kinds there are.
pub(in crate::server) fn wanted(parameters: &lsp::CodeActionParams, view: &View, session: &Session) -> Option<Wanted> {
    let context = &parameters.context;
    let is_wanted = |kind: &Kind| match &context.only {
        Some(wanted) => wanted.iter().any(|wanted| includes(wanted, &action_kind(*kind))),
        // What changes a whole file is not offered unasked.
        None => *kind != Kind::FixAll,
    };
    // Tests of what trains are planned only for those who want them.
    let is_wanted = |kind: &Kind| is_wanted(kind) && (*kind != Kind::Train || session.resolves_edits);
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
        Kind::Ignore | Kind::IgnoreInFile => lsp::CodeActionKind::new("quickfix.ignore"),
        Kind::Train => TRAIN,
        Kind::FixAll => FIX_ALL,
    }
}

/// Whether `kind` is `wanted` or one of its kinds: `quickfix` includes `quickfix.ignore`.
fn includes(wanted: &lsp::CodeActionKind, kind: &lsp::CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    rest.is_some_and(|rest| rest.is_empty() || wanted.as_str().is_empty() || rest.starts_with('.'))
}

/// The answer to `textDocument/codeAction`.
pub(in crate::server) fn actions(actions: Vec<Action>, view: &View, session: &Session) -> lsp::CodeActionResponse {
    let action = |action: Action| {
        let command = match &action.shows {
            Some(place) if session.shows_documents => Some(show(place, session)?),
            Some(_) if action.changes.is_empty() => return None,
            _ => None,
        };
        let is_resolved_later = session.resolves_edits && (!action.changes.is_empty() || action.trained.is_some());
        let edit = if is_resolved_later || action.changes.is_empty() { None } else { Some(workspace_edit(&action, session)?) };
        let reference = Reference {
            uri: uri(&view.name)?,
            version: view.version,
            kind: action.kind,
            finding: action.finding.as_ref().map(|finding| (finding.rule.to_owned(), finding.primary.range.start)),
            trained: action.trained.map(str::to_owned),
        };
        Some(lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
            title: action.title,
            kind: Some(action_kind(action.kind)),
            diagnostics: action.finding.as_ref().map(|finding| vec![diagnostic(finding, view, session)]),
            edit,
            command,
            is_preferred: session.prefers_actions.then_some(action.is_preferred),
            data: if is_resolved_later { serde_json::to_value(reference).ok() } else { None },
            ..Default::default()
        }))
    };
    actions.into_iter().filter_map(action).collect()
}

/// The command that shows a test. The server carries it out, since not every client has one of its own.
pub(super) const OPEN_TEST: &str = "backprobe.openTest";

fn show(place: &Place, session: &Session) -> Option<lsp::Command> {
    let selection = Some(range(place.range, &place.text, session));
    let place = lsp::ShowDocumentParams { uri: Target::of(&place.file)?.uri, selection, external: None, take_focus: Some(true) };
    let title = "Show the unit test".to_owned();
    Some(lsp::Command { title, command: OPEN_TEST.to_owned(), arguments: Some(vec![serde_json::to_value(place).ok()?]) })
}

/// What a client wants to be shown; `None` if it wants something else of the server.
pub(in crate::server) fn place_to_show(parameters: lsp::ExecuteCommandParams) -> Option<lsp::ShowDocumentParams> {
    let place = parameters.arguments.into_iter().next().filter(|_| parameters.command == OPEN_TEST)?;
    serde_json::from_value(place).ok()
}

/// Says which action was offered, so that its edit can be asked for later.
#[derive(Serialize, Deserialize)]
pub(in crate::server) struct Reference {
    /// The document.
    pub(in crate::server) uri: lsp::Uri,
    /// The version of its text.
    pub(in crate::server) version: i32,
    /// What is done.
    pub(in crate::server) kind: Kind,
    /// The rule and the first byte of the finding that it is about.
    pub(in crate::server) finding: Option<(String, u32)>,
    /// The name of what trains.
    pub(in crate::server) trained: Option<String>,
}

/// Which action a client wants the edit of.
pub(in crate::server) fn reference(action: &lsp::CodeAction) -> Option<Reference> {
    serde_json::from_value(action.data.clone()?).ok()
}

/// The answer to `codeAction/resolve`.
pub(in crate::server) fn resolved(asked: lsp::CodeAction, action: &Action, session: &Session) -> lsp::CodeAction {
    let edit = if action.changes.is_empty() { None } else { workspace_edit(action, session) };
    let shown = action.shows.as_ref().filter(|_| session.shows_documents);
    let command = asked.command.or_else(|| show(shown?, session));
    lsp::CodeAction { edit, command, ..asked }
}

/// Names the annotation of edits that the user should look at first.
const UNSAFE: &str = "unsafe";

fn workspace_edit(action: &Action, session: &Session) -> Option<lsp::WorkspaceEdit> {
    let changes = action.changes.iter().map(|change| Change::of(change, session)).collect::<Option<Vec<_>>>()?;
    if !session.versions_edits {
        let changes: HashMap<_, _> = changes.into_iter().map(|change| (change.uri, change.edits)).collect();
        return Some(lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() });
    }
    let is_annotated = session.annotates_changes && !action.is_safe;
    let operations = changes.into_iter().flat_map(|change| change.operations(session, is_annotated)).collect();
    let annotation = || lsp::ChangeAnnotation {
        label: action.title.clone(),
        needs_confirmation: Some(true),
        description: Some("may change what the code does elsewhere".to_owned()),
    };
    Some(lsp::WorkspaceEdit {
        document_changes: Some(lsp::DocumentChanges::Operations(operations)),
        change_annotations: is_annotated.then(|| HashMap::from([(UNSAFE.to_owned(), annotation())])),
        ..Default::default()
    })
}

/// A file in the protocol's terms.
struct Target<'a> {
    uri: lsp::Uri,
    version: Option<i32>,
    text: &'a Text,
}

impl<'a> Target<'a> {
    fn of(file: &'a File) -> Option<Self> {
        static EMPTY: LazyLock<Text> = LazyLock::new(Text::default);
        Some(match file {
            File::Open(document) => Self { uri: uri(&document.name)?, version: Some(document.version), text: &document.text },
            File::Stored(path, text) => Self { uri: lsp::Uri::from_file_path(path)?, version: None, text },
            File::New(path) => Self { uri: lsp::Uri::from_file_path(path)?, version: None, text: &EMPTY },
        })
    }
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
        let Target { uri, version, text } = Target::of(&change.file)?;
        let is_new = matches!(change.file, File::New(_));
        let edits = change.edits.iter().map(|edit| lsp::TextEdit {
            range: range(edit.range, text, session),
            new_text: edit.text.clone(),
        });
        Some(Self { edits: edits.collect(), uri, version, is_new })
    }

    fn operations(self, session: &Session, is_annotated: bool) -> Vec<lsp::DocumentChangeOperation> {
        let Self { uri, version, is_new, edits } = self;
        // Without options: a file that came to be meanwhile is an error, and Neovim makes the folder only then.
        let create = lsp::CreateFile { uri: uri.clone(), options: None, annotation_id: None };
        let create = lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(create));
        let annotated = |text_edit| {
            if is_annotated {
                lsp::OneOf::Right(lsp::AnnotatedTextEdit { text_edit, annotation_id: UNSAFE.to_owned() })
            } else {
                lsp::OneOf::Left(text_edit)
            }
        };
        let edit = lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(annotated).collect(),
        });
        if is_new && session.creates_files { vec![create, edit] } else { vec![edit] }
    }
}
