"""Finds dead activations: a rectifier whose output is zero everywhere lets no gradient pass, and that is chance, not a bug."""

from __future__ import annotations

from typing import Any, Callable, List

from torch.overrides import TorchFunctionMode

from backprobe.on_torch.observer import is_all_zero

_RECTIFIERS = {"relu", "relu_", "relu6", "threshold", "threshold_", "hardtanh", "hardtanh_", "clamp_min", "clamp_min_"}


def activations(f: Callable[[], Any]) -> List[str]:
    """Calls `f` and names the rectifiers, modules and functions alike, whose output was zero everywhere."""
    watch = _Watch()
    with watch:
        f()
    return watch.found


class _Watch(TorchFunctionMode):
    def __init__(self) -> None:
        super().__init__()
        self.found: List[str] = []

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = function(*args, **(kwargs or {}))
        name = getattr(function, "__name__", "")
        if name in _RECTIFIERS and name not in self.found and is_all_zero(output):
            self.found.append(name)
        return output
