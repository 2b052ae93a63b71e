"""The examples for tensorflow1, with the real framework."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import examples
import proofs


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return examples.project(tmp_path_factory.mktemp("project"), "tensorflow1")


@pytest.fixture(scope="module")
def buggy(project):
    return proofs.outcomes(project, "*_buggy_*.py")


@pytest.fixture(scope="module")
def fixed(project):
    return proofs.outcomes(project, "*_fixed_*.py")


@pytest.mark.parametrize("example", examples.folders("tensorflow1"))
def test_every_bug_is_proved(buggy, example):
    notes = examples.of(example, buggy)
    assert notes and all(note.startswith("proved: ") for note in notes.values()), notes


@pytest.mark.parametrize("example", examples.folders("tensorflow1"))
def test_every_fix_is_cleared(fixed, example):
    notes = examples.of(example, fixed)
    assert notes and set(notes.values()) == {"passed"}, notes
