"""Keras on PyTorch."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Callable, List, Optional, Sequence, Tuple

import torch

from backprobe.contents import Content
from backprobe.on_keras.backends import Receive
from backprobe.on_torch import dead as rectifiers
from backprobe.on_torch import tensors
from backprobe.on_torch.modes import same_random_numbers


def watching() -> AbstractContextManager[Any]:
    """Compiled code runs eagerly; the compiler is not imported for this."""
    if "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance"):
        return torch.compiler.set_stance("force_eager")
    return nullcontext()


def deliver(gradients: Sequence[Any], receive: Receive) -> None:
    """Looks at gradients."""
    with torch.no_grad():
        receive([None if gradient is None else tensors.content(gradient) for gradient in gradients])


def deliver_norms(gradients: Sequence[Any], receive: Callable[[List[float]], None]) -> None:
    """The norm of each gradient."""
    receive([tensors.squared_norm(gradient) ** 0.5 for gradient in gradients])


def finish() -> None:
    """Everything is delivered at once."""


def gradients(
    f: Callable[[], Any], variables: Callable[[], List[Any]], others: Callable[[], List[Any]], is_unbuilt: bool
) -> Tuple[Any, List[Any], List[Any]]:
    """The loss, the variables and their gradients."""
    __tracebackhide__ = True
    for variable in variables():
        variable.value.grad = None
    with torch.enable_grad():
        loss = f()
    found = variables()
    if loss.requires_grad and bool(torch.isfinite(loss.detach()).all()):
        loss.backward()
    return loss, found, [variable.value.grad for variable in found]


def reached(f: Callable[[], Any], variables: List[Any]) -> None:
    """Absent gradients are seen as such."""


def dead(f: Callable[[], Any]) -> List[str]:
    """Names of the rectifiers whose output is zero everywhere."""
    with torch.no_grad():
        return rectifiers.activations(f)


def repeatable() -> AbstractContextManager[Any]:
    """The generators start from one seed."""
    return same_random_numbers()


def input_gradients(loss_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
    """What the gradients of tensors hold that a loss is a function of."""
    values = [value.detach().clone().requires_grad_() for value in values]
    with torch.enable_grad():
        loss = loss_of(values)
        gradients = torch.autograd.grad(loss, values, allow_unused=True) if loss.requires_grad else [None] * len(values)
    return [None if gradient is None else tensors.content(gradient) for gradient in gradients]


def plain(tensor: Any) -> Any:
    """Without gradient."""
    return tensor.detach()
