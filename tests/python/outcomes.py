"""What a test of the checker expects: a proof of the right kind, or no decision."""

from contextlib import contextmanager
from typing import Iterator

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
