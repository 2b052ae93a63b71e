"""A client for each editor: the real server over its standard streams, with the capabilities that the editor declares."""

import asyncio
import os
from typing import Union

import pytest
import pytest_lsp
from cattrs import Converter
from lsprotocol import types as lsp
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from editor import PATIENCE, Editor

EDITORS = ["neovim", "visual-studio-code", "emacs"]


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """The folder that the server keeps pages in, not the user's own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


def make_converter() -> Converter:
    """The converter of lsprotocol, which takes every action with a command for one that is a command."""
    converter = default_converter()

    def action(offered, _):
        return converter.structure(offered, lsp.Command if isinstance(offered.get("command"), str) else lsp.CodeAction)

    converter.register_structure_hook(Union[lsp.Command, lsp.CodeAction], action)
    return converter


def make_client() -> LanguageClient:
    client = LanguageClient(converter_factory=make_converter)
    # Diagnostics are collected by `Editor`, which needs their versions.
    features = {name: feature for name, feature in DEFAULT_CLIENT_FEATURES.items() if name != lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS}
    register_lsp_features(client, features)
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


async def end(client: LanguageClient) -> None:
    if client.capabilities is None:
        # The session never began, so that nothing else ends the server.
        client._server.kill()
    await asyncio.wait_for(client.shutdown_session(), PATIENCE)


@pytest_lsp.fixture(params=EDITORS, config=CONFIG)
async def editor_client(request, lsp_client: LanguageClient):
    lsp_client.editor_name = request.param
    yield
    await end(lsp_client)


@pytest.fixture
async def editor(editor_client, tmp_path):
    """An editor with an empty project open."""
    return await session(editor_client, tmp_path, client_capabilities(editor_client.editor_name))


@pytest_lsp.fixture(config=CONFIG)
async def any_client(lsp_client: LanguageClient):
    yield
    await end(lsp_client)


@pytest.fixture
async def pulling(any_client, tmp_path):
    """An editor that asks for diagnostics."""
    capabilities = lsp.ClientCapabilities(
        text_document=lsp.TextDocumentClientCapabilities(diagnostic=lsp.DiagnosticClientCapabilities()),
        workspace=lsp.WorkspaceClientCapabilities(diagnostics=lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True)),
    )
    return await session(any_client, tmp_path, capabilities)
