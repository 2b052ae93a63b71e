"""Keras on TensorFlow 2."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import Any, Callable, Iterator, List, Sequence, Tuple

import tensorflow as tf

from backprobe.on_keras.backends import Receive
from backprobe.on_tensorflow2 import tensors
from backprobe.on_tensorflow2.tensors import dead, input_gradients, plain

__all__ = ["dead", "deliver", "deliver_norms", "finish", "gradients", "input_gradients", "plain", "repeatable", "watching"]


def watching() -> AbstractContextManager[Any]:
    """Functions run eagerly, those that were traced before as well."""
    return tensors.functions_eagerly()


def deliver(gradients: Sequence[Any], receive: Receive) -> None:
    """Looks at gradients; of slices, at their values."""
    receive([tensors.content(gradient) for gradient in gradients])


def deliver_norms(gradients: Sequence[Any], receive: Callable[[List[float]], None]) -> None:
    """The norm of each gradient."""
    receive([float(tf.norm(tf.cast(plain(gradient), tf.float64))) for gradient in gradients])


def finish() -> None:
    """Everything is delivered at once."""


def gradients(
    f: Callable[[], Any], variables: Callable[[], List[Any]], others: Callable[[], List[Any]], is_unbuilt: bool
) -> Tuple[Any, List[Any], List[Any]]:
    """The loss, the variables and their gradients."""
    __tracebackhide__ = True
    with tf.GradientTape() as tape:
        loss = f()
    found = variables()
    return loss, found, tape.gradient(loss, [getattr(variable, "value", variable) for variable in found])


def reached(f: Callable[[], Any], variables: List[Any]) -> None:
    """Absent gradients are seen as such."""


@contextmanager
def repeatable() -> Iterator[None]:
    """Random operations start their sequences anew."""
    tf.random.set_seed(0)
    yield
