"""The pytest plug-in: generated tests find the project from wherever pytest was started, and reports tell proofs from the rest.

It imports no framework. For files whose docstring begins with "Written by backprobe" the project's root and its `src` folder, if there is
one, are put on `sys.path` before the file is imported; the folders between the root and the code under test are added at its end, for code
that is started from one of them.
"""

from __future__ import annotations

import ast
import re
import sys
from contextlib import nullcontext
from pathlib import Path
from types import FunctionType
from typing import Any, ContextManager, Generator, Iterator, List, Optional, Tuple

import pytest

import backprobe
from backprobe import frameworks

_MARKERS = ("pyproject.toml", "backprobe.toml", "setup.py", "setup.cfg", ".git")
_TEST_FOLDERS = ("tests", "test")
_GENERATED = re.compile(r"\s*Written by backprobe\b")
_PROPERTY = "backprobe"
_OUTCOMES = {
    backprobe.BackprobeFailure: "proved",
    backprobe.Inconclusive: "inconclusive",
    backprobe.FillIn: "fill in",
}


def project_root(test_file: Path) -> Path:
    """The nearest folder above the file that holds settings, a set-up file or `.git`; else the one that holds the tests."""
    for folder in test_file.parents:
        if any((folder / marker).exists() for marker in _MARKERS):
            return folder
    for folder in test_file.parents:
        if folder.name in _TEST_FOLDERS:
            return folder.parent
    return test_file.parent.parent


def search_path(root: Path) -> List[Path]:
    """Where modules of the project are found: `src`, if it exists and is no package itself, and the root."""
    source = root / "src"
    is_layout = source.is_dir() and not (source / "__init__.py").exists()
    return [source, root] if is_layout else [root]


def folders_between(root: Path, sources: List[str]) -> List[Path]:
    """The folders from those of the sources up to the root, without it."""
    folders: List[Path] = []
    for source in sources:
        above = (root / source).parents
        if root in above:
            folders.extend(folder for folder in above if root in folder.parents and folder not in folders)
    return folders


def sources_of(test_file: Path) -> Optional[List[str]]:
    """The files under test that the docstring "Written by backprobe for … in …." names; none if it does not begin so."""
    try:
        docstring = ast.get_docstring(ast.parse(test_file.read_bytes()), clean=False)
    except (OSError, SyntaxError, ValueError):
        return None
    if docstring is None or not _GENERATED.match(docstring):
        return None
    return docstring.strip().splitlines()[0].rstrip(".").partition(" in ")[2].split(" and ")


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: Any) -> None:
    """Before a generated test file is imported, makes the project's modules importable."""
    sources = sources_of(module_path)
    if sources is not None:
        root = project_root(module_path)
        for folder in reversed(search_path(root)):
            if str(folder) not in sys.path:
                sys.path.insert(0, str(folder))
        sys.path.extend(str(folder) for folder in folders_between(root, sources) if str(folder) not in sys.path)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: Any, nextitem: Any) -> Iterator[None]:
    """While a test that uses backprobe runs, remembers what TensorFlow 1 optimizers are given: the graph alone does not say it."""
    with _recording(item):
        yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, Any, None]:
    """Notes the outcome in the report's properties, which also reach a JUnit report."""
    outcome = yield
    note = _note(call.excinfo.value) if call.excinfo is not None else None
    if note is not None:
        item.user_properties.append((_PROPERTY, note))
        outcome.get_result().user_properties.append((_PROPERTY, note))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Lists what was proved, what could not be decided, and what has to be filled in."""
    noted = [
        (report.nodeid, value)
        for report in terminalreporter.stats.get("failed", [])
        for name, value in report.user_properties
        if name == _PROPERTY
    ]
    if noted:
        terminalreporter.section("backprobe")
        for test, note in noted:
            outcome, _, explanation = note.partition(": ")
            terminalreporter.write_line(f"{outcome.upper():12} {test}: {explanation}")


def _recording(item: Any) -> ContextManager[None]:
    module = getattr(item, "module", None)
    if module is None or not any(_is_of_backprobe(value) for value in vars(module).values()) or frameworks.tensorflow1() is None:
        return nullcontext()
    from backprobe.on_tensorflow1.recorder import recording

    return recording()


def _is_of_backprobe(value: Any) -> bool:
    """Whether a global of a test module is this package or one of its functions; asks strangers nothing, for they may answer by
    importing."""
    return value is backprobe or (type(value) is FunctionType and value.__globals__.get("__package__") == backprobe.__package__)


def _note(error: BaseException) -> Optional[str]:
    """The outcome and the first line of its text; nothing for other errors."""
    kinds: List[Tuple[type, str]] = [(kind, word) for kind, word in _OUTCOMES.items() if isinstance(error, kind)]
    if not kinds:
        return None
    return f"{kinds[0][1]}: {str(error).splitlines()[0]}"
