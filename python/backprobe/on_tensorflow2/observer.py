"""Watches TensorFlow 2 while a training step runs: which gradients tapes compute, and which variables are written behind them.

So it does not matter who applies a gradient: an optimizer of any Keras, one of `tf.compat.v1`, or `assign_sub` by hand. Methods of the
tape, and those by which layers of Keras 2 are made and called, are wrapped while the body runs and put back in reverse order. What goes
wrong in the watching is kept and makes the test inconclusive.
"""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional, Protocol, Sequence, Tuple

import tensorflow as tf

from backprobe import discovery, frameworks, nested
from backprobe.on_tensorflow2 import modules, tensors, unstacked
from backprobe.on_tensorflow2.derived import Derived

_WRITES = re.compile(r"^(Assign|Resource(Sparse)?Apply|ResourceScatter)")


class Listener(Protocol):
    """The step that is told what happens."""

    def before_forward(self) -> None:
        """A tape begins to record: the last moment to see values as they were before."""

    def before_gradients(self) -> None:
        """A tape is asked for gradients; what is called may end the process."""

    def used(self, variables: Sequence[Any]) -> None:
        """These trainable variables took part in what a tape recorded."""

    def computed(self, sources: List[Any], gradients: List[Any]) -> None:
        """A tape computed these gradients."""

    def wrote(self, handle: Any, value: Any, is_update: bool) -> None:
        """The variable with this handle was written; the value is what an assignment, such as the first of all, writes. It is no update
        if the value is not computed from a gradient."""

    def died(self, kind: str) -> None:
        """A rectifier put out nothing but zeros."""


class Observer:
    """What happens between `start` and `stop`.

    Attributes:
        errors: what went wrong in watching.
        built_up: the layers of Keras 2 called on symbolic inputs to build a functional model, outermost calls only.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._undo = ExitStack()
        self._sees_operations = False
        self._is_looking = False
        self._derived = Derived()
        self._sees_layers = False
        self._depth = 0
        self._places: Dict[int, Tuple[Any, Optional[str]]] = {}
        self.errors: List[BaseException] = []
        self.built_up: List[Any] = []

    def start(self) -> None:
        """Starts watching tapes."""
        self._undo.enter_context(tensors.functions_eagerly())
        self._wrap(tf.GradientTape, "__enter__", self._entering)
        self._wrap(tf.GradientTape, "gradient", self._computing)
        self.see_layers()

    def see_layers(self) -> None:
        """Starts watching layers of Keras 2, once that is imported."""
        keras = frameworks.keras2()
        if keras is not None and not self._sees_layers:
            self._sees_layers = True
            self._wrap(keras.layers.Layer, "__init__", self._making)
            self._wrap(keras.layers.Layer, "__call__", self._calling)

    def place_of(self, layer: Any) -> Optional[str]:
        """The line that made the layer, if it was made while watched."""
        return self._places.get(id(layer), (None, None))[1]

    def see_operations(self) -> None:
        """Starts watching operations, which costs time, unless that is done already."""
        if not self._sees_operations:
            self._sees_operations = True
            self._undo.enter_context(tensors.operations_seen(self._look))

    def stop(self) -> None:
        """Stops watching, in reverse order."""
        self._undo.close()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keeps an error instead of raising it into the user's step; what runs inside is no part of the step."""
        before, self._is_looking = self._is_looking, True
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach the step
            self.errors.append(error)
        finally:
            self._is_looking = before

    def _wrap(self, owner: type, name: str, wrapper: Callable[..., Any]) -> None:
        original = vars(owner)[name]

        def wrapped(self: Any, *arguments: Any, **keywords: Any) -> Any:
            return wrapper(original, self, *arguments, **keywords)

        wrapped.__wrapped__ = original  # type: ignore[attr-defined]
        wrapped.__name__ = name
        setattr(owner, name, wrapped)
        self._undo.callback(setattr, owner, name, original)

    def _making(self, original: Any, layer: Any, *arguments: Any, **keywords: Any) -> None:
        with self.kept():
            self._places[id(layer)] = (layer, discovery.place_at_work(modules.LIBRARIES, besides=layer))
        original(layer, *arguments, **keywords)

    def _calling(self, original: Any, layer: Any, *arguments: Any, **keywords: Any) -> Any:
        with self.kept():
            if self._depth == 0 and any(map(unstacked.is_symbolic, nested.leaves([arguments, keywords]))):
                self.built_up.append(layer)
        self._depth += 1
        try:
            return original(layer, *arguments, **keywords)
        finally:
            self._depth -= 1

    def _entering(self, original: Any, tape: Any) -> Any:
        with self.kept():
            self._listener.before_forward()
        return original(tape)

    def _computing(self, original: Any, tape: Any, target: Any, sources: Any, *arguments: Any, **keywords: Any) -> Any:
        with self.kept():
            self._listener.before_gradients()
            self._listener.used(tape.watched_variables())
        result = original(tape, target, sources, *arguments, **keywords)
        with self.kept():
            flat = tf.nest.flatten(sources)
            gradients = [result] if len(flat) == 1 and not isinstance(result, (list, tuple, dict)) else _flattened(result)
            self._derived.add(gradients)
            self._listener.computed(flat, gradients)
        return result

    def _look(self, kind: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        if self._is_looking:
            return
        with self.kept():
            writes = _WRITES.match(kind) is not None
            self._derived.follow(inputs, outputs, writes)
            if writes:
                value = inputs[1] if kind == "AssignVariableOp" else None
                self._listener.wrote(inputs[0], value, value is None or self._derived.holds_any([value]))
            elif tensors.is_dead(kind, outputs):
                self._listener.died(kind)


def _flattened(result: Any) -> List[Any]:
    """The gradients of nested sources; slices of one are one."""
    if isinstance(result, dict):
        return [gradient for key in sorted(result) for gradient in _flattened(result[key])]
    if isinstance(result, (list, tuple)):
        return [gradient for item in result for gradient in _flattened(item)]
    return [result]
