"""What a test can end in: passed, proved, inconclusive, or not filled in.

Passing raises nothing. The other three are exceptions of their own, so that a report, and whoever reads it, can tell a proof from a
test that could not decide.
"""

from __future__ import annotations

from typing import NoReturn


class BackprobeFailure(AssertionError):
    """A bug is proved: an assertion of backprobe does not hold for what was observed.

    Attributes:
        assertion: name of the assertion, for example ``"assert_trained"``; the text begins with it.
        explanation: what was observed, with the blamed parameters and lines.
    """

    def __init__(self, assertion: str, explanation: str) -> None:
        super().__init__(assertion, explanation)
        self.assertion = assertion
        self.explanation = explanation

    def __str__(self) -> str:
        return f"{self.assertion}: {self.explanation}"


class Inconclusive(Exception):
    """The test could not decide: what was observed neither proves a bug nor shows that there is none.

    Attributes:
        assertion: name of the assertion that could not be decided.
        explanation: why not, and what to change in the test.
    """

    def __init__(self, assertion: str, explanation: str) -> None:
        super().__init__(assertion, explanation)
        self.assertion = assertion
        self.explanation = explanation

    def __str__(self) -> str:
        return f"{self.assertion} is inconclusive: {self.explanation}"


class FillIn(Exception):
    """The test is not finished: a value that the code does not show has to be written into it."""


def fill_in(what: str) -> NoReturn:
    """Stands for a value that could not be read from the code.

    Args:
        what: the missing value in words, for example ``"the shape of images"``.

    Raises:
        FillIn: always, so that an unfinished test fails and says what it needs.
    """
    __tracebackhide__ = True
    raise FillIn(f"fill in {what}: the code does not say it, so replace this call by a value")


for _public in (BackprobeFailure, Inconclusive, FillIn):
    # Reports show the name users import.
    _public.__module__ = "backprobe"
del _public
