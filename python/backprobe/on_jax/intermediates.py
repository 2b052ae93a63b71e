"""Looks at every intermediate result of a JAX computation, by evaluating what was traced one operation at a time."""

from __future__ import annotations

from typing import Any, Callable, Dict, Generator, Iterator, List, Optional, Tuple

import jax
import jax.numpy as jnp
from jax.extend import core, source_info_util

from backprobe.on_jax import arrays

_CALLS = ("jaxpr", "call_jaxpr", "fun_jaxpr")
"""Where operations that stand for a function keep it."""


def dead(f: Callable[..., Any], *arguments: Any) -> List[str]:
    """Names of the rectifiers whose output is zero everywhere when `f` is called."""
    found: List[str] = []
    for operation, _, results in operations(f, *arguments):
        zeros = [operand for operand in operation.invars if isinstance(operand, core.Literal) and not operand.val]
        if operation.primitive.name == "max" and zeros and all(arrays.is_all_zero(result) for result in results):
            found = ["relu"]
    return found


def not_finite(f: Callable[..., Any], *arguments: Any) -> Optional[str]:
    """The first operation of a call of `f` that makes something that is not finite of what is, with its scope and line."""
    for operation, operands, results in operations(f, *arguments):
        if _are_finite(operands) and not _are_finite(results):
            scope = str(operation.source_info.name_stack)
            return f"{operation.primitive.name}{f' in {scope}' if scope else ''}, at {source_info_util.summarize(operation.source_info)}"
    return None


def operations(f: Callable[..., Any], *arguments: Any) -> Iterator[Tuple[Any, List[Any], List[Any]]]:
    """The operations that a call of `f` runs, each with its operands and results; loops and branches count as one.

    A function that is called is an operation too, after its own.
    """
    traced = jax.make_jaxpr(f)(*arguments)
    yield from _evaluated(traced.jaxpr, traced.consts, jax.tree_util.tree_leaves(arguments))


def _evaluated(jaxpr: Any, consts: List[Any], arguments: List[Any]) -> Generator[Tuple[Any, List[Any], List[Any]], None, List[Any]]:
    values: Dict[Any, Any] = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*consts, *arguments]))

    def read(variable: Any) -> Any:
        return variable.val if isinstance(variable, core.Literal) else values[variable]

    for operation in jaxpr.eqns:
        operands = [read(variable) for variable in operation.invars]
        inner = function_of(operation)
        if inner is not None:
            results = yield from _evaluated(inner.jaxpr, inner.consts, operands)
        else:
            found = operation.primitive.bind(*operands, **operation.primitive.get_bind_params(operation.params))
            results = list(found) if operation.primitive.multiple_results else [found]
        values.update(zip(operation.outvars, results))
        yield operation, operands, results
    return [read(variable) for variable in jaxpr.outvars]


def _are_finite(values: List[Any]) -> bool:
    floats = [jnp.asarray(value) for value in values if jnp.issubdtype(jnp.result_type(value), jnp.floating)]
    return all(bool(jnp.isfinite(array).all()) for array in floats)


def function_of(operation: Any) -> Any:
    """The function an operation stands for; nothing for loops, branches and operations proper."""
    if operation.primitive.name not in ("jit", "pjit", "closed_call", "custom_jvp_call", "custom_vjp_call", "remat", "checkpoint"):
        return None
    found = next((operation.params[name] for name in _CALLS if name in operation.params), None)
    return found if found is None or hasattr(found, "consts") else core.ClosedJaxpr(found, [])
