"""From a typed line to a proven bug, in the editor: seen, tested, red, fixed, green."""

import os
import random
import subprocess

BUGGY = '''\
"""Tells three kinds of flowers apart."""
import torch
import torch.nn.functional as F
from torch import nn


class FlowerNet(nn.Module):
    def __init__(self, features=12, kinds=3):
        super().__init__()
        self.hidden1 = nn.Linear(features, 12)
        self.hidden2 = nn.Linear(12, 12)
        self.output = nn.Linear(12, kinds)

    def forward(self, flowers):
        hidden = F.relu(self.hidden1(flowers))
        hidden = F.relu(self.hidden2(flowers))
        return self.output(hidden)


def train(flowers, kinds, steps=100):
    model = FlowerNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(flowers), kinds).backward()
        optimizer.step()
'''
WRONG = "F.relu(self.hidden2(flowers))"
RIGHT = "F.relu(self.hidden2(hidden))"


def place_of(text: str, words: str) -> list[int]:
    """Line and bytes of the one occurrence of `words`, from 0."""
    assert text.count(words) == 1
    before = text[: text.index(words)]
    line, column = before.count("\n"), len(before.rpartition("\n")[2])
    return [line, column, line, column + len(words)]


def run_pytest(python: str, project) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=300)


def test_a_bug_is_seen_proved_and_mended(neovim, project, python):
    source = project / "flowers.py"
    source.write_text(BUGGY)
    neovim.open(source)

    # Seen, at the exact place.
    [diagnostic] = neovim.wait_for_diagnostics(1)
    line, column, *_ = diagnostic["place"]
    assert (diagnostic["code"], diagnostic["source"]) == ("unstacked-layer", "backprobe")
    assert diagnostic["place"] == diagnostic["shown"] == place_of(BUGGY, "self.hidden2(flowers)")[:2] + [line, column + 12]
    assert "hidden1" in diagnostic["message"]

    # Explained.
    neovim.put_cursor(line, column + 2)
    assert "**unstacked-layer**\n\n**What it does**" in neovim.hover()

    # Tested.
    assert any(title.startswith("Write a unit test for this finding") for title in neovim.actions())
    neovim.apply("Write a unit test for this finding")
    neovim.until("return vim.endswith(vim.api.nvim_buf_get_name(0), 'test_flowers_training.py')")
    neovim.save_all()
    [written] = (project / "tests").glob("test_*.py")
    test = written.read_text()
    assert written.name == "test_flowers_training.py"
    assert test.startswith('"""Written by backprobe')
    assert source.read_text() == BUGGY, "the action must leave the code alone"

    # Red, as predicted.
    red = run_pytest(python, project)
    assert red.returncode == 1, red.stdout + red.stderr
    assert "1 failed" in red.stdout
    assert "assert_trained" in red.stdout and "hidden1" in red.stdout

    # Shown again, from the finding.
    neovim.editor.command(f"buffer {source}")
    neovim.put_cursor(line, column + 2)
    neovim.start("Show the unit test of this finding")
    neovim.until(f"return vim.api.nvim_buf_get_name(0) == '{written}'")
    row, _ = neovim.editor.current.window.cursor
    assert neovim.text().splitlines()[row - 1].startswith("def test_")

    # Mended: the warning goes, the test passes.
    neovim.editor.command(f"buffer {source}")
    at = neovim.text().splitlines().index(f"        hidden = {WRONG}")
    neovim.editor.current.buffer[at] = f"        hidden = {RIGHT}"
    neovim.wait_for_diagnostics(0)
    neovim.save_all()
    assert source.read_text() == BUGGY.replace(WRONG, RIGHT)
    green = run_pytest(python, project)
    assert green.returncode == 0, green.stdout + green.stderr
    assert "1 passed" in green.stdout
    assert written.read_text() == test

    neovim.stop_server()


def test_a_model_gets_a_training_test_without_a_finding(neovim, project, python):
    source = project / "flowers.py"
    source.write_text(BUGGY.replace(WRONG, RIGHT))
    neovim.open(source)
    line, column, *_ = place_of(BUGGY, "FlowerNet(nn.Module)")
    neovim.put_cursor(line, column)
    assert neovim.actions() == ["Write a training test for `FlowerNet`"]
    neovim.apply("Write a training test for `FlowerNet`")
    neovim.save_all()
    assert "def test_every_parameter_of_flowernet_trains():" in (project / "tests" / "test_flowers_training.py").read_text()
    green = run_pytest(python, project)
    assert green.returncode == 0, green.stdout + green.stderr
    assert "1 passed" in green.stdout
    neovim.stop_server()


def test_half_typed_code_keeps_the_finding_and_ignoring_silences_it(neovim, project):
    source = project / "flowers.py"
    source.write_text(BUGGY)
    neovim.open(source)
    [before] = neovim.wait_for_diagnostics(1)
    line, column, *_ = before["place"]

    # A line above that does not parse: the finding stays, one line below.
    buffer = neovim.editor.current.buffer
    buffer.append("        broken = (", line)
    number = buffer.number
    neovim.until(f"local d = vim.diagnostic.get({number})[1] return d ~= nil and d.user_data.lsp.range.start.line == {line + 1}")
    del buffer[line]
    neovim.until(f"local d = vim.diagnostic.get({number})[1] return d ~= nil and d.user_data.lsp.range.start.line == {line}")

    neovim.put_cursor(line, column)
    neovim.apply("Ignore unstacked-layer here")
    neovim.wait_for_diagnostics(0)
    assert neovim.text() == BUGGY.replace(WRONG, f"{WRONG}  # backprobe: ignore[unstacked-layer]")
    neovim.stop_server()


def test_the_server_follows_the_edits_of_neovim(neovim, project):
    """Neovim computes the changes it sends by itself: whatever it sends, the finding must end where the text has it."""
    source = project / "flowers.py"
    source.write_text(BUGGY)
    neovim.open(source)
    neovim.wait_for_diagnostics(1)
    buffer = neovim.editor.current.buffer
    chance = random.Random(7)
    comments = ["# é", "# 😀😀", "#", "", "# \u2028 x", "#\t𝄞"]
    count = 0
    for _ in range(40):
        # Lines of comments above the class, one after the other added, changed and taken away.
        for _ in range(10):
            at, many = chance.randint(0, count), chance.randint(0, 3)
            end = min(count, at + chance.randint(0, 2))
            buffer[at:end] = chance.choices(comments, k=many)
            count += many - (end - at)
        text = neovim.text()
        line, column, *_ = place_of(text, "self.hidden2(flowers)")
        neovim.until(
            f"local d = vim.diagnostic.get({buffer.number})[1] if d == nil then return false end"
            f" local start = d.user_data.lsp.range.start return start.line == {line} and start.character == {column}"
        )
    neovim.stop_server()
