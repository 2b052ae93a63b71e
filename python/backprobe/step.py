"""What a training step under observation offers, whatever the framework."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Protocol

from backprobe import frameworks
from backprobe.scopes import Scope


class TrainingStep(Protocol):
    """A step, made by `backprobe.training_step` and used as a context manager; each framework says more about it."""

    def __enter__(self) -> Any:
        """Starts watching."""

    def __exit__(self, *error: object) -> None:
        """Stops watching."""

    def minimize(self, f: Callable[..., Any]) -> None:
        """Runs the step: loss, backward, optimizer, up to three times."""

    def assert_trained(self, scope: Optional[Scope] = None, except_: Scope = ()) -> None:
        """Asserts that every parameter received a gradient that is not exactly zero, and that an optimizer which holds it stepped."""

    def assert_untouched(self, scope: Optional[Scope] = None, by: Optional[Scope] = None) -> None:
        """Asserts that the step left parameters alone."""

    def assert_statistics_moved(self, scope: Optional[Scope] = None) -> None:
        """Asserts that the running statistics of normalisation layers moved."""

    def assert_clipped(self, max_norm: float) -> None:
        """Asserts that no optimizer applied gradients whose norm is above the bound."""

    def assert_gradients_cleared(self) -> None:
        """Asserts that no optimizer stepped on gradients that were added to those of its step before."""

    def assert_examples_independent(self, f: Any, inputs: Any) -> None:
        """Asserts that, in eval mode, the examples of a batch do not influence each other."""

    def assert_random_in_training(self, f: Any, inputs: Any = None) -> None:
        """Asserts that two calls in train mode on the same input differ."""

    def saw_training(self) -> bool:
        """Whether an optimizer stepped, or at least a gradient was seen."""


class EitherStep:
    """Several frameworks watch one body; the one that saw something answers, else the first."""

    def __init__(self, steps: Mapping[frameworks.Entry, TrainingStep]) -> None:
        self._steps = steps

    def __enter__(self) -> EitherStep:
        for step in self._steps.values():
            step.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        for step in reversed(list(self._steps.values())):
            step.__exit__(*error)

    def minimize(self, f: Callable[..., Any]) -> None:
        """Runs the step of the framework whose models `f` leads to, else of the first."""
        __tracebackhide__ = True
        steps = list(self._steps.values())
        next((step for framework, step in self._steps.items() if framework.uses(f)), steps[0]).minimize(f)

    def __getattr__(self, name: str) -> Any:
        steps = list(self._steps.values())
        return getattr(next((step for step in steps if step.saw_training()), steps[0]), name)
