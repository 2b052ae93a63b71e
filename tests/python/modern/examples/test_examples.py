"""The examples for PyTorch, Keras and Flax, with the real frameworks."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import examples
import proofs

FRAMEWORKS = ["pytorch", "keras", "flax"]
ALL = [(framework, example) for framework in FRAMEWORKS for example in examples.folders(framework)]


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    return {framework: examples.project(tmp_path_factory.mktemp(framework), framework) for framework in FRAMEWORKS}


@pytest.fixture(scope="module")
def buggy(projects):
    return {framework: proofs.outcomes(project, "*_buggy_*.py") for framework, project in projects.items()}


@pytest.fixture(scope="module")
def fixed(projects):
    return {framework: proofs.outcomes(project, "*_fixed_*.py") for framework, project in projects.items()}


@pytest.mark.parametrize("framework, example", ALL)
def test_every_bug_is_proved(buggy, framework, example):
    notes = examples.of(example, buggy[framework])
    assert notes and all(note.startswith("proved: ") for note in notes.values()), notes


@pytest.mark.parametrize("framework, example", ALL)
def test_every_fix_is_cleared(fixed, framework, example):
    notes = examples.of(example, fixed[framework])
    assert notes and set(notes.values()) == {"passed"}, notes
