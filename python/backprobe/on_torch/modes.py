"""Puts modules into a mode, keeps random numbers equal between calls, and undoes both."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Dict, Iterable, Iterator, List, Tuple

import torch

from backprobe.on_torch import model, tensors


@contextmanager
def in_mode(modules: Iterable[torch.nn.Module], training: bool) -> Iterator[None]:
    """Calls `train(training)` on the modules, whose own overrides are respected; afterwards every submodule has its old mode."""
    modules = list(modules)
    before: Dict[int, Tuple[torch.nn.Module, bool]] = {
        id(part): (part, part.training) for module in modules for part in module.modules()
    }
    for module in modules:
        module.train(training)
    try:
        yield
    finally:
        for part, mode in before.values():
            part.training = mode


@contextmanager
def buffers_kept(modules: Iterable[torch.nn.Module]) -> Iterator[None]:
    """Restores the values of all buffers: a call in between moves no statistics."""
    kept: List[Tuple[torch.Tensor, torch.Tensor]] = [
        (buffer, buffer.detach().clone())
        for module in modules
        for _, _, buffer in model.buffers({"": module})
        if tensors.is_materialised(buffer)
    ]
    try:
        yield
    finally:
        with torch.no_grad():
            for buffer, values in kept:
                buffer.copy_(values)


@contextmanager
def same_random_numbers(seed: int = 0) -> Iterator[None]:
    """The calls inside draw the numbers that follow the seed; the generators outside are not disturbed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
