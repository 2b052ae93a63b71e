"""Reads JAX arrays, computed or traced."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional, Sequence

import jax
import jax.numpy as jnp

from backprobe import _native, contents
from backprobe.contents import Content

_COMPILED = type(jax.jit(lambda: None))

Receive = Callable[[List[Optional[Content]]], None]


@contextmanager
def compiled_afresh() -> Iterator[None]:
    """Functions that were compiled before are traced again, inside and afterwards: compiled code bypasses whoever watches."""
    _forget_compiled()
    try:
        yield
    finally:
        jax.effects_barrier()
        _forget_compiled()


def _forget_compiled() -> None:
    """Drops what was compiled of the user's functions, and of the libraries that train; JAX' own stay, for there are hundreds."""
    for value in gc.get_objects():
        if type(value) is _COMPILED and not str(getattr(value.__wrapped__, "__module__", "")).startswith("jax."):
            value.clear_cache()


def is_array(value: Any) -> bool:
    """Whether the value is an array, traced or not; keys of random numbers are none that hold numbers."""
    return isinstance(value, jax.Array) and not jnp.issubdtype(value.dtype, jax.dtypes.prng_key)


def is_float(value: Any) -> bool:
    """Whether the value is an array of floats."""
    return is_array(value) and jnp.issubdtype(value.dtype, jnp.floating)


def content(array: Any) -> Content:
    """What an array holds."""
    return contents.of_parts([jnp.asarray(array)])


def is_all_zero(array: Any) -> bool:
    """Whether every element is exactly zero."""
    return array.size > 0 and not _native.any_nonzero(jnp.asarray(array))


def deliver(gradients: Sequence[Any], receive: Receive) -> None:
    """Passes on what gradients hold; if they are traced, when the compiled code runs."""
    if not any(isinstance(gradient, jax.core.Tracer) for gradient in gradients):
        receive([None if gradient is None else content(gradient) for gradient in gradients])
        return
    present = [index for index, gradient in enumerate(gradients) if gradient is not None]
    flags = [(jnp.any(gradients[index] != 0), jnp.all(jnp.isfinite(gradients[index]))) for index in present]

    def computed(found: Any) -> None:
        held: List[Optional[Content]] = [None] * len(gradients)
        for index, (nonzero, finite) in zip(present, found):
            held[index] = Content(bool(nonzero.any()), bool(finite.all()))
        receive(held)

    jax.debug.callback(computed, flags)


def deliver_norms(gradients: Sequence[Any], receive: Callable[[List[float]], None]) -> None:
    """Passes on the norm of each gradient; if they are traced, when the compiled code runs."""
    norms = [jnp.linalg.norm(jnp.ravel(gradient).astype(jnp.float32)) for gradient in gradients]
    if any(isinstance(norm, jax.core.Tracer) for norm in norms):
        jax.debug.callback(lambda computed: receive([float(norm) for norm in computed]), norms)
    else:
        receive([float(norm) for norm in norms])
