"""Remembers, while graphs are built, which gradients each optimizer applies to which variables.

The finished graph does not show a variable that an optimizer holds and has no gradient for, nor the gradients of optimizers that work
without kernels of their own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Callable, Iterator, List, Tuple

from backprobe.on_tensorflow1 import v1


@dataclass(frozen=True)
class Recorded:
    """One call of `apply_gradients`.

    Attributes:
        operation: what has to run for the gradients to be applied.
        pairs: gradient (a tensor, slices, or nothing) and variable.
    """

    operation: Any
    pairs: Tuple[Tuple[Any, Any], ...]


_RECORDS: List[Recorded] = []
_WRAPPED: List[Tuple[type, Callable[..., Any]]] = []
"""The classes whose `apply_gradients` is wrapped, with their own."""
_depth = 0


@contextmanager
def recording() -> Iterator[None]:
    """Records what is built inside; the outermost one forgets it at its end."""
    global _depth
    if _depth == 0:
        _wrap_optimizers()
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        if _depth == 0:
            _unwrap_optimizers()
            _RECORDS.clear()


def recorded(graph: Any) -> List[Recorded]:
    """What was recorded of this graph."""
    return [record for record in _RECORDS if record.operation.graph is graph]


def recorded_of_all() -> List[Recorded]:
    """What was recorded of any graph."""
    return list(_RECORDS)


def _wrap_optimizers() -> None:
    """Wraps `apply_gradients` wherever an optimizer class defines it, now or later."""
    optimizer = v1().train.Optimizer
    waiting, seen = [optimizer], set()
    while waiting:
        owner = waiting.pop()
        if owner not in seen:
            seen.add(owner)
            waiting.extend(owner.__subclasses__())
            _wrap(owner)

    def wrap_subclass(owner: Any, **keywords: Any) -> None:
        super(optimizer, owner).__init_subclass__(**keywords)
        _wrap(owner)

    optimizer.__init_subclass__ = classmethod(wrap_subclass)


def _wrap(owner: type) -> None:
    if "apply_gradients" in vars(owner):
        _WRAPPED.append((owner, vars(owner)["apply_gradients"]))
        owner.apply_gradients = _recording_call(vars(owner)["apply_gradients"])  # type: ignore[attr-defined]


def _unwrap_optimizers() -> None:
    for owner, original in reversed(_WRAPPED):
        owner.apply_gradients = original  # type: ignore[attr-defined]
    _WRAPPED.clear()
    del v1().train.Optimizer.__init_subclass__


def _recording_call(original: Callable[..., Any]) -> Callable[..., Any]:
    def apply_gradients(self: Any, grads_and_vars: Any, *arguments: Any, **keywords: Any) -> Any:
        pairs = tuple(grads_and_vars)
        result = original(self, pairs, *arguments, **keywords)
        operation = getattr(result, "op", result)
        if getattr(operation, "graph", None) is not None:
            _RECORDS.append(Recorded(operation, pairs))
        return result

    apply_gradients.__doc__ = original.__doc__
    return apply_gradients
