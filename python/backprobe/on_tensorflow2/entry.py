"""What the package asks of TensorFlow 2 without Keras 3; see `frameworks.Entry`."""

from __future__ import annotations

from typing import Any, Optional, Sequence, Tuple

import tensorflow as tf

from backprobe import frameworks
from backprobe.on_tensorflow2 import modules
from backprobe.on_tensorflow2.calls import Caller
from backprobe.on_tensorflow2.step import TrainingStep

__all__ = ["caller", "is_tensor", "projection", "script_step", "steps", "training_step", "uses"]


def steps(model: Any, optimizer: Any) -> bool:
    """Whether a step of this model is one of modules; without a model it may be."""
    return not frameworks.builds_graphs() and (model is None or bool(modules.modules_in(model)))


def training_step(model: Any, optimizer: Any, state: Any) -> TrainingStep:
    """A step under observation."""
    return TrainingStep(model, optimizer)


def script_step() -> Optional[TrainingStep]:
    """A step whose models are found."""
    return TrainingStep(None) if steps(None, None) else None


def uses(f: Any) -> bool:
    """Whether the callable is a module or leads to one."""
    return callable(f) and not frameworks.builds_graphs() and bool(modules.modules_behind(f))


def is_tensor(leaf: Any) -> bool:
    """Whether the value is an eager tensor or variable."""
    return isinstance(leaf, (tf.Tensor, tf.Variable)) and not frameworks.is_graph_tensor(leaf)


def caller(assertion: str, f: Any, inputs: Any, feed: Any) -> Tuple[Caller, Any]:
    """Calls modules and functions."""
    return Caller(), inputs


def projection(leaves: Sequence[Any]) -> Any:
    """The fixed random projection of outputs; the operations are those of a graph."""
    from backprobe.on_tensorflow1.projection import projection

    return projection([tf.convert_to_tensor(leaf) for leaf in leaves if is_tensor(leaf)])
