"""What differs between the backends of Keras: how gradients come, where code is compiled, which random numbers are drawn."""

from __future__ import annotations

import importlib
from contextlib import AbstractContextManager
from typing import Any, Callable, List, Optional, Protocol, Sequence, Tuple

import keras

from backprobe.contents import Content

BACKENDS = ("tensorflow", "torch", "jax")
"""Those that compute gradients."""

Receive = Callable[[List[Optional[Content]]], None]
"""Takes what gradients hold, nothing for one that is absent."""


class Backend(Protocol):
    """The module of a backend."""

    def watching(self) -> AbstractContextManager[Any]:
        """Code inside runs where it can be watched, even if it was compiled before."""

    def deliver(self, gradients: Sequence[Any], receive: Receive) -> None:
        """Looks at gradients and passes on what they hold, later if they are not computed yet."""

    def deliver_norms(self, gradients: Sequence[Any], receive: Callable[[List[float]], None]) -> None:
        """The same for the norm of each gradient."""

    def finish(self) -> None:
        """Waits for what is not delivered yet."""

    def gradients(
        self, f: Callable[[], Any], variables: Callable[[], List[Any]], others: Callable[[], List[Any]], is_unbuilt: bool
    ) -> Tuple[Any, List[Any], List[Any]]:
        """The loss, the variables that exist by then, and the gradient of each; `others` are variables that the call
        may write, and what is not built yet may have to be built first."""

    def reached(self, f: Callable[[], Any], variables: List[Any]) -> Optional[List[bool]]:
        """Which variables a gradient of the loss comes back to, be it zero; nothing where that cannot be said, or an absent gradient is
        seen as such."""

    def dead(self, f: Callable[[], Any]) -> List[str]:
        """Names of the rectifiers whose output is zero everywhere when `f` is called."""

    def repeatable(self) -> AbstractContextManager[Any]:
        """The calls inside draw the same random numbers, but for those of Keras' own generators."""

    def input_gradients(self, loss_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
        """What the gradients of tensors hold that a loss is a function of."""

    def plain(self, tensor: Any) -> Any:
        """The values of a tensor or variable as something that lends its memory."""


def current() -> Backend:
    """The backend in use.

    Raises:
        TypeError: if it cannot train.
    """
    name = keras.config.backend()
    if name not in BACKENDS:
        raise TypeError(f"the backend {name} of Keras computes no gradients: choose tensorflow, torch or jax")
    return importlib.import_module(f"{__name__}.on_{name}")
