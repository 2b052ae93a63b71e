"""Finds the layers that were called while a functional model of Keras 2 was built and are not part of it."""

from __future__ import annotations

import gc
from typing import Any, Iterable, Iterator, List, Mapping

from backprobe import unstacked
from backprobe.on_tensorflow2 import modules


def layers_beside(models: Mapping[str, Any], called: Iterable[Any]) -> List[Any]:
    """Those of the called layers that have weights, hang on a layer or input of one of the models, and are part of no model at all."""
    return unstacked.layers_beside(modules.parts(models), called, _elsewhere, _before)


def is_symbolic(value: Any) -> bool:
    """Whether the value stands for what a layer of a functional model puts out."""
    return "_keras_history" in getattr(value, "__dict__", {})


def _elsewhere() -> Iterator[Any]:
    for value in gc.get_objects():
        if modules.is_model(value):
            yield from value._flatten_layers(include_self=False)


def _before(layer: Any) -> Iterator[Any]:
    for node in layer._inbound_nodes:
        for tensor in node.keras_inputs:
            yield tensor._keras_history.layer
