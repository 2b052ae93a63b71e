"""What the package asks of JAX; see `frameworks.Entry`."""

from __future__ import annotations

import sys
from typing import Any, Optional, Tuple

import jax

from backprobe import frameworks, holders
from backprobe.observed import ObservedStep
from backprobe.on_jax import arrays, trees
from backprobe.on_jax.calls import Caller
from backprobe.on_jax.projection import projection

__all__ = ["caller", "is_tensor", "projection", "script_step", "steps", "training_step", "uses"]

_COMPILED = type(jax.jit(lambda: None))


def steps(model: Any, optimizer: Any) -> bool:
    """Whether the model is one of NNX, a train state, or a tree of parameters; without a model, whether optax may train here."""
    if model is None:
        return "optax" in sys.modules and not frameworks.builds_graphs()
    if _nnx_modules(model) or hasattr(type(model), "apply_gradients"):
        return True
    floats = trees.floats(model).values()
    return any(arrays.is_array(leaf) for leaf in floats) or (bool(floats) and hasattr(optimizer, "update"))


def training_step(model: Any, optimizer: Any, state: Any) -> ObservedStep:
    """A step under observation."""
    if model is not None and _nnx_modules(model):
        from backprobe.on_jax.nnx_step import NnxStep

        return NnxStep(model, optimizer)
    from backprobe.on_jax.step import TrainingStep

    return TrainingStep(model, optimizer, state)


def script_step() -> Optional[ObservedStep]:
    """A step whose parameters are those that optax is given gradients of."""
    return training_step(None, None, None) if steps(None, None) else None


def uses(f: Any) -> bool:
    """Whether the callable leads to arrays, modules or compiled functions of JAX."""
    return bool(holders.models_behind(f, _is_of_jax))


def is_tensor(leaf: Any) -> bool:
    """Whether the value is an array of JAX."""
    return arrays.is_array(leaf)


def caller(assertion: str, f: Any, inputs: Any, feed: Any) -> Tuple[Caller, Any]:
    """Calls functions and modules."""
    return Caller(), inputs


def _is_of_jax(value: Any) -> bool:
    kind = type(value)
    if kind is _COMPILED or issubclass(kind, jax.Array):
        return True
    return any(base.__module__ in ("flax.linen.module", "flax.nnx.module") for base in kind.__mro__)


def _nnx_modules(model: Any) -> Any:
    if "flax.nnx" not in sys.modules:
        return {}
    from backprobe.on_jax import nnx_model

    return nnx_model.modules_in(model)
