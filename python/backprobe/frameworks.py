"""Which frameworks the test has imported, and what the package asks of each.

backprobe imports none that the test has not: some pairs cannot share a process.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, List, Optional, Protocol, Sequence, Tuple

if TYPE_CHECKING:
    from backprobe.calls import Caller
    from backprobe.observed import ObservedStep
    from backprobe.step import TrainingStep


NAMES = ("keras", "tensorflow2", "torch", "jax", "tensorflow1")
"""The frameworks."""


class Entry(Protocol):
    """The module `entry` of the package of a framework."""

    def steps(self, model: Any, optimizer: Any) -> bool:
        """Whether `training_step` understands the model and optimizer; without a model, whether code of the framework may run here."""

    def training_step(self, model: Any, optimizer: Any, state: Any) -> TrainingStep:
        """A step under observation."""

    def script_step(self) -> Optional[ObservedStep]:
        """A step that watches whatever a script trains; nothing where that cannot be watched."""

    def uses(self, f: Any) -> bool:
        """Whether a callable is a model of the framework or leads to one."""

    def is_tensor(self, leaf: Any) -> bool:
        """Whether a value is a tensor of the framework."""

    def caller(self, assertion: str, f: Any, inputs: Any, feed: Any) -> Tuple[Caller, Any]:
        """What calls `f` for this assertion, and the inputs as it takes them."""

    def projection(self, leaves: Sequence[Any]) -> Any:
        """The fixed random projection of outputs."""


def entries() -> List[Entry]:
    """The frameworks that are imported, those first that others are part of: a Keras layer on PyTorch is a torch module as well."""
    found = [entry(name) for name in NAMES]
    return [framework for framework in found if framework is not None]


def stepping(model: Any, optimizer: Any) -> List[Entry]:
    """The frameworks whose step takes the model, several where one is part of another.

    Anything may be a tree of parameters, so JAX is asked only about what holds no model of another framework.
    """
    found: List[Entry] = []
    for name in NAMES:
        framework = entry(name)
        is_taken = bool(found) and model is not None and name == "jax"
        if framework is not None and not is_taken and framework.steps(model, optimizer):
            found.append(framework)
    return found


def entry(name: str) -> Optional[Entry]:
    """The framework of that name, if it is imported."""
    imported = {"keras": keras, "tensorflow2": tensorflow1, "torch": torch, "jax": jax, "tensorflow1": tensorflow1}
    return None if imported[name]() is None else importlib.import_module(f"backprobe.on_{name}.entry")


def torch() -> Optional[ModuleType]:
    """PyTorch, if it is imported (whole: a module halfway through its import does not count)."""
    module = sys.modules.get("torch")
    return module if hasattr(module, "nn") and hasattr(module, "optim") else None


def keras() -> Optional[ModuleType]:
    """Keras 3, if it is imported whole, by itself or as `tf.keras`."""
    module = sys.modules.get("keras")
    return module if hasattr(module, "Model") and hasattr(module, "ops") and hasattr(module, "version") else None


def keras2() -> Optional[ModuleType]:
    """Keras 2, if it is imported whole: the package `tf_keras`, or `keras` itself."""
    found = [sys.modules.get(name) for name in ("tf_keras", "keras")]
    return next((module for module in found if hasattr(module, "Model") and not hasattr(module, "ops")), None)


def jax() -> Optional[ModuleType]:
    """JAX, if it is imported whole."""
    module = sys.modules.get("jax")
    return module if hasattr(module, "grad") and hasattr(module, "numpy") else None


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
