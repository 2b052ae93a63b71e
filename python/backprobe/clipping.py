"""Judges whether gradients were clipped, by the norms that optimizers applied. Knows no framework."""

from __future__ import annotations

from typing import Sequence

from backprobe.outcome import BackprobeFailure, Inconclusive

_ROUNDING = 1e-3
_REACHED = 0.99
"""Clipping leaves the norm at its bound; one that is further below says nothing."""


def judge(norms: Sequence[float], max_norm: float, minimized: bool) -> None:
    """Raises unless some of the norms, one for each step, reached the bound and none went beyond it.

    Raises:
        BackprobeFailure: says which step went beyond.
        Inconclusive: if no norm reached it, so that nothing had to be clipped.
    """
    __tracebackhide__ = True
    name = "assert_clipped"
    if minimized:
        raise Inconclusive(name, "minimize clips nothing: run the code that does in the body")
    if not norms:
        raise Inconclusive(name, "no optimizer was seen: step it in the body")
    beyond = [(count, norm) for count, norm in enumerate(norms, 1) if not norm <= max_norm * (1 + _ROUNDING)]
    if beyond:
        count, norm = beyond[0]
        step = f"step {count} of {len(norms)} applied gradients of norm {norm:.6g}, above {max_norm:g}"
        raise BackprobeFailure(name, f"{step}: clip them between backward and step")
    if max(norms) < max_norm * _REACHED:
        raise Inconclusive(name, f"the norm of the gradients never reached {max_norm:g}, only {max(norms):.6g}: give a larger loss")
