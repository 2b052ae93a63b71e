"""Finds the layers that were called while a functional model was built and are not part of it: their output leads nowhere. Knows no
framework."""

from __future__ import annotations

from typing import Any, Callable, Collection, Iterable, List

Before = Callable[[Any], Iterable[Any]]
"""The layers whose output a layer is called on; an input is one."""


def layers_beside(parts: Iterable[Any], called: Iterable[Any], elsewhere: Callable[[], Iterable[Any]], before: Before) -> List[Any]:
    """Those of the called layers that have weights, hang on a part of the models, and are part of no model at all.

    Args:
        parts: what belongs to the models.
        called: the layers that were called.
        elsewhere: what belongs to any model of the process; finding it is slow, and seldom needed.
        before: see `Before`.
    """
    own = {id(part) for part in parts}
    candidates = {id(layer): layer for layer in called if layer.trainable_variables and id(layer) not in own}
    if not candidates:
        return []
    # An encoder shares the inputs of its autoencoder: what is part of any model leads somewhere.
    used = {id(part) for part in elsewhere()}
    return [layer for key, layer in candidates.items() if key not in used and _hangs_on(layer, own, before)]


def _hangs_on(layer: Any, parts: Collection[int], before: Before) -> bool:
    """Whether an input of the layer is computed from what belongs to the models."""
    waiting, seen = [layer], {id(layer)}
    while waiting:
        for found in before(waiting.pop()):
            if id(found) in parts:
                return True
            if id(found) not in seen:
                seen.add(id(found))
                waiting.append(found)
    return False
