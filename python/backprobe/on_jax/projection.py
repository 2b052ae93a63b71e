"""The fixed random projection of JAX outputs, computed or traced."""

from __future__ import annotations

from typing import Any, Sequence

import jax
import jax.numpy as jnp

from backprobe.on_jax import arrays

_SEED = 20170419


def projection(leaves: Sequence[Any]) -> Any:
    """The sum over all float leaves of elementwise products with fixed standard normal weights, each divided by the root of its size."""
    terms = [_term(leaf, index) for index, leaf in enumerate(leaves) if arrays.is_float(leaf) and leaf.size]
    if not terms:
        raise TypeError("probe_loss needs an output with at least one float tensor; these hold integers or booleans")
    return sum(terms[1:], terms[0])


def _term(leaf: Any, index: int) -> Any:
    values = leaf if leaf.dtype == jnp.float64 else leaf.astype(jnp.float32)
    weights = jax.random.normal(jax.random.key(_SEED + index), leaf.shape, values.dtype)
    return jnp.sum(values * weights) / leaf.size**0.5
