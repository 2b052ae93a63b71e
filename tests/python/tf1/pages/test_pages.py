"""The code of every rule page and example: the generated test fails on what is wrong and passes on what is right."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "pages"))

import examples
import pages
import proof

ENVIRONMENT = "tf1"
CASES = pages.cases(ENVIRONMENT)
EXAMPLES = examples.examples(ENVIRONMENT)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_generated_test_proves_the_page(case, tmp_path):
    proof.prove(tmp_path, case.incorrect, case.correct, case.kinds)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.name for example in EXAMPLES])
def test_the_generated_test_proves_the_example(example, tmp_path):
    proof.prove(tmp_path, example.incorrect, example.correct, example.kinds)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.name for example in EXAMPLES])
def test_training_tests_pass_on_the_fixed_example(example, tmp_path):
    outcomes = proof.outcomes_of(tmp_path / "fixed", example.correct, example.trained)
    assert len(outcomes) >= len(example.trained) and set(outcomes.values()) == {"passed"}, outcomes


UNSTACKED = [example for example in EXAMPLES if example.name.startswith("unstacked_layer/")]


@pytest.mark.parametrize("example", UNSTACKED, ids=[example.name for example in UNSTACKED])
def test_training_tests_find_a_layer_that_never_trains(example, tmp_path):
    outcomes = proof.outcomes_of(tmp_path / "buggy", example.incorrect, example.trained)
    assert set(outcomes.values()) == {"assert_trained"}, outcomes
