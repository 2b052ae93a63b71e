"""What the package promises without any framework."""

import copy
import pickle
import subprocess
import sys

import pytest

import backprobe
from backprobe import blame, nested, scopes


def test_importing_it_imports_no_framework():
    packages = ("torch", "tensorflow", "jax", "numpy")
    program = f"import sys, backprobe, backprobe.pytest_plugin; print([name for name in {packages} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_seeding_without_a_framework_seeds_python():
    program = "import backprobe, random, sys; backprobe.seed(5); print(random.random()); sys.exit('torch' in sys.modules)"
    runs = {subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(runs) == 1


def test_fill_in_fails_with_what_is_missing():
    with pytest.raises(backprobe.FillIn, match="fill in the shape of images"):
        backprobe.fill_in("the shape of images")
    with pytest.raises(backprobe.FillIn, match="a small configuration"):
        backprobe.fill_in("a small configuration")


def test_only_a_proof_is_an_assertion_error():
    assert issubclass(backprobe.BackprobeFailure, AssertionError)
    assert not issubclass(backprobe.Inconclusive, AssertionError)
    assert not issubclass(backprobe.FillIn, AssertionError)


@pytest.mark.parametrize("kind", [backprobe.BackprobeFailure, backprobe.Inconclusive])
def test_outcomes_survive_pickling_and_copying(kind):
    error = kind("assert_trained", "why")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(again), str(again), again.assertion) == (kind, str(error), "assert_trained")


@pytest.mark.parametrize("use", [
    lambda: backprobe.training_step(),
    lambda: backprobe.training_step(object()),
    lambda: backprobe.assert_output_varies(lambda inputs: inputs, 1),
    lambda: backprobe.probe_loss([1.0]),
])
def test_without_a_framework_the_error_says_what_is_missing(use):
    with pytest.raises(TypeError, match="(?i)torch|tensor"):
        use()


@pytest.mark.parametrize(("scope", "name", "expected"), [
    ("encoder", "encoder.weight", True),
    ("encoder", "encoder", True),
    ("encoder", "encoder2.weight", False),
    ("encoder.", "encoder.weight", True),
    ("generator/", "generator/dense/kernel", True),
    ("generator", "generator/dense/kernel", True),
    ("generator", "generator_1/dense/kernel", False),
    ("*.weight", "encoder.weight", True),
    ("*.weight", "encoder.bias", False),
    ("", "anything", True),
])
def test_scopes_end_where_a_part_of_the_name_ends(scope, name, expected):
    assert scopes.selects(scope, name) is expected


def test_containers_are_walked_in_order():
    value = {"a": [1, None, (2,)], "b": {"c": 3}}
    assert list(nested.leaves(value)) == [1, 2, 3]
    assert nested.mapped(value, lambda leaf: leaf if leaf is None else leaf * 2) == {"a": [2, None, (4,)], "b": {"c": 6}}


def test_a_report_names_ties_places_and_what_was_not_judged():
    blamed = [blame.Blame(["a.weight", "b.weight"], blame.Reason.ABSENT, "net.py:3")]
    frozen = [blame.Blame(["c"], blame.Reason.FROZEN), blame.Blame(["d"], blame.Reason.FROZEN)]
    assert blame.report("1 of 1 parameters do not train", blamed, frozen).splitlines() == [
        "1 of 1 parameters do not train",
        "  a.weight (tied with b.weight): absent gradient: the loss is not computed from it, or what lies between cuts the gradient "
        "(detach, stop_gradient, numpy), created at net.py:3",
        "  not judged (frozen: it is not trainable): c, d",
    ]


def test_a_report_lists_no_more_names_than_are_read():
    frozen = [blame.Blame([f"layer{count}"], blame.Reason.FROZEN) for count in range(25)]
    last = blame.report("1 of 26 parameters do not train", [blame.Blame(["a"], blame.Reason.ABSENT)], frozen).splitlines()[-1]
    assert last.endswith("layer19 and 5 more")
    assert "layer20" not in last
