"""A real Neovim for each test, with a project of its own and nothing of the user's."""

import os
import re
from pathlib import Path

import pynvim
import pytest

from neovim import Neovim

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "editors" / "neovim"


def lines_to_paste() -> str:
    """What the page of the plugin says to paste."""
    return re.search(r"```lua\n(.*?)```", (PLUGIN / "README.md").read_text(), re.DOTALL)[1]


SETUPS = {
    "plugin": f"vim.opt.runtimepath:append('{PLUGIN}')\nvim.lsp.enable('backprobe')\n",
    "pasted": lines_to_paste(),
}


@pytest.fixture
def project(tmp_path):
    """An empty project, as Neovim finds its root."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'example'\nversion = '1'\n")
    return folder


@pytest.fixture(params=SETUPS)
def neovim(request, project, tmp_path, monkeypatch):
    for variable in ["CONFIG", "DATA", "STATE", "CACHE"]:
        monkeypatch.setenv(f"XDG_{variable}_HOME", str(tmp_path / variable.lower()))
    init = tmp_path / "init.lua"
    init.write_text(SETUPS[request.param])
    # Looking for a Python provider takes seconds, and nothing here needs one.
    provider = "let g:loaded_python3_provider = 0"
    command = ["nvim", "--embed", "--headless", "--clean", "--cmd", provider, "-u", str(init)]
    monkeypatch.chdir(project)
    with pynvim.attach("child", argv=command) as editor:
        yield Neovim(editor)


@pytest.fixture
def python():
    """The interpreter of an environment that has backprobe and the frameworks."""
    return os.environ["BACKPROBE_PYTHON"]
