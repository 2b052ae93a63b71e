"""The tests of rule pages and examples, for the environment that the importing module names in `ENVIRONMENT`."""

import examples
import pages
import proof


def pytest_generate_tests(metafunc):
    """One test for each page, example, or example of a layer that is not stacked."""
    environment = metafunc.module.ENVIRONMENT
    all_examples = examples.examples(environment)
    chosen = {
        "case": pages.cases(environment),
        "example": all_examples,
        "unstacked": [example for example in all_examples if example.name.startswith("unstacked_layer/")],
    }
    for name in set(chosen).intersection(metafunc.fixturenames):
        metafunc.parametrize(name, chosen[name], ids=[one.name for one in chosen[name]])


def test_the_generated_test_proves_the_page(case, tmp_path):
    proof.prove(tmp_path, case.incorrect, case.correct, case.kinds)


def test_the_generated_test_proves_the_example(example, tmp_path):
    proof.prove(tmp_path, example.incorrect, example.correct, example.kinds)


def test_training_tests_pass_on_the_fixed_example(example, tmp_path):
    outcomes = proof.outcomes_of(tmp_path / "fixed", example.correct, example.trained)
    assert len(outcomes) >= len(example.trained) and set(outcomes.values()) == {"passed"}, outcomes


def test_training_tests_find_a_layer_that_never_trains(unstacked, tmp_path):
    outcomes = proof.outcomes_of(tmp_path / "buggy", unstacked.incorrect, unstacked.trained)
    assert set(outcomes.values()) == {"assert_trained"}, outcomes
