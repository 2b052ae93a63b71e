"""Notebooks become scripts: what only IPython understands is left out, everything else stays."""

from pathlib import Path

import pytest
import scripts

from backprobe.notebook import source_of

KEPT = [
    'print("%s"\n  % (1))',
    'text = """\n%matplotlib inline\n!ls\nwhat?\n"""',
    "value = (\n    7\n    % 4\n)",
    "value = 7 \\\n    % 4",
    "ok = 1 != 2",
    "def f():\n    return 1 # why?",
]
LEFT_OUT = [
    ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    ("if True:\n    !ls", "if True:\n    pass"),
    ("!pip install one \\\n  two \\\n  three\nx = 1", "pass\n\n\nx = 1"),
    ("?print\nprint??\nmath.sin?", "pass\npass\npass"),
    ("files = !ls", "files = []"),
    ("first, second = !ls", "first, second = []"),
    ("%time model.fit(1)", "model.fit(1)"),
    ("%timeit -n 3 f()", "pass"),
    ("%%time\nx = 1", "pass\nx = 1"),
    ("%%bash\nnot python", ""),
    ("%%writefile a.py\nx = 1", ""),
]


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("cell", "plain"), [*((text, text) for text in KEPT), *LEFT_OUT])
def test_what_only_a_notebook_understands_is_left_out(cell, plain):
    source = source_of(Path(scripts.notebook(cell)))
    assert source == plain
    compile(source, "train.ipynb", "exec")


def test_a_script_stays_as_it_is():
    assert source_of(Path(scripts.written("%matplotlib inline\n"))) == "%matplotlib inline\n"
