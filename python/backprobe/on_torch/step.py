"""One training step of torch models: run it, watch it, and assert what must hold after it."""

from __future__ import annotations

import inspect
from contextlib import ExitStack
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Set, Union

import torch

import backprobe
from backprobe import clipping
from backprobe.blame import Blame, Reason, report
from backprobe.on_torch import dead, faults, model
from backprobe.on_torch.evidence import Evidence
from backprobe.on_torch.modes import buffers_kept, in_mode
from backprobe.on_torch.observer import Observer, held_by
from backprobe.on_torch.statistics import Statistics
from backprobe.outcome import BackprobeFailure, Inconclusive
from backprobe.scopes import Scope, UnknownScope, as_list, selects

_LEARNING_RATE = 0.01
_MOST_STEPS = 3
"""A zero-initialised head in front of a zero-initialised gamma lets gradients through at the third step only."""

Optimizers = Union[torch.optim.Optimizer, Sequence[torch.optim.Optimizer], None]


class TrainingStep:
    """A training step under observation; made by `backprobe.training_step(model, optimizer=None)`, used as a context manager.

    The step is either `minimize(f)` or the user's own code as the body of the `with`. Assertions may stand inside or behind the body.
    Without a model, those that the functions called in the body have as variables are found, and named after the variables.
    Parameters are named as in `named_parameters()`, behind the name of their module where several were given.
    """

    def __init__(self, given: Any, optimizer: Optimizers = None) -> None:
        self._models = {} if given is None else model.modules_in(given)
        self._given_optimizers = _as_optimizers(optimizer)
        self._observer = Observer(self._models, self._include_new_models if given is None else None)
        self._undo = ExitStack()
        self._statistics = Statistics(self._models)
        self._changed_after: Optional[Set[int]] = None
        self._asserted_trained: Set[int] = set()
        self._doubts: List[str] = []
        self._dead: List[str] = []
        self._minimized = False

    def __enter__(self) -> TrainingStep:
        self._observer.start()
        self._undo.callback(self._observer.stop)
        self._statistics.start(self._undo)
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._changed_after = self._changed()
            self._statistics.settle()
        finally:
            self._undo.close()

    def minimize(self, f: Callable[[], torch.Tensor]) -> None:
        """Runs the step: loss, backward, optimizer, up to three times, until every parameter received a gradient that is not zero.

        All models are in train mode meanwhile. Without an optimizer, plain gradient descent over all parameters that are not frozen is
        used.

        Args:
            f: takes nothing and returns the loss, a tensor with one element.

        Raises:
            TypeError: if `f` returns anything else.
        """
        __tracebackhide__ = True
        if not self._models:
            raise TypeError("minimize needs the model: backprobe.training_step(model)")
        self._minimized = True
        modules = list(self._models.values())
        with in_mode(modules, training=True), torch.enable_grad():
            self._make_lazy_parameters(f)
            optimizers = self._given_optimizers or self._own_optimizer()
            for count in range(_MOST_STEPS):
                self._observer.find_parameters()
                try:
                    self._one_step(f, optimizers)
                except _NotFinite as error:
                    # Later, the step itself may have led there; what was seen before still counts.
                    self._doubts += [str(error)] if count == 0 else []
                    return
                if all(faults.is_settled(evidence) for evidence in self._observer.evidence.values()):
                    return
            if any(evidence.applied and not evidence.applied_nonzero for evidence in self._observer.evidence.values()):
                with buffers_kept(modules), torch.no_grad():
                    self._dead = dead.activations(f)

    def assert_trained(self, scope: Optional[Scope] = None, except_: Scope = ()) -> None:
        """Asserts that every parameter received a gradient that is not exactly zero, and that an optimizer which holds it stepped.

        Frozen parameters are left out and listed; so are, without a scope, parameters that neither an optimizer nor a gradient touched,
        such as an average kept as target network.

        Args:
            scope: name, prefix, pattern, module, parameter, or several of them; without it all parameters.
            except_: what is left out beside frozen parameters, in the same form.

        Raises:
            BackprobeFailure: names the parameters that do not train and why.
            Inconclusive: if no optimizer or no backward was seen, a gradient or loss was not finite, or the net was dead.
            LookupError: if a scope selects nothing.
        """
        __tracebackhide__ = True
        name = "assert_trained"
        judged = self._select(scope, except_)
        self._asserted_trained.update(id(evidence.named.tensor) for evidence in judged)
        self._require_a_step(name, judged)
        blamed, left_out = [], []
        held = held_by(self._observer.steppers.values())
        idle: Optional[Set[int]] = None
        for evidence in judged:
            reason = faults.reason(evidence, held)
            if reason is Reason.NOT_HELD:
                # Searching for optimizers is slow, and seldom needed.
                idle = held_by(self._idle_optimizers()) if idle is None else idle
                reason = faults.reason_without_step(evidence, idle, named_by_scope=scope is not None)
            if reason in (Reason.FROZEN, Reason.UNDRIVEN):
                left_out.append(faults.blame(evidence, reason))
            elif reason is not None:
                blamed.append(faults.blame(evidence, reason))
        if judged and len(left_out) == len(judged):
            blamed, left_out = left_out, []
        if blamed:
            self._require_decidable(name, blamed)
            headline = f"{len(blamed)} of {len(judged)} parameters do not train"
            raise BackprobeFailure(name, report(headline, blamed, left_out))

    def assert_untouched(self, scope: Optional[Scope] = None, by: Optional[Scope] = None) -> None:
        """Asserts that the step left parameters alone: no optimizer applied a gradient to them, and their values are the same.

        Buffers may move: the statistics of the other player do.

        Args:
            scope: as in `assert_trained`; without it everything that no `assert_trained` before has named.
            by: where the body trains several players: only what the optimizers do that train these parameters is looked at, as in
                `assert_untouched("discriminator", by="generator")`.

        Raises:
            BackprobeFailure: names the parameters that were changed.
            Inconclusive: if no optimizer stepped, or none that trains `by`.
        """
        __tracebackhide__ = True
        name = "assert_untouched"
        judged = self._select(scope, ())
        if by is not None:
            self._assert_untouched_by(by, judged)
            return
        if scope is None:
            judged = [evidence for evidence in judged if id(evidence.named.tensor) not in self._asserted_trained]
        changed = self._changed() if self._changed_after is None else self._changed_after
        blamed = []
        for evidence in judged:
            if evidence.applied_nonzero:
                blamed.append(faults.blame(evidence, Reason.WAS_UPDATED))
            elif id(evidence.named.tensor) in changed:
                blamed.append(faults.blame(evidence, Reason.VALUE_CHANGED))
        if blamed:
            raise BackprobeFailure(name, report(f"{len(blamed)} of {len(judged)} parameters were changed by the step", blamed))
        if not self._observer.steppers:
            raise Inconclusive(name, "no optimizer stepped, so nothing could have been changed")

    def _assert_untouched_by(self, by: Scope, judged: List[Evidence]) -> None:
        __tracebackhide__ = True
        name = "assert_untouched"
        trained = {id(evidence.named.tensor) for evidence in self._select(by, ())}
        optimizers = [touched for touched in self._observer.trained_by.values() if touched & trained]
        if not optimizers:
            raise Inconclusive(name, f"no optimizer trains {by!r}")
        touched_by_them = set().union(*optimizers) - trained
        blamed = [faults.blame(evidence, Reason.WAS_UPDATED) for evidence in judged if id(evidence.named.tensor) in touched_by_them]
        if blamed:
            headline = f"{len(blamed)} of {len(judged)} parameters were changed by an optimizer that trains {by!r}"
            raise BackprobeFailure(name, report(headline, blamed))

    def assert_statistics_moved(self, scope: Optional[Scope] = None) -> None:
        """Asserts that the running statistics of normalisation layers moved, as they do in train mode.

        Layers whose parameters are all frozen are left out.

        Args:
            scope: as in `assert_trained`; it may also name a buffer.

        Raises:
            BackprobeFailure: names the statistics that did not move.
            Inconclusive: if there are no running statistics, or no forward ran through the layers.
        """
        __tracebackhide__ = True
        name = "assert_statistics_moved"
        judged = [found for found in self._statistics.known() if scope is None or self._is_selected(found, scope)]
        if not judged:
            raise Inconclusive(name, "the models hold no running statistics there, or none was used")
        kept = [found for found in self._statistics.kept() if scope is None or self._is_selected(found, scope)]
        called = [found for found in kept if self._observer.was_called(found.owner)]
        if called:
            blamed = [Blame(found.names, Reason.STATISTICS_KEPT, found.place) for found in called]
            raise BackprobeFailure(name, report(f"{len(blamed)} of {len(judged)} running statistics did not move", blamed))
        if kept:
            raise Inconclusive(name, f"no forward ran through the layer of {', '.join(found.names[0] for found in kept)}")

    def assert_clipped(self, max_norm: float) -> None:
        """Asserts that no optimizer applied gradients whose norm, over all its parameters, is above the bound.

        Args:
            max_norm: what the gradients are clipped to.

        Raises:
            BackprobeFailure: says which step went beyond.
            Inconclusive: if no norm reached the bound, so that nothing had to be clipped.
        """
        __tracebackhide__ = True
        clipping.judge(self._observer.norms, max_norm, self._minimized)

    def assert_gradients_cleared(self) -> None:
        """Asserts that no optimizer stepped on gradients that were added to those of its step before.

        Several backwards before one step add up as they should.

        Raises:
            BackprobeFailure: names the parameters whose gradients were not cleared.
            Inconclusive: if no optimizer stepped twice with a backward between.
        """
        __tracebackhide__ = True
        name = "assert_gradients_cleared"
        judged = self._select(None, ())
        self._require_a_step(name, judged)
        if self._minimized:
            raise Inconclusive(name, "minimize clears gradients itself: run the code that does in the body")
        blamed = [faults.blame(evidence, Reason.CARRIED) for evidence in judged if evidence.carried]
        if blamed:
            raise BackprobeFailure(name, report(f"the gradients of {len(blamed)} of {len(judged)} parameters were not cleared", blamed))
        if not any(evidence.repeated for evidence in judged):
            raise Inconclusive(name, "no optimizer stepped twice with a backward between: run at least two steps in the body")

    def assert_examples_independent(self, f: Callable[..., Any], inputs: Any) -> None:
        """Same as `backprobe.assert_examples_independent`."""
        __tracebackhide__ = True
        backprobe.assert_examples_independent(f, inputs)

    def assert_random_in_training(self, f: Callable[..., Any], inputs: Any = None) -> None:
        """Same as `backprobe.assert_random_in_training`."""
        __tracebackhide__ = True
        backprobe.assert_random_in_training(f, inputs)

    def call_before_updates(self, call: Callable[[Dict[int, int]], None]) -> None:
        """Calls it before every step of an optimizer, with the steps taken, by `id` of the optimizer."""
        self._observer.before_update = call

    def saw_training(self) -> bool:
        """Whether an optimizer stepped, or at least a gradient was seen."""
        return bool(self._observer.steppers) or any(evidence.received for evidence in self._observer.evidence.values())

    def _include_new_models(self) -> None:
        self._statistics.add_snapshot()

    def _make_lazy_parameters(self, f: Callable[[], torch.Tensor]) -> None:
        """A forward in eval mode that gives lazy parameters their shape, without any other effect."""
        __tracebackhide__ = True
        if not any(torch.nn.parameter.is_lazy(found.tensor) for found in model.parameters(self._models)):
            return
        modules = list(self._models.values())
        with in_mode(modules, training=False), buffers_kept(modules), torch.no_grad():
            f()
        self._statistics.take_snapshot()

    def _own_optimizer(self) -> List[torch.optim.Optimizer]:
        trainable = [found.tensor for found in model.parameters(self._models) if found.tensor.requires_grad]
        return [torch.optim.SGD(trainable, lr=_LEARNING_RATE)] if trainable else []

    def _one_step(self, f: Callable[[], torch.Tensor], optimizers: List[torch.optim.Optimizer]) -> None:
        __tracebackhide__ = True

        def closure() -> torch.Tensor:
            for whole in self._models.values():
                whole.zero_grad(set_to_none=True)
            for optimizer in optimizers:
                optimizer.zero_grad(set_to_none=True)
            loss = _checked_loss(f())
            if not bool(torch.isfinite(loss.detach())):
                raise _NotFinite(f"the loss is {loss.item()}")
            if loss.requires_grad:
                loss.backward()
            return loss

        if len(optimizers) == 1 and _needs_closure(optimizers[0]):
            optimizers[0].step(closure)
            return
        closure()
        for optimizer in optimizers:
            optimizer.step()

    def _idle_optimizers(self) -> List[torch.optim.Optimizer]:
        given = [optimizer for optimizer in self._given_optimizers if id(optimizer) not in self._observer.steppers]
        return [*given, *self._observer.idle_optimizers()]

    def _require_a_step(self, assertion: str, judged: List[Evidence]) -> None:
        """Raises if what was observed is not a training step at all."""
        __tracebackhide__ = True
        observer = self._observer
        if not self._models:
            raise Inconclusive(assertion, "no model was seen: give training_step the model, or call the code that trains it in the body")
        if observer.errors:
            raise Inconclusive(assertion, f"the step could not be observed: {observer.errors[0]!r}")
        if self._doubts:
            raise Inconclusive(assertion, self._doubts[0])
        everything = list(observer.evidence.values())
        if not all(evidence.applied_finite for evidence in everything):
            raise Inconclusive(assertion, "the gradients are not finite")
        skipped = observer.skipped_steps or not all(evidence.received_finite for evidence in everything)
        if not observer.steppers and skipped:
            raise Inconclusive(assertion, "every optimizer step was skipped because gradients were not finite: run more steps")
        if all(evidence.frozen for evidence in judged):
            return
        if not self._minimized and not any(evidence.received or evidence.applied for evidence in everything):
            raise Inconclusive(assertion, "no backward reached a parameter of the models: run forward and backward in the body")
        if not observer.steppers and not self._stands_still(everything):
            raise Inconclusive(assertion, "no optimizer was seen: pass the optimizer, or step it in the body")

    def _stands_still(self, everything: List[Evidence]) -> bool:
        """Whether an optimizer holds parameters that received gradient, and nothing at all moved them."""
        held = held_by(self._idle_optimizers())
        received = [evidence for evidence in everything if evidence.received_nonzero and id(evidence.named.tensor) in held]
        return bool(received) and not any(evidence.value_changed() for evidence in everything)

    def _require_decidable(self, assertion: str, blamed: Iterable[Blame]) -> None:
        """Raises if zero gradients have a harmless cause: a net that happens to be dead."""
        __tracebackhide__ = True
        if not any(blame.reason is Reason.ZERO for blame in blamed):
            return
        found = self._dead or self._observer.dead_modules()
        if found:
            where = ", ".join(found)
            raise Inconclusive(assertion, f"the output of {where} is zero everywhere, so no gradient passes: try another seed or size")
        gates = [
            evidence.named.names[0]
            for evidence in self._observer.evidence.values()
            if evidence.starts_at_zero and evidence.applied_nonzero and "bias" not in evidence.named.names[0].rpartition(".")[2]
        ]
        if gates and max(self._observer.steps.values()) < _MOST_STEPS:
            where = ", ".join(gates)
            raise Inconclusive(assertion, f"{where} starts at zero and lets no gradient pass at first: run the body {_MOST_STEPS} times")

    def _changed(self) -> Set[int]:
        return {key for key, evidence in self._observer.evidence.items() if evidence.value_changed()}

    def _select(self, scope: Optional[Scope], except_: Scope) -> List[Evidence]:
        __tracebackhide__ = True
        if self._changed_after is None:
            # Still in the body: layers may have been made or thawed since.
            self._observer.find_parameters()
        everything = list(self._observer.evidence.values())
        for part in [*([] if scope is None else as_list(scope)), *as_list(except_)]:
            if not any(self._is_selected(evidence.named, part) for evidence in everything):
                raise UnknownScope(part, [name for evidence in everything for name in evidence.named.names])
        return [
            evidence
            for evidence in everything
            if (scope is None or self._is_selected(evidence.named, scope)) and not self._is_selected(evidence.named, except_)
        ]

    def _is_selected(self, found: model.NamedTensor, scope: Scope) -> bool:
        for part in as_list(scope):
            if isinstance(part, str):
                if any(selects(part, name) for name in found.names):
                    return True
            elif part is found.tensor:
                return True
            elif model.is_module(part) and any(found.owner is module for module in part.modules()):
                return True
        return False


class _NotFinite(Exception):
    """A loss is NaN or infinite."""


def _as_optimizers(optimizer: Optimizers) -> List[torch.optim.Optimizer]:
    if optimizer is None:
        return []
    return list(optimizer) if isinstance(optimizer, (list, tuple)) else [optimizer]


def _needs_closure(optimizer: torch.optim.Optimizer) -> bool:
    parameter = inspect.signature(type(optimizer).step).parameters.get("closure")
    return parameter is not None and parameter.default is inspect.Parameter.empty


def _checked_loss(loss: Any) -> torch.Tensor:
    __tracebackhide__ = True
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
        shape = f"a tensor of shape {tuple(loss.shape)}" if isinstance(loss, torch.Tensor) else type(loss).__name__
        raise TypeError(f"minimize needs a function that returns a loss with one element, got {shape}; see backprobe.probe_loss")
    return loss
