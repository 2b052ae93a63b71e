"""Names the leaves of pytrees, and finds the part of the parameters that a tree of gradients is for."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Optional, Tuple

import jax

from backprobe import nested
from backprobe.on_jax import arrays

Path = Tuple[str, ...]
"""The keys on the way to a leaf."""

_KEYS = ("key", "name", "idx")
"""What the kinds of keys call what they hold."""


def leaves(tree: Any) -> Dict[Path, Any]:
    """The arrays of a tree by path; what holds a value, such as a variable of NNX, by the path to it."""
    found, _ = jax.tree_util.tree_flatten_with_path(tree)
    return {_path(keys): leaf for keys, leaf in found}


def floats(tree: Any) -> Dict[Path, Any]:
    """Those that can have a gradient, numpy's among them."""
    return {path: leaf for path, leaf in leaves(tree).items() if can_train(leaf)}


def can_train(leaf: Any) -> bool:
    """Whether the leaf is an array of floats."""
    array = nested.numpy_array(leaf)
    return arrays.is_float(leaf) if array is None else bool(array.dtype.kind == "f")


def name(path: Path) -> str:
    """The path as a reader knows it."""
    return "/".join(path)


class Parts:
    """The parts of a tree of parameters, each of which may have an optimizer of its own."""

    def __init__(self, parameters: Dict[Path, Any]) -> None:
        self._parts: Dict[Path, FrozenSet[Tuple[Path, Tuple[int, ...]]]] = {}
        for prefix in {path[:length] for path in parameters for length in range(len(path))}:
            below = [(path[len(prefix) :], tuple(leaf.shape)) for path, leaf in parameters.items() if path[: len(prefix)] == prefix]
            self._parts[prefix] = frozenset(below)

    def of(self, gradients: Any, below: Optional[str]) -> Optional[Path]:
        """The part that the gradients are for; of several that are alike, the one below a player.

        Raises:
            LookupError: if several are alike and no player is known.
        """
        shapes = frozenset((path, tuple(leaf.shape)) for path, leaf in floats(gradients).items())
        fitting = [prefix for prefix, part in self._parts.items() if part == shapes]
        fitting = fitting or [prefix for prefix, part in self._parts.items() if shapes and part > shapes]
        if below is not None:
            fitting = [prefix for prefix in fitting if prefix[:1] == (below,)] or fitting
        shortest = [prefix for prefix in fitting if len(prefix) == min(map(len, fitting))]
        if len(shortest) > 1:
            alike = ", ".join(name(prefix) for prefix in shortest)
            raise LookupError(f"the parameters of {alike} are alike: give the optimizers as a mapping of the same names, each its own")
        return shortest[0] if shortest else None


def _path(keys: Any) -> Path:
    parts = [str(next((getattr(key, attribute) for attribute in _KEYS if hasattr(key, attribute)), key)) for key in keys]
    holds_value = len(keys) > 1 and isinstance(keys[-1], jax.tree_util.GetAttrKey) and keys[-1].name in ("value", "raw_value")
    return tuple(parts[:-1] if holds_value else parts)
