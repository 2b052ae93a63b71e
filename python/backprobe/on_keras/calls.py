"""Calls Keras models, and functions that call them, for the assertions that compare outputs."""

from __future__ import annotations

import inspect
import random
from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional

import keras
import numpy
from keras.src.backend.common import global_state

from backprobe import calls, nested
from backprobe.calls import applied
from backprobe.contents import Content
from backprobe.on_keras import backends, model
from backprobe.outcome import Inconclusive
from backprobe.projection import probe_loss


_COMPARING = {
    "assert_deterministic",
    "assert_examples_independent",
    "assert_loss_depends_on",
    "assert_output_varies",
    "assert_random_in_training",
}
"""The assertions that compare calls."""


class Caller(calls.Caller):
    """See `backprobe.calls.Caller`."""

    def __init__(self, assertion: str) -> None:
        self._assertion = assertion
        self._backend = backends.current()
        self._has_called = False
        self._training: Optional[bool] = None

    @contextmanager
    def prepared(self, f: Callable[..., Any], training: bool) -> Iterator[None]:
        """Layers run in a mode unless they are told another one; statistics and states of random numbers are restored afterwards."""
        self._training = training
        with self._backend.watching(), _in_mode(training), _kept(model.layers_behind(f)):
            yield

    @contextmanager
    def repeatable(self) -> Iterator[None]:
        """Calls inside draw the same random numbers."""
        python, generator = random.getstate(), numpy.random.get_state()
        random.seed(0)
        numpy.random.seed(0)
        try:
            with self._backend.repeatable(), _kept_generators():
                yield
        finally:
            random.setstate(python)
            numpy.random.set_state(generator)

    def outputs(self, f: Callable[..., Any], inputs: Any) -> List[Any]:
        """The float leaves of one call as numpy arrays of float64; refuses to compare calls that make their own weights."""
        __tracebackhide__ = True
        with _made() as made:
            found = [array for leaf in nested.leaves(self._applied(f, inputs)) for array in _float_arrays(leaf)]
        # A model may build its layers when it is called first.
        new = [layer.name for layer in made if layer._trainable_variables and self._has_called]
        self._has_called = True
        if new and self._assertion in _COMPARING:
            raise Inconclusive(self._assertion, f"{new[0]} is made inside the function, so every call has other weights: make it outside")
        return found

    def dead(self, f: Callable[..., Any], inputs: Any) -> List[str]:
        """The models, if they put out nothing but zeros, and rectifiers that do."""
        zero: List[str] = []
        models = model.layers_behind(f)

        def look(layer: Any, arrays: List[Any]) -> None:
            is_zero = bool(arrays) and not any(array.any() for array in arrays)
            if is_zero and any(layer is whole for whole in models) and layer.name not in zero:
                zero.append(layer.name)

        with _looking(look):
            self._applied(f, inputs)
        return [*self._backend.dead(lambda: self._applied(f, inputs)), *zero]

    def array_of(self, leaf: Any) -> Optional[Any]:
        """The values of a tensor."""
        if not keras.ops.is_tensor(leaf):
            return nested.numpy_array(leaf)
        is_wide = keras.backend.standardize_dtype(leaf.dtype) != "bfloat16"
        return keras.ops.convert_to_numpy(leaf if is_wide else keras.ops.cast(leaf, "float32"))

    def like(self, array: Any, leaf: Any) -> Any:
        """A tensor of the same type."""
        return keras.ops.convert_to_tensor(array, leaf.dtype) if keras.ops.is_tensor(leaf) else array

    def not_finite(self, f: Callable[..., Any], inputs: Any, is_result_finite: bool) -> Optional[str]:
        """The first layer whose output is not finite, innermost first."""
        found: List[str] = []

        def look(layer: Any, arrays: List[Any]) -> None:
            if any(numpy.isnan(array).any() or numpy.isposinf(array).any() for array in arrays):
                found.append(f"{layer.name} ({type(layer).__name__})")

        with _looking(look):
            self._applied(f, inputs)
        return found[0] if found else None

    def _gradients(self, f: Callable[..., Any], inputs_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
        tensors = [keras.ops.convert_to_tensor(value) for value in values]
        return self._backend.input_gradients(lambda given: probe_loss(self._applied(f, inputs_of(given))), tensors)

    def _applied(self, f: Callable[..., Any], inputs: Any) -> Any:
        __tracebackhide__ = True
        keywords = {"training": self._training} if self._training is not None and _takes_training(f) else {}
        return applied(f, inputs, **keywords)


def _float_arrays(leaf: Any) -> Iterator[Any]:
    if keras.ops.is_tensor(leaf):
        if keras.backend.is_float_dtype(keras.backend.standardize_dtype(leaf.dtype)):
            yield keras.ops.convert_to_numpy(keras.ops.cast(leaf, "float32" if leaf.dtype != "float64" else "float64")).astype("float64")
    elif isinstance(leaf, float) or nested.numpy_array(leaf) is not None:
        array = numpy.asarray(leaf)
        if array.dtype.kind == "f":
            yield array.astype("float64")


def _takes_training(f: Callable[..., Any]) -> bool:
    """Whether a function that is no layer has a parameter for the mode."""
    if model.is_layer(f):
        return False
    try:
        return "training" in inspect.signature(f).parameters
    except (TypeError, ValueError):
        return False


@contextmanager
def _in_mode(training: bool) -> Iterator[None]:
    """Outermost calls of layers run in the mode where they are told none, as if another layer had called them in it."""
    original = keras.Layer._get_call_context

    def get_call_context(layer: Any) -> Any:
        is_outermost = global_state.get_global_attribute("current_call_ctx") is None
        context = original(layer)
        if is_outermost:
            context.set_value("training", training)
        return context

    keras.Layer._get_call_context = get_call_context
    try:
        yield
    finally:
        keras.Layer._get_call_context = original


@contextmanager
def _kept(models: List[Any]) -> Iterator[None]:
    """Restores everything that calls write: a call in between moves no statistics."""
    kept = [
        (variable, keras.ops.copy(variable.value))
        for layer in {id(part): part for whole in models for part in whole._flatten_layers()}.values()
        for variable in (*layer._non_trainable_variables, *(generator.state for generator in layer._seed_generators))
    ]
    try:
        yield
    finally:
        for variable, value in kept:
            variable.assign(value)


@contextmanager
def _kept_generators() -> Iterator[None]:
    """Restores the states of all generators of random numbers that are alive."""
    import gc

    generators = [value for value in gc.get_objects() if issubclass(type(value), keras.random.SeedGenerator)]
    kept = [(generator.state, keras.ops.copy(generator.state.value)) for generator in generators]
    try:
        yield
    finally:
        for variable, value in kept:
            variable.assign(value)


@contextmanager
def _made() -> Iterator[List[Any]]:
    """The layers that are made inside."""
    original, made = keras.Layer.__init__, []

    def make(layer: Any, *arguments: Any, **keywords: Any) -> None:
        original(layer, *arguments, **keywords)
        made.append(layer)

    keras.Layer.__init__ = make
    try:
        yield made
    finally:
        keras.Layer.__init__ = original


@contextmanager
def _looking(look: Callable[[Any, List[Any]], None]) -> Iterator[None]:
    """Has a look at the floats that every layer puts out, inner layers first."""
    original = keras.Layer.__call__

    def call(layer: Any, *arguments: Any, **keywords: Any) -> Any:
        output = original(layer, *arguments, **keywords)
        look(layer, [array for leaf in nested.leaves(output) for array in _float_arrays(leaf)])
        return output

    keras.Layer.__call__ = call
    try:
        yield
    finally:
        keras.Layer.__call__ = original
