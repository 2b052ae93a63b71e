"""Which frameworks the test has imported. backprobe imports none that the test has not: some pairs cannot share a process."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Optional


def torch() -> Optional[ModuleType]:
    """PyTorch, if it is imported (whole: a module halfway through its import does not count)."""
    module = sys.modules.get("torch")
    return module if hasattr(module, "nn") and hasattr(module, "optim") else None


def tensorflow1() -> Optional[Any]:
    """The TensorFlow 1 interface, ``tensorflow.compat.v1``, if TensorFlow is imported."""
    module = sys.modules.get("tensorflow")
    return getattr(getattr(module, "compat", None), "v1", None)


def builds_graphs() -> bool:
    """Whether TensorFlow is imported and does not run eagerly here, as TensorFlow 1 code wants it."""
    v1 = tensorflow1()
    return v1 is not None and not v1.executing_eagerly()


def numpy() -> Optional[ModuleType]:
    """numpy, if it is imported."""
    return sys.modules.get("numpy")


def is_graph_tensor(value: object) -> bool:
    """Whether the value is a tensor, operation or variable of a TensorFlow graph."""
    v1 = tensorflow1()
    if v1 is None:
        return False
    kinds = (v1.Tensor, v1.Operation, v1.Variable)
    return issubclass(type(value), kinds) and getattr(value, "graph", None) is not None
