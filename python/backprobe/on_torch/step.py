"""One training step of torch models: run it, watch it, and assert what must hold after it."""

from __future__ import annotations

import functools
import inspect
from contextlib import ExitStack
from typing import Any, Callable, List, Optional, Sequence, Set, Union

import torch

from backprobe.blame import Reason, report
from backprobe.evidence import Statistic
from backprobe.observed import MOST_STEPS, ObservedStep
from backprobe.on_torch import dead, faults, model
from backprobe.on_torch.evidence import Evidence
from backprobe.on_torch.modes import buffers_kept, in_mode
from backprobe.on_torch.observer import Observer, held_by
from backprobe.on_torch.statistics import Statistics
from backprobe.outcome import BackprobeFailure, Inconclusive

_LEARNING_RATE = 0.01

Optimizers = Union[torch.optim.Optimizer, Sequence[torch.optim.Optimizer], None]


class TrainingStep(ObservedStep):
    """A training step under observation; made by `backprobe.training_step(model, optimizer=None)`, used as a context manager.

    The step is either `minimize(f)` or the user's own code as the body of the `with`. Assertions may stand inside or behind the body.
    Without a model, those that the functions called in the body have as variables are found, and named after the variables.
    Parameters are named as in `named_parameters()`, behind the name of their module where several were given.
    """

    def __init__(self, given: Any, optimizer: Optimizers = None) -> None:
        super().__init__()
        self._models = {} if given is None else model.modules_in(given)
        self._given_optimizers = _as_optimizers(optimizer)
        self._observer = Observer(self._models, self._include_new_models if given is None else None)
        self._observer.before_update = self._announce_update
        self._undo = ExitStack()
        self._running_statistics = Statistics(self._models)
        self._evidence = self._observer.evidence  # type: ignore[assignment]
        self._steps = self._observer.steps
        self._trained_by = self._observer.trained_by
        self._errors = self._observer.errors
        self._norms = self._observer.norms
        self._runs = False

    def __enter__(self) -> TrainingStep:
        self._runs = True
        self._observer.start()
        self._undo.callback(self._observer.stop)
        self._running_statistics.start(self._undo)
        return self

    def __exit__(self, *error: object) -> None:
        self._runs = False
        try:
            for evidence in self._observer.evidence.values():
                evidence.settle()
            self._running_statistics.settle()
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
            raise TypeError("minimize needs the model, made outside of the function: backprobe.training_step(model)")
        self._minimized = True
        modules = list(self._models.values())
        with in_mode(modules, training=True), torch.enable_grad():
            self._make_lazy_parameters(f)
            optimizers = self._given_optimizers or self._own_optimizer()
            for count in range(MOST_STEPS):
                self._observer.find_parameters()
                try:
                    self._one_step(f, optimizers)
                except _NotFinite as error:
                    self._is_usable(error.loss, count)
                    return
                if all(evidence.is_settled() for evidence in self._evidence.values()):
                    return
            if any(evidence.applied and not evidence.nonzero for evidence in self._evidence.values()):
                with buffers_kept(modules), torch.no_grad():
                    self._dead = dead.activations(f)

    def assert_gradients_cleared(self) -> None:
        """Asserts that no optimizer stepped on gradients that were added to those of its step before.

        Several backwards before one step add up as they should.

        Raises:
            BackprobeFailure: names the parameters whose gradients were not cleared.
            Inconclusive: if no optimizer stepped twice with a backward between.
        """
        __tracebackhide__ = True
        name = "assert_gradients_cleared"
        judged = list(self._select(name, None, ()).values())
        self._require_a_step(name, judged)
        if self._minimized:
            raise Inconclusive(name, "minimize clears gradients itself: run the code that does in the body")
        blamed = [evidence.blame(Reason.CARRIED) for evidence in judged if evidence.carried]
        if blamed:
            raise BackprobeFailure(name, report(f"the gradients of {len(blamed)} of {len(judged)} parameters were not cleared", blamed))
        if not any(evidence.repeated for evidence in judged):
            raise Inconclusive(name, "no optimizer stepped twice with a backward between: run at least two steps in the body")

    def saw_training(self) -> bool:
        """Whether an optimizer stepped, or at least a gradient was seen."""
        return super().saw_training() or any(evidence.received for evidence in self._evidence.values())

    def _include_new_models(self) -> None:
        self._running_statistics.add_snapshot()

    def _make_lazy_parameters(self, f: Callable[[], torch.Tensor]) -> None:
        """A forward in eval mode that gives lazy parameters their shape, without any other effect."""
        __tracebackhide__ = True
        if not any(torch.nn.parameter.is_lazy(found.tensor) for found in model.parameters(self._models)):
            return
        modules = list(self._models.values())
        with in_mode(modules, training=False), buffers_kept(modules), torch.no_grad():
            f()
        self._running_statistics.take_snapshot()

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
                raise _NotFinite(loss.item())
            if loss.requires_grad:
                loss.backward()
            return loss

        if len(optimizers) == 1 and _needs_closure(optimizers[0]):
            optimizers[0].step(closure)
            return
        closure()
        for optimizer in optimizers:
            optimizer.step()

    def _idle(self) -> List[int]:
        return [id(optimizer) for optimizer in self._observer.idle_optimizers()]

    def _refresh(self) -> None:
        for found in ("_held", "_held_by_idle"):
            self.__dict__.pop(found, None)
        if self._runs:
            # Layers may have been made or thawed since.
            self._observer.find_parameters()

    def _statistics(self) -> List[Statistic]:
        return self._running_statistics.after(self._observer.was_called)

    def _fault(self, evidence: Evidence, named_by_scope: bool) -> Optional[Reason]:
        reason = faults.reason(evidence, self._held)
        if reason is Reason.NOT_HELD:
            return faults.reason_without_step(evidence, self._held_by_idle, named_by_scope)
        return reason

    def _may_train_later(self, evidence: Evidence, reason: Reason) -> bool:
        is_of_idle = id(evidence.tensor) in self._held_by_idle and id(evidence.tensor) not in self._held
        return is_of_idle or super()._may_train_later(evidence, reason)

    @functools.cached_property
    def _held(self) -> Set[int]:
        """The parameters of optimizers that stepped."""
        return held_by(self._observer.steppers.values())

    @functools.cached_property
    def _held_by_idle(self) -> Set[int]:
        """The parameters of optimizers that did not step; searching for them is slow, and seldom needed."""
        given = [optimizer for optimizer in self._given_optimizers if id(optimizer) not in self._observer.steppers]
        return held_by([*given, *self._observer.idle_optimizers()])

    def _dead_parts(self) -> List[str]:
        return self._dead or self._observer.dead_modules()

    def _require_an_optimizer(self, assertion: str) -> None:
        __tracebackhide__ = True
        everything = list(self._evidence.values())
        skipped = self._observer.skipped_steps or not all(evidence.received_finite for evidence in everything)
        if not self._steps and skipped:
            raise Inconclusive(assertion, "every optimizer step was skipped because gradients were not finite: run more steps")
        if not self._minimized and not any(evidence.received or evidence.applied for evidence in everything):
            raise Inconclusive(assertion, "no backward reached a parameter of the models: run forward and backward in the body")
        if not self._steps and not self._stands_still(everything):
            raise Inconclusive(assertion, self._NO_OPTIMIZER)

    def _stands_still(self, everything: List[Evidence]) -> bool:
        """Whether an optimizer holds parameters that received gradient, and nothing at all moved them."""
        received = [evidence for evidence in everything if evidence.received_nonzero and id(evidence.tensor) in self._held_by_idle]
        return bool(received) and not any(evidence.has_changed() for evidence in everything)

    def _is_part(self, found: Union[Evidence, Statistic], part: object) -> bool:
        return part is found.tensor or (model.is_module(part) and any(found.owner is module for module in part.modules()))


class _NotFinite(Exception):
    """A loss is NaN or infinite."""

    def __init__(self, loss: float) -> None:
        super().__init__(f"the loss is {loss}")
        self.loss = loss


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
