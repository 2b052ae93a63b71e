"""Generated tests, run: they fail on a bug by an assertion of backprobe, and pass on its fix.

The test is written by the installed command for the buggy project, and then run against both projects in this process, so that a framework
is imported once for all of them.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, Sequence, Tuple

import backprobe

Project = Mapping[str, str]
"""Texts by path."""


def prove(folder: Path, incorrect: Project, correct: Project, kinds: List[str]) -> None:
    """Writes the tests for the findings in `incorrect`; each fails there by one of the assertions `kinds`, and passes on `correct`."""
    buggy, fixed = folder / "incorrect", folder / "correct"
    write(buggy, incorrect)
    write(fixed, correct)
    written = generate(buggy)
    assert written, "backprobe test wrote nothing"
    shutil.copytree(buggy / "tests", fixed / "tests")
    outcomes = {name: outcome(test) for name, test in tests_in(buggy)}
    texts = "\n".join(path.read_text() for path in written)
    assert set(outcomes.values()) == set(kinds), f"{outcomes}\n{texts}"
    for name, test in tests_in(fixed):
        try:
            test()
        except BaseException as error:
            raise AssertionError(f"{name} fails on the correct code\n{texts}") from error


def outcomes_of(folder: Path, project: Project, names: Sequence[str]) -> Dict[str, str]:
    """Writes the training tests for `names` in a project: what came of each, `passed` or the assertion by which it fails."""
    write(folder, project)
    generate(folder, names)
    with contextlib.chdir(folder):
        return {name: outcome(test) for name, test in tests_in(folder)}


def write(folder: Path, project: Project) -> None:
    """Writes the files of a project, with a marker that makes the folder its root."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("")
    for path, text in project.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def generate(folder: Path, names: Sequence[str] = ()) -> List[Path]:
    """Runs the command, for the findings or for what is named; returns the files it wrote."""
    command = os.environ.get("BACKPROBE") or str(Path(sys.executable).with_name("backprobe"))
    named = [argument for name in names for argument in ("--for", name)]
    result = subprocess.run([command, "test", str(folder), *named], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 0, result.stderr
    return sorted((folder / "tests").glob("test_*.py"))


def outcome(test: Callable[[], None]) -> str:
    """The assertion by which a test fails; anything else is no proof and is said in full."""
    try:
        test()
    except backprobe.BackprobeFailure as failure:
        return failure.assertion
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "passed"


def tests_in(folder: Path) -> Iterator[Tuple[str, Callable[[], None]]]:
    """The test functions of a project, importable as pytest would have them."""
    with on_path(folder):
        for path in sorted((folder / "tests").glob("test_*.py")):
            specification = importlib.util.spec_from_file_location(path.stem, path)
            assert specification is not None and specification.loader is not None
            module = importlib.util.module_from_spec(specification)
            specification.loader.exec_module(module)
            functions: Dict[str, Callable[[], None]] = {name: value for name, value in vars(module).items() if name.startswith("test_")}
            yield from functions.items()


@contextmanager
def on_path(folder: Path) -> Iterator[None]:
    """Makes the modules of a project importable, and forgets them afterwards."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(folder) + os.sep):
                del sys.modules[name]
