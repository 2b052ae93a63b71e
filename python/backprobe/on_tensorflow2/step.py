"""One training step of modules of TensorFlow 2 and models of Keras 2: run it, watch it, and assert what must hold after it."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, Optional, Sequence, Set, Union

import tensorflow as tf

from backprobe import _native, discovery
from backprobe.blame import Reason
from backprobe.contents import Content
from backprobe.evidence import Evidence, Statistic
from backprobe.named import NamedVariable
from backprobe.observed import MOST_STEPS, Key, ObservedStep
from backprobe.on_tensorflow2 import modules, tensors, unstacked
from backprobe.on_tensorflow2.observer import Observer
from backprobe.outcome import Inconclusive
from backprobe.scopes import Scope

_LEARNING_RATE = 0.01
_OVERWRITTEN = "it was assigned what TensorFlow did not compute from a gradient, so that it is unknown whether its own was applied"
_SEVERAL = "several gradients were computed before it was written, some zero or absent, so that it is unknown which was applied"


@dataclass
class _Gradients:
    """What a tape computed.

    Attributes:
        optimizer: stands for who applies them: the variables they are of.
        held: what the gradient of each variable holds; nothing where it is absent.
        doubtful: variables with several gradients, of which some are zero or absent: one may have been looked at only.
        is_applied: one of the variables was written since.
    """

    optimizer: FrozenSet[int]
    held: Dict[int, Optional[Content]]
    doubtful: Set[int] = field(default_factory=set)
    is_applied: bool = False


class TrainingStep(ObservedStep):
    """A training step under observation; made by `backprobe.training_step(model, optimizer=None)`, used as a context manager.

    The step is either `minimize(f)` or the user's own code as the body of the `with`: a loop with `GradientTape` and any optimizer or
    `assign_sub` by hand, or `fit` of Keras 2. Without a model, those that the functions called in the body have as variables are found, and
    named after the variables. Variables are named by the attributes of the user's classes and the names of layers (`encoder/dense/kernel`),
    behind the name of their model where there are several.
    """

    _NO_OPTIMIZER = "no variable was written behind a gradient: apply the gradients of a GradientTape in the body"

    def __init__(self, given: Any, optimizer: Any = None) -> None:
        super().__init__()
        self._models: Dict[str, Any] = {} if given is None else modules.modules_in(given)
        self._finds_models = given is None
        self._given_optimizers = [] if optimizer is None else list(optimizer) if isinstance(optimizer, (list, tuple)) else [optimizer]
        self._observer = Observer(self)
        self._errors = self._observer.errors
        self._undo = ExitStack()
        self._runs = False
        self._before: Dict[int, bytes] = {}
        self._made: List[Any] = []
        """Handles of variables that were made meanwhile: what identifies them must not be given to others."""
        self._named: Dict[int, NamedVariable] = {}
        self._used: Set[int] = set()
        self._pending: Dict[int, List[_Gradients]] = {}
        self._written: Set[int] = set()
        self._undecided: Dict[int, str] = {}
        self._died: List[str] = []
        self._settled_statistics: List[Statistic] = []

    def __enter__(self) -> TrainingStep:
        self._runs = True
        self._observer.start()
        self._undo.callback(self._observer.stop)
        self._refresh()
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._refresh()
            self._settled_statistics = self._statistics()
            self._runs = False
        finally:
            self._undo.close()

    def minimize(self, f: Callable[[], Any]) -> None:
        """Runs the step: loss, gradients, update, up to three times, until every variable received a gradient that is not zero.

        Modules run in the mode that `f` calls them in. Without an optimizer, plain gradient descent over all variables that are not frozen
        is used.

        Args:
            f: takes nothing and returns the loss, a tensor with one element.

        Raises:
            TypeError: if `f` returns anything else, or no model is known.
        """
        __tracebackhide__ = True
        if not self._models:
            self._models.update(discovery.outermost(modules.modules_behind(f), modules.contains))
        if not self._models:
            raise TypeError("minimize needs the model, made outside of the function: backprobe.training_step(model)")
        self._minimized = True
        for count in range(MOST_STEPS):
            with tf.GradientTape() as tape:
                loss = _checked_loss(f())
            if not self._is_usable(float(loss), count):
                return
            self._refresh()
            trained = [found.variable for found in self._named.values() if not found.is_frozen]
            gradients = tape.gradient(loss, trained)
            for pending in [self._pending[_key(variable)] for variable in trained[:1]]:
                self._begin_step(pending[-1])
            self._apply([(gradient, variable) for gradient, variable in zip(gradients, trained) if gradient is not None])
            if all(evidence.is_settled() for evidence in self._evidence.values()):
                return

    def assert_clipped(self, max_norm: float) -> None:
        """Cannot be decided: gradients are seen as the tape computes them, not as they are applied.

        Raises:
            Inconclusive: always.
        """
        __tracebackhide__ = True
        raise Inconclusive("assert_clipped", "here gradients are seen as the tape computes them, before anything clips them")

    def before_forward(self) -> None:
        """A tape begins to record."""
        self._find_models()

    def before_gradients(self) -> None:
        """A tape is asked for gradients."""
        if self._evidence:
            self._announce_update()

    def computed(self, sources: List[Any], gradients: List[Any]) -> None:
        """A tape computed gradients. Those that were not applied yet are accumulated: they count with the new ones."""
        self._find_models()
        self._refresh()
        held = {_key(source): tensors.content(found) for source, found in zip(sources, gradients) if isinstance(source, tf.Variable)}
        known = {key: content for key, content in held.items() if key in self._evidence}
        if not known:
            return
        found = _Gradients(frozenset(known), known)
        for key, content in known.items():
            self._evidence[key].add_received(content)
            pending = self._pending.setdefault(key, [])
            for before in [one for one in pending if one.optimizer == found.optimizer]:
                if key in before.doubtful or _is_nonzero(before.held[key]) != _is_nonzero(content):
                    found.doubtful.add(key)
                known[key] = _both(before.held[key], content)
                pending.remove(before)
            pending.append(found)
        self._dead, self._died = self._died, []

    def used(self, variables: Sequence[Any]) -> None:
        """Variables took part."""
        self._used.update(map(_key, variables))

    def wrote(self, handle: Any, value: Any, is_update: bool) -> None:
        """A variable was written; behind a gradient that is the step of an optimizer, or unknown, and at first its making."""
        if value is not None and id(handle) not in self._before and value.dtype != tf.string:
            self._made.append(handle)
            self._before[id(handle)] = bytes(_native.fingerprint(value))
        pending = self._pending.get(id(handle))
        if not pending:
            return
        if not is_update:
            self._undecided.setdefault(id(handle), _OVERWRITTEN)
            return
        if self._undecided.get(id(handle)) == _OVERWRITTEN:
            del self._undecided[id(handle)]
        found = pending.pop(0)
        self._written.add(id(handle))
        self._begin_step(found)
        content = found.held[id(handle)]
        if id(handle) in found.doubtful:
            self._undecided[id(handle)] = _SEVERAL
            content = None
        self._evidence[id(handle)].add_applied(content)
        if content is not None and content.nonzero:
            self._trained_by.setdefault(found.optimizer, set()).add(id(handle))

    def died(self, kind: str) -> None:
        """A rectifier put out nothing but zeros."""
        if kind not in self._died:
            self._died.append(kind)

    def _require_a_step(self, assertion: str, judged: Iterable[Evidence]) -> None:
        __tracebackhide__ = True
        super()._require_a_step(assertion, judged)
        for key, reason in self._undecided.items():
            evidence = self._evidence[key]
            if not evidence.nonzero and any(evidence is one for one in judged):
                raise Inconclusive(assertion, f"{evidence.names[0]}: {reason}")

    def _assert_untouched_by(self, by: Scope, judged: Dict[Key, Evidence]) -> None:
        __tracebackhide__ = True
        if any(self._pending.get(key) for key in self._written):
            raise Inconclusive("assert_untouched", "some gradients were computed and not applied, so that it is unknown who applied which")
        super()._assert_untouched_by(by, judged)

    def _idle(self) -> List[Key]:
        """Nobody knows who will train them, so variables stand for their optimizer: those that no step held yet."""
        return [key for key, evidence in self._evidence.items() if evidence.in_model and not evidence.held and not evidence.frozen]

    def _may_train_later(self, evidence: Evidence, reason: Reason) -> bool:
        """A variable whose gradient was asked for has had its step."""
        was_asked_for = any(self._evidence.get(key) is evidence for key in self._pending)
        return not was_asked_for and super()._may_train_later(evidence, reason)

    def _begin_step(self, found: _Gradients) -> None:
        if found.is_applied:
            return
        found.is_applied = True
        self._steps[found.optimizer] = self._steps.get(found.optimizer, 0) + 1
        for key in found.held:
            self._evidence[key].held = True

    def _apply(self, pairs: List[Any]) -> None:
        for optimizer in self._given_optimizers:
            held = [(gradient, variable) for gradient, variable in pairs if _holds(optimizer, variable)]
            if held:
                optimizer.apply_gradients(held)
        if not self._given_optimizers:
            for gradient, variable in pairs:
                variable.assign_sub(_LEARNING_RATE * tf.convert_to_tensor(gradient))

    def _find_models(self) -> None:
        if self._finds_models:
            discovery.add(self._models, discovery.models_at_work(modules.MODULES), modules.contains)
        self._refresh()

    def _refresh(self) -> None:
        if not self._runs:
            return
        self._observer.see_layers()
        if not self._models:
            return
        self._observer.see_operations()
        with self._observer.kept():
            for found in modules.variables(self._models):
                self._add(found)
            for layer in unstacked.layers_beside(self._whole_models(), self._observer.built_up):
                for found in modules.variables({layer.name: layer}):
                    self._add(found, in_model=False)
            for name, layer, place in modules.unbuilt(self._models):
                place = place or self._observer.place_of(layer)
                self._evidence.setdefault(id(layer), Evidence([name], [], place, layer, layer))
            for key in [key for key, evidence in self._evidence.items() if evidence.tensor is evidence.owner and evidence.owner.built]:
                del self._evidence[key]

    def _whole_models(self) -> Dict[str, Any]:
        """The models without single layers that were found as variables, and that a functional model may be built of."""
        called = {id(layer) for layer in self._observer.built_up if self._finds_models and not modules.is_model(layer)}
        return {name: whole for name, whole in self._models.items() if id(whole) not in called}

    def _add(self, found: NamedVariable, in_model: bool = True) -> None:
        key = _key(found.variable)
        if key not in self._before:
            self._before[key] = _fingerprint(found.variable)
        if in_model:
            self._named[key] = found
        if not found.variable.trainable:
            return
        evidence = self._evidence.get(key)
        if evidence is None:
            alias = found.variable.name.partition(":")[0]
            place = found.place or self._observer.place_of(found.owner)
            evidence = Evidence(found.names, [alias], place, found.owner, found.variable, in_model=in_model)
            evidence.is_empty = 0 in found.variable.shape
            evidence.starts_at_zero = not evidence.is_empty and not _native.any_nonzero(tensors.plain(found.variable))
            self._evidence[key] = evidence
        evidence.in_model = in_model
        evidence.frozen = found.is_frozen
        evidence.called = key in self._used
        evidence.changed = _fingerprint(found.variable) != self._before[key]

    def _fault(self, evidence: Evidence, named_by_scope: bool) -> Optional[Reason]:
        if evidence.tensor is evidence.owner:
            return Reason.NEVER_CALLED
        return super()._fault(evidence, named_by_scope)

    def _trains_around(self, evidence: Evidence) -> bool:
        """Whether the variable was used, and others of the same model were written behind a gradient."""
        name = self._named[_key(evidence.tensor)].model
        held = {self._named[key].model for key, other in self._evidence.items() if other.held and key in self._named}
        return evidence.called and name in held

    def _statistics(self) -> List[Statistic]:
        if not self._runs:
            return self._settled_statistics
        return [
            Statistic(
                found.names,
                [],
                found.place,
                found.owner,
                moved=_fingerprint(found.variable) != self._before[key],
                called=self._ran(found),
                tensor=found.variable,
            )
            for key, found in self._named.items()
            if modules.is_statistic(found) and getattr(found.owner, "trainable", True)
        ]

    def _ran(self, statistic: NamedVariable) -> bool:
        """Whether the module of a statistic ran, as far as what it trains says; one that trains nothing runs with its model."""
        trained = [(key, found) for key, found in self._named.items() if found.variable.trainable]
        beside = [key in self._used for key, found in trained if found.owner is statistic.owner]
        return any(beside or [key in self._used for key, found in trained if found.model == statistic.model])

    def _is_part(self, found: Union[Evidence, Statistic], part: object) -> bool:
        return modules.contains(found.owner, part) if modules.is_module(part) else part is found.tensor


def _key(variable: Any) -> int:
    """Identifies a variable, whatever wraps it: operations are given its handle."""
    return id(variable.handle)


def _fingerprint(variable: Any) -> bytes:
    return bytes(_native.fingerprint(tensors.plain(variable)))


def _is_nonzero(content: Optional[Content]) -> bool:
    return content is not None and content.nonzero


def _both(before: Optional[Content], content: Optional[Content]) -> Optional[Content]:
    if before is None or content is None:
        return before or content
    return Content(before.nonzero or content.nonzero, before.finite and content.finite)


def _holds(optimizer: Any, variable: Any) -> bool:
    """Whether an optimizer of Keras 2 was built with the variable; one that was not built takes all."""
    index = getattr(optimizer, "_index_dict", None)
    return not index or optimizer._var_key(variable) in index


def _checked_loss(loss: Any) -> Any:
    __tracebackhide__ = True
    if not isinstance(loss, tf.Tensor) or math.prod(loss.shape) != 1:
        shape = f"a tensor of shape {tuple(loss.shape)}" if isinstance(loss, tf.Tensor) else type(loss).__name__
        raise TypeError(f"minimize needs a function that returns a loss with one element, got {shape}; see backprobe.probe_loss")
    return tf.reshape(loss, ())
