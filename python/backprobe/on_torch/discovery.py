"""Finds the models of a step that the test does not hold: those that the functions at work have as variables."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Callable, Dict, Iterator, Optional, Tuple

import torch

from backprobe.on_torch import model

_OWN = __name__.partition(".")[0]


def models_at_work() -> Dict[str, torch.nn.Module]:
    """The outermost modules among the variables of the functions that are running, innermost function first.

    A model is named as its variable; one that an object or container holds, behind the name of that; what `self` holds, by its attribute.
    """
    found: Dict[str, torch.nn.Module] = {}
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] not in ("torch", _OWN):
            for name, module in _of_frame(frame):
                if not any(module is known for known in found.values()):
                    found.setdefault(name, module)
        frame = frame.f_back
    return {name: module for name, module in found.items() if not _is_inside_another(module, found)}


def before_first_forward(call: Callable[[], None]) -> Callable[[], None]:
    """Calls `call` once, before the next forward of any module; returns what calls it off. A hook that stayed would be compiled with the
    user's code, at length."""

    def once(module: torch.nn.Module, inputs: Any) -> None:
        handle.remove()
        call()

    handle = torch.nn.modules.module.register_module_forward_pre_hook(once)
    return handle.remove


def _of_frame(frame: FrameType) -> Iterator[Tuple[str, torch.nn.Module]]:
    named = dict(frame.f_locals)
    if frame.f_code.co_name != "<module>":
        named.update((name, frame.f_globals[name]) for name in frame.f_code.co_names if name in frame.f_globals and name not in named)
    for name, value in named.items():
        prefix = "" if name == "self" else name
        if model.is_module(value):
            yield prefix, value
        else:
            for inner, module in model.held_modules(value):
                yield f"{prefix}.{inner}".lstrip("."), module


def _is_inside_another(module: torch.nn.Module, found: Dict[str, torch.nn.Module]) -> bool:
    return any(other is not module and any(module is part for part in other.modules()) for other in found.values())
