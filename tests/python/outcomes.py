"""What a test of the checker expects: a proof of the right kind, or no decision."""

from contextlib import contextmanager
from typing import Any, Iterator

import pytest

import backprobe


@contextmanager
def proved(assertion: str, *mentioned: str) -> Iterator[None]:
    """The body raises a proof by this assertion, and its text mentions all of these."""
    with pytest.raises(backprobe.BackprobeFailure) as caught:
        yield
    assert caught.value.assertion == assertion
    missing = [text for text in mentioned if text not in str(caught.value)]
    assert not missing, f"{missing} not in: {caught.value}"


@contextmanager
def undecided(assertion: str, *mentioned: str) -> Iterator[None]:
    """The body raises no proof, but says that it cannot decide, and mentions all of these."""
    with pytest.raises(backprobe.Inconclusive) as caught:
        yield
    assert caught.value.assertion == assertion
    missing = [text for text in mentioned if text not in str(caught.value)]
    assert not missing, f"{missing} not in: {caught.value}"


def judged_cancelling(step: Any, bias: str, planted: object) -> None:
    """The gradient of a bias that a loss takes in and takes off again is not judged; a planted factor of zero before its layer is proved."""
    if planted:
        with proved("assert_trained", "4 of 4", "kernel: zero gradient", f"{bias}: zero gradient"):
            step.assert_trained()
    else:
        step.assert_trained()
        with undecided("assert_trained", f"{bias}: its gradient is exactly zero and its layer trains"):
            step.assert_trained(bias)
