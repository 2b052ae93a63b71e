"""The folder that is installed as a plugin."""

import re
import subprocess
from pathlib import Path

from conftest import PLUGIN, ROOT, lines_to_paste


def test_five_lines_are_pasted():
    assert len(lines_to_paste().splitlines()) == 5


def test_the_readme_says_the_same():
    assert lines_to_paste() in (ROOT / "README.md").read_text()


def test_pasted_lines_and_plugin_say_the_same(tmp_path):
    script = tmp_path / "compare.lua"
    script.write_text(
        f"vim.opt.runtimepath:append('{PLUGIN}')\n"
        "local plugin = vim.deepcopy(vim.lsp.config.backprobe)\n"
        f"{lines_to_paste()}\n"
        "assert(vim.deep_equal(plugin.cmd, vim.lsp.config.backprobe.cmd))\n"
        "assert(vim.deep_equal(plugin.filetypes, vim.lsp.config.backprobe.filetypes))\n"
        "for _, marker in ipairs(vim.lsp.config.backprobe.root_markers) do\n"
        "  assert(vim.tbl_contains(plugin.root_markers, marker), marker)\n"
        "end\n"
    )
    run = subprocess.run(["nvim", "--headless", "--clean", "-l", script], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr


def test_every_link_of_the_help_leads_somewhere(tmp_path):
    help_page = (PLUGIN / "doc" / "backprobe.txt").read_text()
    copy = tmp_path / "doc"
    copy.mkdir()
    (copy / "backprobe.txt").write_text(help_page)
    script = tmp_path / "tags.lua"
    script.write_text(f"vim.cmd.helptags('{copy}')\nio.stdout:write(vim.env.VIMRUNTIME)\n")
    run = subprocess.run(["nvim", "--headless", "--clean", "-l", script], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    files = [Path(run.stdout) / "doc" / "tags", copy / "tags"]
    known = {line.split("\t")[0] for file in files for line in file.read_text().splitlines()}
    links = set(re.findall(r"\|([^|\s]+)\|", help_page))
    assert links and links <= known, links - known
    assert "backprobe" in known
