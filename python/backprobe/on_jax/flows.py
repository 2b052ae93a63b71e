"""Tells apart what one gradient transformation trains: the states that flow through it, from one update to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Hashable, List, NamedTuple, Set, Tuple

import jax


class Flow(NamedTuple):
    """One of several states of a transformation; the first goes by the transformation itself."""

    transformation: Hashable
    index: int


@dataclass
class _States:
    """The states of a transformation where it is traced, or where it is not.

    Attributes:
        trace: keeps the trace, and so what identifies it.
        last: the arrays that the last update of each took and gave.
    """

    trace: Any
    last: List[List[Any]] = field(default_factory=list)


class Flows:
    """The states that were seen.

    Two are certain to be of different parameters if one trace is given both, or if one goes on after the other has begun. Else the later
    may be the earlier behind a compiled function, or anew. A state without arrays, as that of plain gradient descent, tells nothing.
    """

    def __init__(self) -> None:
        self._states: Dict[Tuple[Hashable, int], _States] = {}
        self._apart: Set[Hashable] = set()

    def enter(self, transformation: Hashable, state: Any) -> Tuple[int, bool]:
        """The number of the state among those of the transformation, and whether it is from now on that they are told apart although
        several have been seen before."""
        arrays = _arrays(state)
        if not arrays:
            return 0, False
        trace = _trace(arrays)
        states = self._states.setdefault((transformation, id(trace)), _States(trace))
        known = [index for index, last in enumerate(states.last) if any(one is array for one in last for array in arrays)]
        if not known:
            states.last.append(arrays)
            if trace is not None and len(states.last) > 1:
                self._apart.add(transformation)
            return len(states.last) - 1, False
        states.last[known[0]] = arrays
        goes_on = known[0] < len(states.last) - 1 and transformation not in self._apart
        if goes_on:
            self._apart.add(transformation)
        return known[0], goes_on

    def leave(self, transformation: Hashable, index: int, state: Any, given: Any) -> None:
        """The update gave a state for the one that it was given."""
        arrays = _arrays(given)
        if arrays:
            self._states[(transformation, id(_trace(arrays)))].last[index] += _arrays(state)

    def named(self, transformation: Hashable, index: int) -> Hashable:
        """What stands for the optimizer of this state."""
        return Flow(transformation, index) if index and transformation in self._apart else transformation


def _arrays(state: Any) -> List[Any]:
    return [leaf for leaf in jax.tree_util.tree_leaves(state) if isinstance(leaf, jax.Array)]


def _trace(arrays: List[Any]) -> Any:
    """The trace that arrays are of; nothing for computed ones."""
    trace = next((array._trace for array in arrays if isinstance(array, jax.core.Tracer)), None)
    # Where there is a main trace, each level has traces of its own.
    return getattr(trace, "main", None) or trace
