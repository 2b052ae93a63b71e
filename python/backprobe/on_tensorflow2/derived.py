"""Follows which eager tensors and variables are computed from gradients."""

from __future__ import annotations

import weakref
from typing import Any, Dict, Sequence

import tensorflow as tf


class Derived:
    """Gradients, and what operations compute from them; none of it is kept alive."""

    def __init__(self) -> None:
        self._known: Dict[int, Any] = {}

    def add(self, tensors: Sequence[Any]) -> None:
        """Takes gradients, some of them absent or slices, or handles of variables."""
        for found in tensors:
            tensor = found.values if isinstance(found, tf.IndexedSlices) else found
            if tensor is not None and id(tensor) not in self._known:
                self._known[id(tensor)] = weakref.ref(tensor, lambda _, key=id(tensor): self._known.pop(key, None))

    def holds_any(self, tensors: Sequence[Any]) -> bool:
        """Whether one of the tensors or handles of variables is computed from a gradient."""
        return any(id(tensor) in self._known for tensor in tensors)

    def follow(self, inputs: Sequence[Any], outputs: Sequence[Any], writes: bool) -> None:
        """Sees an operation; one that writes hands over to the variables that it is given."""
        if self.holds_any(inputs):
            self.add([*outputs, *(given for given in inputs if writes and given.dtype == tf.resource)])
