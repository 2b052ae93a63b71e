"""Finds the modules of a step that the test does not hold."""

from __future__ import annotations

from typing import Any, Callable, Dict

import torch

from backprobe import discovery
from backprobe.on_torch import model

_MODULES = discovery.Kind(
    is_model=model.is_module,
    contains=lambda module, whole: any(module is part for part in whole.modules()),
    packages=("torch",),
)


def models_at_work() -> Dict[str, torch.nn.Module]:
    """The outermost modules among the variables of the functions that are running; see `discovery.models_at_work`."""
    return discovery.models_at_work(_MODULES)


def before_first_forward(call: Callable[[], None]) -> Callable[[], None]:
    """Calls `call` once, before the next forward of any module; returns what calls it off. A hook that stayed would be compiled with the
    user's code, at length."""

    def once(module: torch.nn.Module, inputs: Any) -> None:
        handle.remove()
        call()

    handle = torch.nn.modules.module.register_module_forward_pre_hook(once)
    return handle.remove
