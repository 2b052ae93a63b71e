"""Which parameters are blamed, why, and how a failure says so. Knows no framework."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Iterable, Optional, Sequence

_MOST_NAMES = 20
"""A frozen backbone has hundreds of parameters."""


class Reason(enum.Enum):
    """Why a parameter is blamed or left out."""

    ABSENT = "absent gradient: the loss is not computed from it, or what lies between cuts the gradient (detach, stop_gradient, numpy)"
    ZERO = "zero gradient: the loss is computed from it, but does not change with it (a factor of zero, a constant output)"
    ZERO_OR_ABSENT = (
        "zero gradient: the loss does not depend on it, or what lies between cuts the gradient (stop_gradient, a constant output)"
    )
    CANCELLED = "its gradient is exactly zero and its layer trains: where the loss is of differences, what is added cancels"
    ZERO_OR_CANCELLED = (
        "zero gradient: the loss does not depend on it, or is of differences, where what is added cancels; in the latter case leave it out"
    )
    NOT_IN_MODEL = "absent from the model: its layer is called, but no output of the model is computed from it; is its result used?"
    NEVER_CALLED = "never called: the layer was made, and no call of the model uses it"
    REGULARISER = "gradient of its own regulariser only: the loss on the data is not computed from it"
    CLEARED = "gradient cleared too early: it received one, which was gone when its optimizer stepped; clear before backward"
    CARRIED = "gradient not cleared: that of the step before was still there and was added to; call zero_grad once for each step"
    NOT_HELD = "not held: no optimizer that stepped was given it"
    NOT_UPDATED = "no optimizer that ran updates it: its gradient is absent, or no variable list holds it"
    NEVER_STEPPED = "optimizer never stepped: it received a gradient, and nobody called step of the optimizer that was given it"
    FROZEN = "frozen: it is not trainable"
    VALUE_CHANGED = "its value changed"
    WAS_UPDATED = "an optimizer applied a gradient to it that is not zero"
    STATISTICS_KEPT = (
        "the running statistic did not move: the layer ran in inference mode, or its new state was dropped; train in train mode"
    )
    UPDATE_NOT_RUN = "the running statistic did not move: its update ops exist (UPDATE_OPS), but the step did not run them"
    UNDRIVEN = "no optimizer holds it and no gradient reached it"


@dataclass(frozen=True)
class Blame:
    """One parameter or statistic with what is said about it.

    Attributes:
        names: all its names; a tied parameter has several.
        reason: why it is mentioned.
        place: ``file:line`` where it was created, where that is known.
    """

    names: Sequence[str]
    reason: Reason
    place: Optional[str] = None

    def describe(self) -> str:
        """One line: name (tied names), reason, place."""
        first, *tied = self.names
        name = f"{first} (tied with {', '.join(tied)})" if tied else first
        place = f", created at {self.place}" if self.place else ""
        return f"{name}: {self.reason.value}{place}"


def report(headline: str, blamed: Sequence[Blame], left_out: Iterable[Blame] = ()) -> str:
    """The text of a failure: a headline, one line for each blamed parameter, then what was not judged."""
    lines = [headline, *(f"  {blame.describe()}" for blame in blamed)]
    by_reason: dict[Reason, list[str]] = {}
    for blame in left_out:
        by_reason.setdefault(blame.reason, []).append(blame.names[0])
    lines += [f"  not judged ({reason.value}): {_listed(names)}" for reason, names in by_reason.items()]
    return "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    """The names, as far as a reader will read them."""
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
