"""The examples as projects: each bug proved by the test that backprobe writes, each fixed twin cleared by the same test."""

import shutil
from pathlib import Path
from typing import Dict, List

import proofs

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def folders(framework: str) -> List[str]:
    """The examples that a framework has."""
    return sorted(path.parent.name for path in EXAMPLES.glob(f"*/buggy_{framework}.py"))


def project(folder: Path, framework: str) -> Path:
    """A project that holds the examples, with tests for those of one framework and the same tests for their fixed twins."""
    shutil.copytree(EXAMPLES, folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "pyproject.toml").touch()
    for example in folders(framework):
        proofs.write_tests(folder, f"examples/{example}/buggy_{framework}.py")
    for written in list((folder / "tests").iterdir()):
        twin = written.with_name(written.name.replace("buggy", "fixed"))
        twin.write_text(written.read_text().replace("buggy", "fixed"))
    return folder


def of(example: str, outcomes: Dict[str, Dict[str, str]]) -> Dict[str, str]:
    """What came of the tests of one example."""
    [found] = [tests for name, tests in outcomes.items() if f"_examples_{example}_" in name]
    return found
