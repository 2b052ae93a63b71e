"""Calls JAX functions, and functions that call NNX modules, for the assertions that compare outputs."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Iterator, List, Optional, Tuple

import jax
import jax.numpy as jnp
import numpy

from backprobe import calls, nested
from backprobe.calls import applied
from backprobe.contents import Content
from backprobe.on_jax import arrays, intermediates
from backprobe.on_jax.projection import projection


class Caller(calls.Caller):
    """See `backprobe.calls.Caller`. The mode of a plain function is its own affair; NNX modules behind it are put into one."""

    def __init__(self) -> None:
        self._modules: List[Any] = []

    @contextmanager
    def prepared(self, f: Callable[..., Any], training: bool) -> Iterator[None]:
        """The NNX modules behind `f` in a mode, what they write restored afterwards."""
        self._modules = modules_behind(f)
        with ExitStack() as stack:
            if self._modules:
                from backprobe.on_jax import nnx_model

                stack.enter_context(nnx_model.kept(self._modules))
                stack.enter_context(nnx_model.in_mode(self._modules, training))
            yield

    @contextmanager
    def repeatable(self) -> Iterator[None]:
        """Calls inside draw the same random numbers: those of NNX are counted, those of JAX a function of keys."""
        with ExitStack() as stack:
            if self._modules:
                from backprobe.on_jax import nnx_model

                stack.enter_context(nnx_model.kept(self._modules))
            yield

    def outputs(self, f: Callable[..., Any], inputs: Any) -> List[Any]:
        """The float leaves of one call as numpy arrays of float64."""
        __tracebackhide__ = True
        leaves = jax.tree_util.tree_leaves(applied(f, inputs))
        floats = [leaf for leaf in leaves if isinstance(leaf, float) or jnp.issubdtype(jnp.result_type(leaf), jnp.floating)]
        return [numpy.asarray(leaf, "float64") for leaf in floats]

    def dead(self, f: Callable[..., Any], inputs: Any) -> List[str]:
        """Rectifiers that put out nothing but zeros."""
        return intermediates.dead(*self._functional(lambda: applied(f, inputs)))

    def array_of(self, leaf: Any) -> Optional[Any]:
        """The values of an array; keys of random numbers are no values, and bfloat16 is widened."""
        if not arrays.is_array(leaf):
            return nested.numpy_array(leaf)
        if is_key(leaf):
            return None
        return numpy.asarray(leaf.astype(jnp.float32) if leaf.dtype == jnp.bfloat16 else leaf)

    def like(self, array: Any, leaf: Any) -> Any:
        """An array of the same type."""
        return jnp.asarray(array, leaf.dtype) if arrays.is_array(leaf) else array

    def redrawn(self, f: Callable[..., Any], inputs: Any) -> Any:
        """The same inputs with other keys."""
        return nested.mapped(inputs, lambda leaf: jax.random.split(leaf, 1)[0] if is_key(leaf) else leaf)

    def draws(self, f: Callable[..., Any], inputs: Any) -> bool:
        """A function without keys draws nothing anew, unless a module counts its draws."""
        return bool(self._modules) or any(is_key(leaf) for leaf in nested.leaves(inputs))

    def not_finite(self, f: Callable[..., Any], inputs: Any, is_result_finite: bool) -> Optional[str]:
        """The first operation whose output is not finite, if the result is not."""
        return None if is_result_finite else intermediates.not_finite(*self._functional(lambda: applied(f, inputs)))

    def _gradients(self, f: Callable[..., Any], inputs_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
        def loss_of(given: List[Any]) -> Any:
            pure, *held = self._functional(lambda: applied(f, inputs_of(given)))
            return projection(jax.tree_util.tree_leaves(pure(*held)))

        return [arrays.content(gradient) for gradient in jax.grad(loss_of)([jnp.asarray(value) for value in values])]

    def _functional(self, call: Callable[[], Any]) -> Tuple[Any, ...]:
        """A call that may be traced, and its arguments."""
        if not self._modules:
            return (call,)
        from backprobe.on_jax import nnx_model

        return nnx_model.functional(call, self._modules)


def is_key(leaf: Any) -> bool:
    """Whether the value is a key of random numbers, of the new kind or the old."""
    if not isinstance(leaf, jax.Array):
        return False
    return not arrays.is_array(leaf) or (leaf.dtype == jnp.uint32 and leaf.shape == (2,))


def modules_behind(call: Any) -> List[Any]:
    """The NNX modules a callable uses."""
    if "flax.nnx" not in sys.modules:
        return []
    from backprobe.on_jax import nnx_model

    return nnx_model.modules_behind(call)
