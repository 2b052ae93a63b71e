"""What the package asks of Keras; see `frameworks.Entry`."""

from __future__ import annotations

from typing import Any, Optional, Sequence, Tuple

import keras

from backprobe import frameworks
from backprobe.on_keras import model as models
from backprobe.on_keras.backends import BACKENDS
from backprobe.on_keras.calls import Caller
from backprobe.on_keras.step import TrainingStep

__all__ = ["caller", "is_tensor", "projection", "script_step", "steps", "training_step", "uses"]


def steps(model: Any, optimizer: Any) -> bool:
    """Whether a step of this model is one of Keras; without a model it may be."""
    if model is None:
        return keras.config.backend() in BACKENDS and not frameworks.builds_graphs()
    return bool(models.layers_in(model))


def training_step(model: Any, optimizer: Any, state: Any) -> TrainingStep:
    """A step under observation."""
    return TrainingStep(model, optimizer)


def script_step() -> Optional[TrainingStep]:
    """A step whose models are found."""
    return TrainingStep(None) if steps(None, None) else None


def uses(f: Any) -> bool:
    """Whether the callable is a layer or leads to one."""
    return bool(models.layers_behind(f))


def is_tensor(leaf: Any) -> bool:
    """Whether the value is a tensor of TensorFlow 2; those of other backends are of PyTorch and JAX."""
    on_tensorflow = keras.config.backend() == "tensorflow" and not frameworks.is_graph_tensor(leaf)
    return on_tensorflow and bool(keras.ops.is_tensor(leaf))


def caller(assertion: str, f: Any, inputs: Any, feed: Any) -> Tuple[Caller, Any]:
    """Calls layers and functions."""
    return Caller(assertion), inputs


def projection(leaves: Sequence[Any]) -> Any:
    """The fixed random projection of outputs of TensorFlow 2; the operations are those of a graph."""
    from backprobe.on_tensorflow1.projection import projection

    return projection([leaf for leaf in leaves if is_tensor(leaf)])
