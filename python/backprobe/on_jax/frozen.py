"""Finds what a gradient transformation never moves, whatever the gradients are: the parameters that it freezes."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence, Set

import jax
import numpy
from jax.extend import core

from backprobe.on_jax import intermediates, trees
from backprobe.on_jax.trees import Path

_OF_ONE = ("mul",)
"""Operations that make zeros of any zeros."""
_OF_ALL = ("add", "sub", "neg", "broadcast_in_dim", "convert_element_type", "copy", "reshape", "squeeze", "transpose")
"""Operations that make zeros where all operands are."""


def paths(update: Callable[..., Any], *arguments: Any, **keywords: Any) -> Set[Path]:
    """The leaves of the updates that are zero by construction, as those of `optax.set_to_zero` are. Nothing if it cannot be traced."""
    try:
        traced, shapes = jax.make_jaxpr(lambda given: update(*given[0], **given[1])[0], return_shape=True)((arguments, keywords))
    except Exception:  # noqa: BLE001 - functions among the arguments for example; what is wrong with the call itself, the call will say
        return set()
    are_zero = _zeros(traced, [False] * len(traced.jaxpr.invars))
    return {path for path, is_zero in zip(trees.leaves(shapes), are_zero) if is_zero}


def _zeros(function: Any, are_zero: Sequence[bool]) -> List[bool]:
    """Which results of a traced function are zeros, given which of its arguments are."""
    constants = [not isinstance(value, jax.core.Tracer) and not numpy.any(value) for value in function.consts]
    known: Dict[Any, bool] = dict(zip([*function.jaxpr.constvars, *function.jaxpr.invars], [*constants, *are_zero]))

    def is_zero(variable: Any) -> bool:
        return not numpy.any(variable.val) if isinstance(variable, core.Literal) else known[variable]

    for operation in function.jaxpr.eqns:
        operands = [is_zero(variable) for variable in operation.invars]
        inner = intermediates.function_of(operation)
        if inner is not None:
            results = _zeros(inner, operands)
        else:
            name = operation.primitive.name
            made = any(operands) if name in _OF_ONE else name in _OF_ALL and all(operands)
            results = [made] * len(operation.outvars)
        known.update(zip(operation.outvars, results))
    return [is_zero(variable) for variable in function.jaxpr.outvars]
