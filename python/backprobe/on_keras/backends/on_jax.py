"""Keras on JAX."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Callable, List, Optional, Sequence, Tuple

import jax
import keras

from backprobe.contents import Content
from backprobe.on_jax import arrays, dependence, intermediates
from backprobe.on_keras.backends import Receive


def watching() -> AbstractContextManager[Any]:
    """Functions that were compiled before are traced again, inside and afterwards."""
    return arrays.compiled_afresh()


def deliver(gradients: Sequence[Any], receive: Receive) -> None:
    """Looks at gradients, or has compiled code look at them when it runs."""
    arrays.deliver(gradients, receive)


def deliver_norms(gradients: Sequence[Any], receive: Callable[[List[float]], None]) -> None:
    """The norm of each gradient."""
    arrays.deliver_norms(gradients, receive)


def finish() -> None:
    """Waits for compiled code."""
    jax.effects_barrier()


def gradients(
    f: Callable[[], Any], variables: Callable[[], List[Any]], others: Callable[[], List[Any]], is_unbuilt: bool
) -> Tuple[Any, List[Any], List[Any]]:
    """The loss, the variables and their gradients. What is not built yet is built by a call first; what the call writes is kept."""
    __tracebackhide__ = True
    if is_unbuilt:
        f()
    found, written = variables(), others()

    def loss_of(values: List[Any]) -> Tuple[Any, Tuple[Any, List[Any]]]:
        with keras.StatelessScope(state_mapping=list(zip(found, values))) as scope:
            loss = f()
        return loss, (loss, [scope.get_current_value(variable) for variable in written])

    computed, (loss, after) = jax.grad(loss_of, has_aux=True)([variable.value for variable in found])
    for variable, value in zip(written, after):
        if value is not None:
            variable.assign(value)
    return loss, found, list(computed)


def reached(f: Callable[[], Any], variables: List[Any]) -> Optional[List[bool]]:
    """Which variables a gradient of the loss comes back to, be it zero; nothing where that cannot be said."""

    def loss_of(values: List[Any]) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables, values))):
            return f()

    return dependence.reached(loss_of, [variable.value for variable in variables])


def dead(f: Callable[[], Any]) -> List[str]:
    """Names of the rectifiers whose output is zero everywhere."""
    return intermediates.dead(lambda: _without_writing(f))


def repeatable() -> AbstractContextManager[Any]:
    """Random numbers are a function of keys."""
    return nullcontext()


def input_gradients(loss_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
    """What the gradients of tensors hold that a loss is a function of."""
    return [arrays.content(gradient) for gradient in jax.grad(lambda given: _without_writing(lambda: loss_of(given)))(values)]


def plain(tensor: Any) -> Any:
    """An array lends its memory."""
    return tensor


def _without_writing(f: Callable[[], Any]) -> Any:
    """Calls `f` while it is traced: what it would write into variables is dropped."""
    with keras.StatelessScope():
        return f()
