"""Watches Keras while a training step runs: which layers are made and called, and which gradients optimizers are given.

Methods are wrapped while the body runs, and put back in reverse order: those by which layers are made, built and called, and
`Optimizer.apply`. What goes wrong in the watching is kept and makes the test inconclusive; it never reaches the step.
"""

from __future__ import annotations

import gc
import inspect
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional, Protocol, Tuple

import keras
from keras.src.backend.common import global_state
from keras.src.optimizers.base_optimizer import BaseOptimizer
from keras.src.trainers.trainer import Trainer

from backprobe import discovery, nested
from backprobe.on_keras import backends, model

_PACKAGES = ("keras", "tensorflow", "torch", "jax", "flax", "optree")
_LAYERS = discovery.Kind(model.is_layer, model.contains, _PACKAGES)


class Listener(Protocol):
    """The step that is told what happens."""

    def before_call(self, layer: Any) -> None:
        """A layer is about to run on values; what belongs to it may be unknown."""

    def after_build(self, layer: Any) -> None:
        """A layer has been built."""

    def applied(self, optimizer: Any, variables: List[Any], gradients: List[Any], others: List[Any]) -> None:
        """An optimizer steps; `others` are variables that it holds and is given no gradient for."""


class Observer:
    """What happens to layers and optimizers between `start` and `stop`.

    Attributes:
        errors: what went wrong in watching.
        built_up: the layers called on symbolic inputs to build a functional model, with the line, outermost calls only.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._undo = ExitStack()
        self._called: Dict[int, Any] = {}
        self._places: Dict[int, Tuple[Any, Optional[str]]] = {}
        self.errors: List[BaseException] = []
        self.built_up: List[Any] = []

    def start(self) -> None:
        """Starts watching."""
        self._undo.enter_context(backends.current().watching())
        self._wrap(keras.Layer, "__init__", self._making)
        self._wrap(keras.Layer, "_maybe_build", self._building)
        self._wrap(keras.Layer, "__call__", self._calling)
        self._wrap(Trainer, "_symbolic_build", self._building_symbolically)
        self._wrap(BaseOptimizer, "apply", self._applying)

    def stop(self) -> None:
        """Stops watching, in reverse order."""
        self._undo.close()

    def was_called(self, layer: Any) -> bool:
        """Whether the layer ran on values."""
        return id(layer) in self._called

    def place_of(self, layer: Any) -> Optional[str]:
        """The line that made the layer, if it was made while watched."""
        return self._places.get(id(layer), (None, None))[1]

    def models_at_work(self) -> Dict[str, Any]:
        """The models among the variables of the functions that are running."""
        return discovery.models_at_work(_LAYERS)

    def optimizers_alive(self) -> List[Any]:
        """Every optimizer of the process."""
        return [value for value in gc.get_objects() if issubclass(type(value), BaseOptimizer)]

    def _wrap(self, owner: type, name: str, wrapper: Callable[..., Any]) -> None:
        original = owner.__dict__[name]

        def wrapped(self: Any, *arguments: Any, **keywords: Any) -> Any:
            return wrapper(original, self, *arguments, **keywords)

        # Signatures of methods are looked at, by Keras and by users; by some as they stand, without what is wrapped.
        wrapped.__wrapped__ = original  # type: ignore[attr-defined]
        wrapped.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
        wrapped.__name__ = name
        setattr(owner, name, wrapped)
        self._undo.callback(setattr, owner, name, original)

    def _making(self, original: Any, layer: Any, *arguments: Any, **keywords: Any) -> None:
        with self._kept():
            self._places[id(layer)] = (layer, discovery.place_at_work(_PACKAGES, besides=layer))
        original(layer, *arguments, **keywords)

    def _building(self, original: Any, layer: Any, *arguments: Any, **keywords: Any) -> Any:
        was_built = layer.built
        result = original(layer, *arguments, **keywords)
        if not was_built:
            with self._kept():
                self._listener.after_build(layer)
        return result

    def _building_symbolically(self, original: Any, whole: Any, *arguments: Any, **keywords: Any) -> Any:
        result = original(whole, *arguments, **keywords)
        with self._kept():
            # On JAX the values of variables lie elsewhere from here to the end of `fit`.
            for layer in whole._flatten_layers():
                self._listener.before_call(layer)
        return result

    def _calling(self, original: Any, layer: Any, *arguments: Any, **keywords: Any) -> Any:
        with self._kept():
            symbolic = any(isinstance(leaf, keras.KerasTensor) for leaf in nested.leaves([arguments, keywords]))
            if not symbolic:
                self._called[id(layer)] = layer
                self._listener.before_call(layer)
            elif global_state.get_global_attribute("current_call_ctx") is None:
                self.built_up.append(layer)
        return original(layer, *arguments, **keywords)

    def _applying(self, original: Any, optimizer: Any, grads: Any, trainable_variables: Any = None) -> Any:
        gradients = list(grads)
        variables = None if trainable_variables is None else list(trainable_variables)
        with self._kept():
            held = list(getattr(optimizer, "_trainable_variables", ()))
            passed = held if variables is None else variables
            others = [variable for variable in held if not any(variable is one for one in passed)]
            self._listener.applied(optimizer, passed, gradients, others)
        return original(optimizer, gradients, variables)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Keeps an error instead of raising it into the user's step."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach the step
            self.errors.append(error)
