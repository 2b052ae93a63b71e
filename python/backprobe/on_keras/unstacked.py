"""Finds the layers that were called while a functional model was built and are not part of it: their output leads nowhere."""

from __future__ import annotations

import gc
from typing import Any, Iterable, Iterator, List, Mapping, Set

import keras
from keras.src.models.functional import Functional

from backprobe.on_keras import model


def layers_beside(models: Mapping[str, Any], called: Iterable[Any]) -> List[Any]:
    """Those of the called layers that have weights, hang on a layer or input of one of the models, and are part of no model at all."""
    parts = {id(operation) for whole in models.values() for operation in _operations(whole)}
    candidates = {id(layer): layer for layer in called if layer.trainable_variables and id(layer) not in parts}
    if not candidates:
        return []
    # An encoder shares the inputs of its autoencoder: what is part of any model leads somewhere.
    elsewhere = {id(part) for whole in _alive() for part in whole._flatten_layers() if part is not whole}
    return [layer for key, layer in candidates.items() if key not in elsewhere and _hangs_on(layer, parts)]


def _operations(whole: Any) -> Iterator[Any]:
    for part in model.all_layers({"": whole}):
        yield part
        if isinstance(part, Functional):
            yield from part.operations


def _alive() -> List[Any]:
    return [value for value in gc.get_objects() if issubclass(type(value), (Functional, keras.Sequential))]


def _hangs_on(layer: Any, parts: Set[int]) -> bool:
    """Whether an input of the layer is computed from what belongs to the models."""
    waiting, seen = [layer], {id(layer)}
    while waiting:
        for node in waiting.pop()._inbound_nodes:
            for tensor in node.input_tensors:
                history = getattr(tensor, "_keras_history", None)
                if history is None or id(history.operation) in seen:
                    continue
                if id(history.operation) in parts:
                    return True
                seen.add(id(history.operation))
                waiting.append(history.operation)
    return False
