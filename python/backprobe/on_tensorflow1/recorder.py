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
_depth = 0


@contextmanager
def recording() -> Iterator[None]:
    """Records what is built inside; the outermost one forgets it at its end."""
    global _depth
    undo = _wrap_optimizers() if _depth == 0 else []
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        for owner, original in reversed(undo):
            owner.apply_gradients = original
        if _depth == 0:
            _RECORDS.clear()


def recorded(graph: Any) -> List[Recorded]:
    """What was recorded of this graph."""
    return [record for record in _RECORDS if record.operation.graph is graph]


def _wrap_optimizers() -> List[Tuple[type, Callable[..., Any]]]:
    """Wraps `apply_gradients` wherever an optimizer class defines it; returns what to restore."""
    undo = []
    waiting, seen = [v1().train.Optimizer], set()
    while waiting:
        owner = waiting.pop()
        if owner in seen:
            continue
        seen.add(owner)
        waiting.extend(owner.__subclasses__())
        if "apply_gradients" in vars(owner):
            original = vars(owner)["apply_gradients"]
            undo.append((owner, original))
            owner.apply_gradients = _recording_call(original)
    return undo


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
