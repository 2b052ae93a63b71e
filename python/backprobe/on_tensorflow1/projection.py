"""The fixed random projection of outputs in a TensorFlow graph."""

from __future__ import annotations

from typing import Any, Sequence

from backprobe.on_tensorflow1 import v1

_SEED = 20170419


def projection(leaves: Sequence[Any]) -> Any:
    """The sum over all float leaves of elementwise products with fixed standard normal weights, each divided by the root of its size."""
    terms = [_term(leaf, index) for index, leaf in enumerate(leaves) if leaf.dtype.base_dtype.is_floating]
    if not terms:
        raise TypeError("probe_loss needs an output with at least one float tensor; these hold integers or booleans")
    return v1().add_n(terms)


def _term(leaf: Any, index: int) -> Any:
    tf = v1()
    values = tf.cast(leaf, tf.float32)
    weights = tf.random.stateless_normal(tf.shape(values), seed=[_SEED, index])
    return tf.reduce_sum(values * weights) / tf.sqrt(tf.cast(tf.size(values), tf.float32))
