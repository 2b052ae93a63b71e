"""Keras on TensorFlow 2, and TensorFlow 2 by itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional, Sequence, Tuple

import tensorflow as tf
from tensorflow.python.framework import op_callbacks

from backprobe import _native, contents
from backprobe.contents import Content
from backprobe.on_keras.backends import Receive

_RECTIFIERS = ("Relu", "Relu6")


@contextmanager
def watching() -> Iterator[None]:
    """Functions run eagerly, those that were traced before as well."""
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


def deliver(gradients: Sequence[Any], receive: Receive) -> None:
    """Looks at gradients; of slices, at their values."""
    receive([None if gradient is None else contents.of_parts([plain(gradient)]) for gradient in gradients])


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


def dead(f: Callable[[], Any]) -> List[str]:
    """Names of the rectifiers whose output is zero everywhere."""
    found: List[str] = []

    def look(operation: str, inputs: Any, attributes: Any, outputs: Sequence[Any], name: Any = None, graph: Any = None) -> None:
        zero = [output for output in outputs if hasattr(output, "__dlpack__") and not _native.any_nonzero(output)]
        if operation in _RECTIFIERS and zero and operation not in found:
            found.append(operation)

    op_callbacks.add_op_callback(look)
    try:
        f()
    finally:
        op_callbacks.remove_op_callback(look)
    return found


@contextmanager
def repeatable() -> Iterator[None]:
    """Random operations start their sequences anew."""
    tf.random.set_seed(0)
    yield


def input_gradients(loss_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
    """What the gradients of tensors hold that a loss is a function of."""
    with tf.GradientTape() as tape:
        tape.watch(values)
        loss = loss_of(values)
    return [None if gradient is None else contents.of_parts([plain(gradient)]) for gradient in tape.gradient(loss, values)]


def plain(tensor: Any) -> Any:
    """Slices by their values, variables by their value; strings would end the process where they are lent."""
    value = getattr(tensor, "values", tensor) if isinstance(tensor, tf.IndexedSlices) else tensor
    value = value.value() if isinstance(value, tf.Variable) else value
    if value.dtype == tf.string or not hasattr(value, "__dlpack__"):
        raise TypeError(f"{value!r} holds no numbers that can be read here")
    return value
