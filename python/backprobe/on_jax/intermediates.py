"""Looks at every intermediate result of a JAX computation, by evaluating what was traced one operation at a time."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Tuple

import jax
from jax.extend import core

from backprobe.on_jax import arrays

_CALLS = ("jaxpr", "call_jaxpr", "fun_jaxpr")
"""Where operations that stand for a function keep it."""


def dead(f: Callable[[], Any]) -> List[str]:
    """Names of the rectifiers whose output is zero everywhere when `f` is called."""
    found: List[str] = []
    for operation, results in operations(f):
        zeros = [operand for operand in operation.invars if isinstance(operand, core.Literal) and not operand.val]
        if operation.primitive.name == "max" and zeros and all(arrays.is_all_zero(result) for result in results):
            found = ["relu"]
    return found


def operations(f: Callable[[], Any]) -> Iterator[Tuple[Any, List[Any]]]:
    """The operations that a call of `f` runs, each with its results; loops and branches count as one."""
    traced = jax.make_jaxpr(f)()
    yield from _evaluated(traced.jaxpr, traced.consts, [])


def _evaluated(jaxpr: Any, consts: List[Any], arguments: List[Any]) -> Iterator[Tuple[Any, List[Any]]]:
    values: Dict[Any, Any] = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*consts, *arguments]))

    def read(variable: Any) -> Any:
        return variable.val if isinstance(variable, core.Literal) else values[variable]

    for operation in jaxpr.eqns:
        operands = [read(variable) for variable in operation.invars]
        inner = _function_of(operation)
        if inner is not None:
            results = yield from _results_of(inner, operands)
        else:
            found = operation.primitive.bind(*operands, **operation.primitive.get_bind_params(operation.params))
            results = list(found) if operation.primitive.multiple_results else [found]
        values.update(zip(operation.outvars, results))
        yield operation, results
    return [read(variable) for variable in jaxpr.outvars]


def _results_of(inner: Any, operands: List[Any]) -> Iterator[Tuple[Any, List[Any]]]:
    return (yield from _evaluated(inner.jaxpr, inner.consts, operands))


def _function_of(operation: Any) -> Any:
    """The function an operation stands for; nothing for loops, branches and operations proper."""
    if operation.primitive.name not in ("jit", "pjit", "closed_call", "custom_jvp_call", "custom_vjp_call", "remat", "checkpoint"):
        return None
    found = next((operation.params[name] for name in _CALLS if name in operation.params), None)
    return found if found is None or hasattr(found, "consts") else core.ClosedJaxpr(found, [])
