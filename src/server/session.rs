//! What client and server agreed on when the session began.

use crate::text::PositionEncoding;

/// What the client can do, as far as it changes what is sent to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is one capability of the protocol, independent of the others")]
pub(super) struct Session {
    /// How columns are counted.
    pub(super) encoding: PositionEncoding,
    /// The client asks for diagnostics, and again when it is told that they changed: none are pushed.
    pub(super) pulls_diagnostics: bool,
    /// Diagnostics may name a page that explains them.
    pub(super) links_pages: bool,
    /// Diagnostics may point to other places.
    pub(super) shows_related_places: bool,
    /// Edits may name the version they are made for.
    pub(super) versions_edits: bool,
    /// Edits may create files.
    pub(super) creates_files: bool,
    /// Hover texts may be Markdown.
    pub(super) reads_markdown: bool,
    /// Actions may be marked as preferred.
    pub(super) prefers_actions: bool,
    /// The edits of actions may be asked for later.
    pub(super) resolves_edits: bool,
    /// Edits may say that the user should look at them first.
    pub(super) annotates_changes: bool,
    /// The client keeps settings and gives them when it is asked.
    pub(super) gives_settings: bool,
    /// The client says when its settings change if it is asked to.
    pub(super) watches_settings: bool,
    /// The client shows a document when it is asked to.
    pub(super) shows_documents: bool,
    /// The client shows how far the server has come.
    pub(super) shows_progress: bool,
    /// The client watches files when it is asked to.
    pub(super) watches_files: bool,
}

impl Default for Session {
    /// The client that can do nothing beyond the first version of the protocol.
    fn default() -> Self {
        Self {
            encoding: PositionEncoding::Utf16,
            pulls_diagnostics: false,
            links_pages: false,
            shows_related_places: false,
            versions_edits: false,
            creates_files: false,
            reads_markdown: false,
            prefers_actions: false,
            resolves_edits: false,
            annotates_changes: false,
            gives_settings: false,
            watches_settings: false,
            shows_documents: false,
            shows_progress: false,
            watches_files: false,
        }
    }
}
