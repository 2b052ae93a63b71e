"""What the package asks of Keras; see `frameworks.Entry`."""

from __future__ import annotations

import importlib
from typing import Any, Sequence, Tuple

import keras

from backprobe import frameworks
from backprobe.on_keras import model as models
from backprobe.on_keras.calls import Caller
from backprobe.on_keras.step import TrainingStep

__all__ = ["caller", "is_tensor", "projection", "steps", "training_step", "uses"]


def steps(model: Any, optimizer: Any) -> bool:
    """Whether a step of this model is one of Keras; without a model it may be."""
    return not frameworks.builds_graphs() if model is None else bool(models.layers_in(model))


def training_step(model: Any, optimizer: Any, state: Any) -> TrainingStep:
    """A step under observation."""
    return TrainingStep(model, optimizer)


def uses(f: Any) -> bool:
    """Whether the callable is a layer or leads to one."""
    return bool(models.layers_behind(f))


def is_tensor(leaf: Any) -> bool:
    """Whether the value is a tensor of the backend."""
    return not frameworks.is_graph_tensor(leaf) and bool(keras.ops.is_tensor(leaf))


def caller(assertion: str, f: Any, inputs: Any, feed: Any) -> Tuple[Caller, Any]:
    """Calls layers and functions."""
    return Caller(), inputs


def projection(leaves: Sequence[Any]) -> Any:
    """The fixed random projection of outputs, by the backend."""
    package = {"tensorflow": "on_tensorflow1", "torch": "on_torch", "jax": "on_jax"}[keras.config.backend()]
    return importlib.import_module(f"backprobe.{package}.projection").projection([leaf for leaf in leaves if is_tensor(leaf)])
