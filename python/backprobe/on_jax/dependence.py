"""Tells a gradient of JAX that is zero from one that is absent, for which JAX gives zeros as well."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence

import jax
from jax.interpreters import partial_eval


def reached(loss_of: Callable[[List[Any]], Any], values: Sequence[Any]) -> Optional[List[bool]]:
    """Which values a gradient of the loss comes back to, be it zero: those that its linear part is computed from.

    Nothing where the loss has no such part that can be traced, as where a function brings its own backward pass.
    """
    given = list(values)
    try:
        _, linear = jax.linearize(loss_of, given)
        traced = jax.make_jaxpr(linear)(given)
        _, used = partial_eval.dce_jaxpr(traced.jaxpr, [True])
    except Exception:  # noqa: BLE001 - whatever cannot be traced leaves the question open
        return None
    return list(used)
