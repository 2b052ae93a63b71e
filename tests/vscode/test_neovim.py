"""What Neovim shows of a finding, in a terminal in the same browser."""

import os
from pathlib import Path

import pytest

from terminal import Terminal
from test_session import BUGGY, COLUMN, LINE

ROOT = Path(__file__).resolve().parents[2]
INIT = f"""
vim.opt.runtimepath:append('{ROOT / "editors" / "neovim"}')
vim.opt.number = true
vim.opt.signcolumn = 'yes'
vim.diagnostic.config({{ virtual_lines = true }})
vim.lsp.enable('backprobe')
"""


@pytest.fixture
def neovim(browser, project, tmp_path, python):
    source = project / "flowers.py"
    source.write_text(BUGGY)
    init = tmp_path / "init.lua"
    init.write_text(INIT)
    variables = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "HOME": str(tmp_path)}
    variables["PATH"] = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    command = [os.environ["NEOVIM"], "--clean", "--cmd", "let g:loaded_python3_provider = 0", "-u", str(init), source.name]
    page = browser.new_page(viewport={"width": 1210, "height": 560})
    terminal = Terminal(page, Path(os.environ["XTERM"]), command, project, variables)
    yield terminal
    terminal.close()
    page.close()


def test_a_finding_is_shown_below_its_line_and_its_test_is_offered(neovim, project):
    pictures = Path(os.environ["PICTURES"]) / "test_neovim"
    pictures.mkdir(parents=True, exist_ok=True)
    neovim.wait_for("stays on during evaluation")
    neovim.type(f":call cursor({LINE}, {COLUMN})\r")
    neovim.wait_for(f"{LINE},{COLUMN}")
    neovim.page.locator("body").screenshot(path=pictures / "1-seen.png")
    neovim.type("gra")
    neovim.wait_for("Write a unit test for this finding")
    neovim.page.locator("body").screenshot(path=pictures / "2-offered.png")
