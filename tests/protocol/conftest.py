"""A client for each editor: the real server over its standard streams, with the capabilities that the editor declares."""

import os

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

from editor import Editor

EDITORS = ["neovim", "visual-studio-code", "emacs"]


def make_client() -> LanguageClient:
    client = make_test_lsp_client()
    # Registrations are answered, as every editor does.
    client.feature(lsp.CLIENT_REGISTER_CAPABILITY)(lambda *_: None)
    return client


CONFIG = ClientServerConfig(server_command=[os.environ["BACKPROBE"], "server"], client_factory=make_client)


async def session(client: LanguageClient, folder, capabilities: lsp.ClientCapabilities) -> Editor:
    root = folder.as_uri()
    parameters = lsp.InitializeParams(
        capabilities=capabilities, root_uri=root, workspace_folders=[lsp.WorkspaceFolder(uri=root, name=folder.name)]
    )
    editor = Editor(client, folder)
    editor.server = await client.initialize_session(parameters)
    return editor


@pytest_lsp.fixture(params=EDITORS, config=CONFIG)
async def editor_client(request, lsp_client: LanguageClient):
    lsp_client.editor_name = request.param
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
async def editor(editor_client, tmp_path):
    """An editor with an empty project open."""
    return await session(editor_client, tmp_path, client_capabilities(editor_client.editor_name))


@pytest_lsp.fixture(config=CONFIG)
async def any_client(lsp_client: LanguageClient):
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
async def pulling(any_client, tmp_path):
    """An editor that asks for diagnostics."""
    capabilities = lsp.ClientCapabilities(
        text_document=lsp.TextDocumentClientCapabilities(diagnostic=lsp.DiagnosticClientCapabilities()),
        workspace=lsp.WorkspaceClientCapabilities(diagnostics=lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True)),
    )
    return await session(any_client, tmp_path, capabilities)
