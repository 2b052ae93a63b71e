"""One training step of Keras models: run it, watch it, and assert what must hold after it."""

from __future__ import annotations

import math
from contextlib import ExitStack
from typing import Any, Callable, Dict, List, Optional, Set, Union

import keras

from backprobe import _native, discovery
from backprobe.blame import Reason
from backprobe.contents import Content
from backprobe.evidence import Evidence, Statistic
from backprobe.named import NamedVariable
from backprobe.observed import MOST_STEPS, ObservedStep
from backprobe.on_keras import backends, model, unstacked
from backprobe.on_keras.observer import Observer

_LEARNING_RATE = 0.01


class TrainingStep(ObservedStep):
    """A training step under observation; made by `backprobe.training_step(model, optimizer=None)`, used as a context manager.

    The step is either `minimize(f)` or the user's own code as the body of the `with`: `fit`, `train_on_batch`, a loop with
    `GradientTape`. Assertions may stand inside or behind the body. Without a model, those that the functions called in the body have as
    variables are found, and named after the variables. Parameters are named by the attributes of the user's classes and the names of
    layers (`encoder/dense/kernel`), behind the name of their model where there are several; the paths of Keras select them as well.
    """

    def __init__(self, given: Any, optimizer: Any = None) -> None:
        super().__init__()
        self._models: Dict[str, Any] = {} if given is None else model.layers_in(given)
        self._finds_models = given is None
        self._given_optimizers = [] if optimizer is None else list(optimizer) if isinstance(optimizer, (list, tuple)) else [optimizer]
        self._backend = backends.current()
        self._tells_absent = keras.config.backend() != "jax"
        self._observer = Observer(self)
        self._errors = self._observer.errors
        self._undo = ExitStack()
        self._runs = False
        self._before: Dict[int, bytes] = {}
        self._started_at_zero: Set[int] = set()
        self._looked_at: Set[int] = set()
        self._by_value: Dict[int, int] = {}
        self._variables: Dict[int, NamedVariable] = {}
        self._known_statistics: List[Statistic] = []

    def __enter__(self) -> TrainingStep:
        self._runs = True
        self._observer.start()
        self._undo.callback(self._observer.stop)
        self._refresh()
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._backend.finish()
            self._refresh()
            self._known_statistics = self._statistics()
            self._runs = False
        finally:
            self._undo.close()

    def minimize(self, f: Callable[[], Any]) -> None:
        """Runs the step: loss, gradients, optimizer, up to three times, until every parameter received a gradient that is not zero.

        Layers run in the mode that `f` calls them in: pass `training=True`, as `fit` does. Without an optimizer, plain gradient descent
        over all parameters that are not frozen is used.

        Args:
            f: takes nothing and returns the loss, a tensor with one element.

        Raises:
            TypeError: if `f` returns anything else, or no model is known.
        """
        __tracebackhide__ = True
        if not self._models:
            self._models.update(discovery.outermost(model.layers_behind(f), model.contains))
        if not self._models:
            raise TypeError("minimize needs the model, made outside of the function: backprobe.training_step(model)")
        self._minimized = True
        optimizers = self._given_optimizers or [keras.optimizers.SGD(_LEARNING_RATE)]
        for count in range(MOST_STEPS):
            loss, variables, gradients = self._backend.gradients(
                lambda: _checked_loss(f()), self._trainable, self._written, self._is_unbuilt()
            )
            value = float(keras.ops.convert_to_numpy(keras.ops.cast(loss, "float32")))
            if not self._is_usable(value, count):
                return
            self._refresh()
            self._backend.deliver(gradients, lambda held: self._add_received(variables, held))
            for optimizer in optimizers:
                self._apply(optimizer, variables, gradients)
            if all(evidence.is_settled() for evidence in self._evidence.values()):
                return
        if any(evidence.applied and not evidence.nonzero for evidence in self._evidence.values()):
            self._dead = self._backend.dead(f)
            for variable, found in zip(variables, self._backend.reached(f, variables) or ()):
                evidence = self._evidence.get(id(variable))
                if evidence is not None:
                    evidence.add_reached(found)

    def saw_training(self) -> bool:
        """Whether an optimizer stepped, and what it trains is known."""
        self._backend.finish()
        return super().saw_training() and bool(self._evidence)

    def before_call(self, layer: Any) -> None:
        """The last moment to see the layer's values as they were before the step; looks for its model if that is not known."""
        self.after_build(layer)
        if self._finds_models and id(layer) not in self._looked_at:
            self._looked_at.add(id(layer))
            if not any(model.contains(layer, whole) for whole in self._models.values()):
                self._find_models()

    def after_build(self, layer: Any) -> None:
        """The first moment to see values as they were before the step."""
        for variable in (*layer._trainable_variables, *layer._non_trainable_variables):
            self._take_snapshot(variable)

    def applied(self, optimizer: Any, variables: List[Any], gradients: List[Any], others: List[Any]) -> None:
        """An optimizer steps."""
        if keras.config.backend() != "jax":
            # There the code is compiled, and is not stopped from within.
            self._announce_update()
        if self._finds_models:
            self._find_models()
        self._refresh()
        keys = [self._key(variable) for variable in variables]
        held_only = [(self._key(variable), None) for variable in others]

        def receive(found: List[Optional[Content]]) -> None:
            self._add_step(id(optimizer), [*zip(keys, found), *held_only])

        self._backend.deliver(gradients, receive)
        present = [gradient for gradient in gradients if gradient is not None]
        if not self._minimized and present:
            self._backend.deliver_norms(present, lambda norms: self._norms.append(_clipped_norm(optimizer, norms)))

    def _apply(self, optimizer: Any, variables: List[Any], gradients: List[Any]) -> None:
        known = {id(variable) for variable in optimizer._trainable_variables} if optimizer.built else None
        pairs = [(gradient, variable) for gradient, variable in zip(gradients, variables) if known is None or id(variable) in known]
        if all(gradient is None for gradient, _ in pairs):
            # Keras refuses to step without any gradient.
            self._add_step(id(optimizer), [(self._key(variable), None) for _, variable in pairs])
            return
        optimizer.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])

    def _add_received(self, variables: List[Any], held: List[Optional[Content]]) -> None:
        for variable, content in zip(variables, held):
            evidence = self._evidence.get(id(variable))
            if evidence is not None:
                evidence.add_received(content)

    def _trainable(self) -> List[Any]:
        return [found.variable for found in model.parameters(self._models) if not found.is_frozen]

    def _written(self) -> List[Any]:
        """Statistics, states of random numbers, and whatever else a call may write."""
        variables = {id(variable): variable for whole in self._models.values() for variable in whole.non_trainable_variables}
        trainable = {id(variable) for variable in self._trainable()}
        return [variable for key, variable in variables.items() if key not in trainable]

    def _is_unbuilt(self) -> bool:
        return not all(layer.built for layer in model.all_layers(self._models)) or not self._trainable()

    def _find_models(self) -> None:
        discovery.add(self._models, self._observer.models_at_work(), model.contains)

    def _take_snapshot(self, variable: Any) -> None:
        value = variable._value
        if id(variable) not in self._before and value is not None:
            self._before[id(variable)] = self._fingerprint(variable)
            if not _native.any_nonzero(self._backend.plain(value)):
                self._started_at_zero.add(id(variable))

    def _fingerprint(self, variable: Any) -> bytes:
        return bytes(_native.fingerprint(self._backend.plain(variable._value)))

    def _has_moved(self, variable: Any) -> bool:
        return variable._value is not None and self._fingerprint(variable) != self._before.get(id(variable))

    def _key(self, variable: Any) -> int:
        """Identifies a Keras variable, given itself or the variable of the backend that it holds."""
        return self._by_value.get(id(variable), id(variable))

    def _idle(self) -> List[int]:
        alive = self._observer.optimizers_alive()
        return [id(optimizer) for optimizer in alive if id(optimizer) not in self._steps]

    def _refresh(self) -> None:
        if not self._runs:
            return
        self._backend.finish()
        for found in model.parameters(self._models):
            self._add(found)
            self._by_value[id(found.variable._value)] = id(found.variable)
        for found in model.statistics(self._models):
            self._take_snapshot(found.variable)
        self._add_unbuilt()
        self._add_unstacked()

    def _add(self, found: NamedVariable, in_model: bool = True) -> None:
        key = id(found.variable)
        self._take_snapshot(found.variable)
        evidence = self._evidence.get(key)
        if evidence is None:
            place = found.place or self._observer.place_of(found.owner)
            evidence = Evidence(found.names, [found.variable.path], place, found.owner, found.variable, in_model=in_model)
            evidence.is_empty = 0 in found.variable.shape
            evidence.starts_at_zero = key in self._started_at_zero and not evidence.is_empty
            self._evidence[key] = evidence
            self._variables[key] = found
        evidence.in_model = in_model
        evidence.frozen = found.is_frozen
        evidence.called = self._observer.was_called(found.owner)
        evidence.changed = self._has_moved(found.variable)

    def _add_unbuilt(self) -> None:
        """Layers that were never called have no weights yet, but a name."""
        for name, layer, place in model.unbuilt(self._models):
            self._evidence.setdefault(id(layer), Evidence([name], [], place or self._observer.place_of(layer), layer, layer))
        for key, evidence in list(self._evidence.items()):
            if evidence.tensor is evidence.owner and evidence.owner.built:
                del self._evidence[key]

    def _add_unstacked(self) -> None:
        # A single layer that was found as a variable is no model: a functional one may be built of it.
        called = {id(layer) for layer in self._observer.built_up if self._finds_models and not isinstance(layer, keras.Model)}
        models = {name: whole for name, whole in self._models.items() if id(whole) not in called}
        for layer in unstacked.layers_beside(models, self._observer.built_up):
            for found in model.parameters({layer.name: layer}):
                self._add(found, in_model=False)

    def _fault(self, evidence: Evidence, named_by_scope: bool) -> Optional[Reason]:
        if evidence.tensor is evidence.owner:
            return Reason.NEVER_CALLED
        return super()._fault(evidence, named_by_scope)

    def _trains_around(self, evidence: Evidence) -> bool:
        """Whether the layer ran, and other parameters of the same model are held by an optimizer that stepped."""
        name = self._variables[id(evidence.tensor)].model
        held = {self._variables[key].model for key, other in self._evidence.items() if other.held and key in self._variables}
        return evidence.called and name in held

    def _statistics(self) -> List[Statistic]:
        if not self._runs:
            return self._known_statistics
        return [
            Statistic(
                found.names,
                [found.variable.path],
                found.place or self._observer.place_of(found.owner),
                found.owner,
                moved=self._has_moved(found.variable),
                called=self._observer.was_called(found.owner),
            )
            for found in model.statistics(self._models)
            if found.owner.trainable
        ]

    def _is_part(self, found: Union[Evidence, Statistic], part: object) -> bool:
        if model.is_layer(part):
            return model.contains(found.owner, part)
        return isinstance(found, Evidence) and (part is found.tensor or self._key(part) == id(found.tensor))


def _clipped_norm(optimizer: Any, norms: List[float]) -> float:
    """The norm of all gradients together, after the clipping that the optimizer does itself."""
    if optimizer.clipnorm is not None:
        norms = [min(norm, optimizer.clipnorm) for norm in norms]
    total = math.sqrt(sum(norm**2 for norm in norms))
    return total if optimizer.global_clipnorm is None else min(total, optimizer.global_clipnorm)


def _checked_loss(loss: Any) -> Any:
    __tracebackhide__ = True
    if not keras.ops.is_tensor(loss) or math.prod(loss.shape) != 1:
        shape = f"a tensor of shape {tuple(loss.shape)}" if keras.ops.is_tensor(loss) else type(loss).__name__
        raise TypeError(f"minimize needs a function that returns a loss with one element, got {shape}; see backprobe.probe_loss")
    return keras.ops.reshape(loss, ())
