"""The tests that backprobe writes, run as a user runs them: the installed command writes them, pytest runs them in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Dict
from xml.etree import ElementTree

COMMAND = Path(sys.executable).parent / "backprobe"


def write_tests(project: Path, file: str) -> None:
    """Lets `backprobe test` write the tests for the findings of a file of the project."""
    subprocess.run([COMMAND, "test", file], cwd=project, check=True, timeout=60)


def outcomes(project: Path, tests: str) -> Dict[str, Dict[str, str]]:
    """Runs the project's test files whose names match `tests`: what came of each test, by file.

    `passed`, or the note of the plug-in (`proved: assert_trained: …`), or `failed` where something else went wrong.
    """
    report = project / "report.xml"
    files = sorted(str(path) for path in (project / "tests").glob(tests))
    command = [sys.executable, "-m", "pytest", "-q", "--disable-warnings", "-p", "no:cacheprovider", f"--junitxml={report}", *files]
    subprocess.run(command, cwd=project, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=False, timeout=300)
    found: Dict[str, Dict[str, str]] = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        notes = [note.get("value") for note in case.iter("property") if note.get("name") == "backprobe"]
        went_wrong = case.find("failure") is not None or case.find("error") is not None
        found.setdefault(case.get("classname"), {})[case.get("name")] = (notes or ["failed"])[0] if went_wrong else "passed"
    return found
