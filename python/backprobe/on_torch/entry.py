"""What the package asks of PyTorch; see `frameworks.Entry`."""

from __future__ import annotations

from typing import Any, Tuple

import torch

from backprobe import frameworks
from backprobe.on_torch import model as models
from backprobe.on_torch.calls import Caller
from backprobe.on_torch.projection import projection
from backprobe.on_torch.step import TrainingStep

__all__ = ["caller", "is_tensor", "projection", "script_step", "steps", "training_step", "uses"]


def steps(model: Any, optimizer: Any) -> bool:
    """Whether a step of this model is one of PyTorch; without a model it may be."""
    return not frameworks.builds_graphs() if model is None else bool(models.modules_in(model))


def script_step() -> TrainingStep:
    """A step whose models are found."""
    return TrainingStep(None)


def uses(f: Any) -> bool:
    """Whether the callable is a module or leads to one."""
    return bool(models.modules_behind(f))


def is_tensor(leaf: Any) -> bool:
    """Whether the value is a tensor."""
    return isinstance(leaf, torch.Tensor)


def training_step(model: Any, optimizer: Any, state: Any) -> TrainingStep:
    """A step under observation."""
    return TrainingStep(model, optimizer)


def caller(assertion: str, f: Any, inputs: Any, feed: Any) -> Tuple[Caller, Any]:
    """Calls modules and functions."""
    return Caller(), inputs
