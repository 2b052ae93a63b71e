"""Finds the layers that were called while a functional model of Keras 3 was built and are not part of it."""

from __future__ import annotations

import gc
from typing import Any, Iterable, Iterator, List, Mapping

import keras
from keras.src.models.functional import Functional

from backprobe import unstacked
from backprobe.on_keras import model


def layers_beside(models: Mapping[str, Any], called: Iterable[Any]) -> List[Any]:
    """Those of the called layers that have weights, hang on a layer or input of one of the models, and are part of no model at all."""
    return unstacked.layers_beside((part for whole in models.values() for part in _operations(whole)), called, _elsewhere, _before)


def _operations(whole: Any) -> Iterator[Any]:
    for part in model.all_layers({"": whole}):
        yield part
        if isinstance(part, Functional):
            yield from part.operations


def _elsewhere() -> Iterator[Any]:
    for value in gc.get_objects():
        if issubclass(type(value), (Functional, keras.Sequential)):
            yield from (part for part in value._flatten_layers() if part is not value)


def _before(layer: Any) -> Iterator[Any]:
    for node in layer._inbound_nodes:
        for tensor in node.input_tensors:
            history = getattr(tensor, "_keras_history", None)
            if history is not None:
                yield history.operation
