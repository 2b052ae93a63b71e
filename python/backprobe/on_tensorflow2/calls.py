"""Calls modules of TensorFlow 2, models of Keras 2 and functions that call them, for the assertions that compare outputs."""

from __future__ import annotations

import inspect
import random
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Iterator, List, Optional, Sequence

import numpy
import tensorflow as tf

from backprobe import calls, contents, frameworks, nested
from backprobe.calls import applied
from backprobe.contents import Content
from backprobe.on_tensorflow2 import modules, tensors
from backprobe.projection import probe_loss


class Caller(calls.Caller):
    """See `backprobe.calls.Caller`."""

    def __init__(self) -> None:
        self._training = False

    @contextmanager
    def prepared(self, f: Callable[..., Any], training: bool) -> Iterator[None]:
        """What has a parameter `training` is given the mode, and layers of Keras 2 run in it unless they are told another one; what is not
        trained is restored afterwards."""
        self._training = training
        keras = frameworks.keras2()
        with ExitStack() as stack:
            stack.enter_context(tensors.eagerly())
            stack.enter_context(_kept(modules.modules_behind(f)))
            if keras is not None:
                stack.enter_context(keras.backend.learning_phase_scope(int(training)))
            yield

    @contextmanager
    def repeatable(self) -> Iterator[None]:
        """Calls inside draw the same random numbers."""
        python, generator = random.getstate(), numpy.random.get_state()
        random.seed(0)
        numpy.random.seed(0)
        tf.random.set_seed(0)
        try:
            yield
        finally:
            random.setstate(python)
            numpy.random.set_state(generator)

    def outputs(self, f: Callable[..., Any], inputs: Any) -> List[Any]:
        """The float leaves of one call as numpy arrays of float64."""
        __tracebackhide__ = True
        return [array for leaf in nested.leaves(self._applied(f, inputs)) for array in _float_arrays(leaf)]

    def dead(self, f: Callable[..., Any], inputs: Any) -> List[str]:
        """Rectifiers that put out nothing but zeros."""
        return tensors.dead(lambda: self._applied(f, inputs))

    def array_of(self, leaf: Any) -> Optional[Any]:
        """The values of a tensor; bfloat16 is widened."""
        if not isinstance(leaf, (tf.Tensor, tf.Variable)):
            return nested.numpy_array(leaf)
        if leaf.dtype == tf.string:
            return None
        return (tf.cast(leaf, tf.float32) if leaf.dtype == tf.bfloat16 else tf.convert_to_tensor(leaf)).numpy()

    def like(self, array: Any, leaf: Any) -> Any:
        """A tensor of the same type."""
        return tf.cast(array, leaf.dtype) if isinstance(leaf, (tf.Tensor, tf.Variable)) else array

    def not_finite(self, f: Callable[..., Any], inputs: Any, is_result_finite: bool) -> Optional[str]:
        """The first operation whose output is not finite, if the result is not."""
        found: List[str] = []

        def look(kind: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
            floats = [output for output in outputs if output.dtype.is_floating]
            if not found and not contents.of_parts(floats).finite:
                found.append(f"the operation {kind}")

        if not is_result_finite:
            with tensors.operations_seen(look):
                self._applied(f, inputs)
        return found[0] if found else None

    def _gradients(self, f: Callable[..., Any], inputs_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
        given = [tf.convert_to_tensor(value) for value in values]
        return tensors.input_gradients(lambda given: probe_loss(self._applied(f, inputs_of(given))), given)

    def _applied(self, f: Callable[..., Any], inputs: Any) -> Any:
        __tracebackhide__ = True
        return applied(f, inputs, **({"training": self._training} if _takes_training(f) else {}))


def _float_arrays(leaf: Any) -> Iterator[Any]:
    if isinstance(leaf, (tf.Tensor, tf.Variable)):
        if leaf.dtype.is_floating:
            yield tf.cast(leaf, tf.float64).numpy()
    elif isinstance(leaf, float) or nested.numpy_array(leaf) is not None:
        array = numpy.asarray(leaf)
        if array.dtype.kind == "f":
            yield array.astype("float64")


def _takes_training(f: Callable[..., Any]) -> bool:
    try:
        return "training" in inspect.signature(f.call if modules.is_layer(f) else f).parameters
    except (TypeError, ValueError):
        return False


@contextmanager
def _kept(models: List[Any]) -> Iterator[None]:
    """Restores what is not trained: a call in between moves no statistics."""
    found = modules.variables({str(index): model for index, model in enumerate(models)})
    kept = [(named.variable, tf.identity(named.variable)) for named in found if not named.variable.trainable]
    try:
        yield
    finally:
        for variable, value in kept:
            variable.assign(value)
