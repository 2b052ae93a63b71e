"""Reads eager tensors, variables and gradients of TensorFlow 2."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional, Sequence

import tensorflow as tf
from tensorflow.python.framework import op_callbacks

from backprobe import _native, contents
from backprobe.contents import Content

_RECTIFIERS = ("Relu", "Relu6")

Look = Callable[[str, Sequence[Any], Sequence[Any]], None]
"""Takes the kind of an operation, its inputs and its outputs."""


@contextmanager
def eagerly() -> Iterator[None]:
    """Functions run eagerly, those that were traced before as well."""
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


@contextmanager
def functions_eagerly() -> Iterator[None]:
    """The same for functions that eager code calls. Graphs may be built meanwhile, and Keras looks at the setting when it builds them: it
    is set only as long as such a function runs."""
    kind = type(tf.function(lambda: None))
    original = kind.__call__

    def call(function: Any, *arguments: Any, **keywords: Any) -> Any:
        if not tf.executing_eagerly() or tf.config.functions_run_eagerly():
            return original(function, *arguments, **keywords)
        with eagerly():
            return original(function, *arguments, **keywords)

    call.__wrapped__ = original  # type: ignore[attr-defined]
    kind.__call__ = call
    try:
        yield
    finally:
        kind.__call__ = original


@contextmanager
def operations_seen(look: Look) -> Iterator[None]:
    """Has a look at every operation that runs eagerly in this thread."""

    def called(kind: Any, inputs: Any, attributes: Any, outputs: Any, op_name: Any = None, graph: Any = None) -> None:
        if graph is None:
            look(kind.decode() if isinstance(kind, bytes) else kind, inputs, outputs)

    op_callbacks.add_op_callback(called)
    try:
        yield
    finally:
        op_callbacks.remove_op_callback(called)


def is_dead(kind: str, outputs: Sequence[Any]) -> bool:
    """Whether an operation is a rectifier that puts out nothing but zeros."""
    return kind in _RECTIFIERS and not any(_native.any_nonzero(output) for output in outputs)


def dead(f: Callable[[], Any]) -> List[str]:
    """Names of the rectifiers whose output is zero everywhere when `f` is called."""
    found: List[str] = []

    def look(kind: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        if is_dead(kind, outputs) and kind not in found:
            found.append(kind)

    with operations_seen(look):
        f()
    return found


def content(gradient: Any) -> Optional[Content]:
    """What a gradient holds, of slices their values; nothing if it is absent."""
    return None if gradient is None else contents.of_parts([plain(gradient)])


def input_gradients(loss_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
    """What the gradients of tensors hold that a loss is a function of; one that is given twice counts for each place."""
    values = [tf.identity(value) for value in values]
    with tf.GradientTape() as tape:
        tape.watch(values)
        loss = loss_of(values)
    return [content(gradient) for gradient in tape.gradient(loss, values)]


def plain(tensor: Any) -> Any:
    """Slices by their values, variables by their value; strings would end the process where they are lent."""
    value = getattr(tensor, "values", tensor) if isinstance(tensor, tf.IndexedSlices) else tensor
    value = value.value() if isinstance(value, tf.Variable) else value
    if value.dtype == tf.string or not hasattr(value, "numpy"):
        raise TypeError(f"{value!r} holds no numbers that can be read here")
    return value
