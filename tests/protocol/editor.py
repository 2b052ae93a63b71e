"""What an editor does: opens, edits and closes texts, collects diagnostics, asks for hovers and actions, applies edits."""

import asyncio
from pathlib import Path

from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

PATIENCE = 60.0

WIDTH = {
    "utf-8": lambda character: len(character.encode()),
    "utf-16": lambda character: len(character.encode("utf-16-le")) // 2,
    "utf-32": len,
}


class Editor:
    """One session. Texts are held here; the server's copy follows by incremental edits."""

    server: lsp.InitializeResult

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self._published: dict[str, lsp.PublishDiagnosticsParams] = {}
        self._changed = asyncio.Condition()

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def publish(parameters: lsp.PublishDiagnosticsParams) -> None:
            async with self._changed:
                self._published[parameters.uri] = parameters
                self._changed.notify_all()

    @property
    def encoding(self) -> str:
        return str(getattr(self.server.capabilities.position_encoding, "value", self.server.capabilities.position_encoding))

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> str:
        """Opens a file of the project, without writing it. Returns its URI."""
        return self.open_uri(self.uri(name), text)

    def open_uri(self, uri: str, text: str) -> str:
        self.texts[uri], self.versions[uri] = text, 1
        item = lsp.TextDocumentItem(uri, "python", 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return uri

    def replace(self, uri: str, start: int, end: int, text: str) -> None:
        """Replaces the characters from `start` to `end`."""
        before = self.texts[uri]
        place = lsp.Range(self.position(before, start), self.position(before, end))
        self.texts[uri] = before[:start] + text + before[end:]
        self.versions[uri] += 1
        identifier = lsp.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        change = lsp.TextDocumentContentChangePartial(place, text)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(identifier, [change]))

    def substitute(self, uri: str, old: str, new: str) -> None:
        """Replaces the one occurrence of `old`."""
        assert self.texts[uri].count(old) == 1
        start = self.texts[uri].index(old)
        self.replace(uri, start, start + len(old), new)

    def save(self, uri: str) -> None:
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri)))

    def changed_on_disk(self, path: Path, how: lsp.FileChangeType) -> None:
        """Says that a file was changed by somebody else."""
        events = [lsp.FileEvent(path.as_uri(), how)]
        self.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(events))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
        del self.texts[uri]

    async def diagnostics(self, uri: str) -> list[lsp.Diagnostic]:
        """The diagnostics of the present text."""
        version = self.versions[uri]
        published = await self._wait(uri, lambda published: (published.version or 0) >= version)
        return list(published.diagnostics)

    async def cleared(self, uri: str) -> None:
        """Waits for the empty diagnostics of a closed text."""
        await self._wait(uri, lambda published: published.version is None and not published.diagnostics)

    async def changed_to(self, uri: str, rules: list[str]) -> None:
        """Waits until these findings are shown, whatever made them change."""
        await self._wait(uri, lambda published: [diagnostic.code for diagnostic in published.diagnostics] == rules)

    async def shown_in(self, uri: str) -> lsp.PublishDiagnosticsParams:
        """The diagnostics of a file that is not open."""
        return await self._wait(uri, lambda published: published.diagnostics)

    async def _wait(self, uri, is_it) -> lsp.PublishDiagnosticsParams:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: uri in self._published and is_it(self._published[uri])), PATIENCE)
            return self._published[uri]

    async def pull(self, uri: str, previous: str | None = None):
        identifier = lsp.TextDocumentIdentifier(uri)
        parameters = lsp.DocumentDiagnosticParams(identifier, previous_result_id=previous)
        return await asyncio.wait_for(self.client.text_document_diagnostic_async(parameters), PATIENCE)

    async def hover(self, uri: str, position: lsp.Position) -> lsp.Hover | None:
        parameters = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), position)
        return await asyncio.wait_for(self.client.text_document_hover_async(parameters), PATIENCE)

    async def actions(self, uri: str, place: lsp.Range, only: list[str] | None = None) -> dict[str, lsp.CodeAction]:
        """The actions at a place, by title."""
        context = lsp.CodeActionContext([], only)
        parameters = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), place, context)
        offered = await asyncio.wait_for(self.client.text_document_code_action_async(parameters), PATIENCE)
        resolved = [await self._resolved(action) for action in offered or []]
        return {action.title: action for action in resolved}

    async def _resolved(self, action: lsp.CodeAction) -> lsp.CodeAction:
        """The action with its edit, which the server may leave out where the editor can ask for it."""
        if action.edit is not None or action.data is None:
            return action
        return await asyncio.wait_for(self.client.code_action_resolve_async(action), PATIENCE)

    def position(self, text: str, offset: int) -> lsp.Position:
        """The position of a character in the negotiated encoding. Lines end at LF here."""
        before = text[:offset].split("\n")
        return lsp.Position(len(before) - 1, sum(map(WIDTH[self.encoding], before[-1])))

    def range_of(self, uri: str, words: str) -> lsp.Range:
        """The place of the one occurrence of `words`."""
        text = self.texts[uri]
        assert text.count(words) == 1, words
        start = text.index(words)
        return lsp.Range(self.position(text, start), self.position(text, start + len(words)))

    def offset(self, text: str, position: lsp.Position) -> int:
        """The character at a position in the negotiated encoding."""
        start = 0
        for _ in range(position.line):
            start = text.index("\n", start) + 1
        passed = 0
        while passed < position.character:
            passed += WIDTH[self.encoding](text[start])
            start += 1
        return start

    def apply(self, edit: lsp.WorkspaceEdit) -> dict[str, str]:
        """The texts after an edit of the workspace, by URI. Open texts change with it."""
        after = {}
        for uri, edits in changes_of(edit):
            text = self.texts.get(uri, "")
            places = [(self.offset(text, each.range.start), self.offset(text, each.range.end), each.new_text) for each in edits]
            for start, end, new in sorted(places, reverse=True):
                if uri in self.texts:
                    self.replace(uri, start, end, new)
                text = text[:start] + new + text[end:]
            after[uri] = text
        return after


def changes_of(edit: lsp.WorkspaceEdit):
    """The edits of a workspace edit, file by file."""
    yield from (edit.changes or {}).items()
    for change in edit.document_changes or []:
        if isinstance(change, lsp.TextDocumentEdit):
            yield change.text_document.uri, change.edits


def created_by(edit: lsp.WorkspaceEdit) -> list[str]:
    """The files that a workspace edit creates."""
    return [change.uri for change in edit.document_changes or [] if isinstance(change, lsp.CreateFile)]
