"""Assertions that call a model or function more than once and compare what comes out. Knows no framework: a `Caller` does."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Callable, List, Mapping, Optional, Tuple

from backprobe import nested, outputs
from backprobe.contents import Content
from backprobe.outcome import BackprobeFailure, Inconclusive

_VARIATIONS = 3


class Caller:
    """Calls models and functions of one framework, each of which says how."""

    def prepared(self, f: Any, training: bool) -> AbstractContextManager[Any]:
        """Calls inside run in a mode, and move no statistics that stay moved; calls in eval mode need no gradients."""
        raise NotImplementedError

    def repeatable(self) -> AbstractContextManager[Any]:
        """Calls inside draw the same random numbers as in any other such context."""
        raise NotImplementedError

    def outputs(self, f: Any, inputs: Any) -> List[Any]:
        """The float leaves of one call as numpy arrays of float64."""
        raise NotImplementedError

    def dead(self, f: Any, inputs: Any) -> List[str]:
        """What puts out nothing but zeros, models or rectifiers, so that nothing behind it can vary."""
        raise NotImplementedError

    def array_of(self, leaf: Any) -> Optional[Any]:
        """The values of an input as numpy array; nothing if it is no tensor."""
        raise NotImplementedError

    def like(self, array: Any, leaf: Any) -> Any:
        """An array as a tensor such as the leaf."""
        raise NotImplementedError

    def redrawn(self, f: Any, inputs: Any) -> Any:
        """The same inputs for another draw of random numbers."""
        return inputs

    def draws(self, f: Any, inputs: Any) -> bool:
        """Whether a call may draw other random numbers than the call before it, or than one on what is `redrawn`."""
        return True

    def not_finite(self, f: Any, inputs: Any, is_result_finite: bool) -> Optional[str]:
        """The first layer or operation that puts out NaN or infinity; minus infinity, as masks have it, counts only in the result.

        Where single operations are seen and not layers, one that is not finite is blamed only if the result is not: it may be masked.
        """
        raise NotImplementedError

    def input_gradients(self, f: Any, inputs: Any) -> List[Optional[Content]]:
        """For each leaf of the inputs what its gradient holds, that of `probe_loss` of the output; nothing if it has none."""
        found = list(nested.leaves(inputs))
        floats = {place: leaf for place, leaf in enumerate(found) if (array := self.array_of(leaf)) is not None and array.dtype.kind == "f"}
        if not floats:
            return [None] * len(found)
        gradients = self._gradients(f, lambda values: nested.replaced(inputs, dict(zip(floats, values))), list(floats.values()))
        held = dict(zip(floats, gradients))
        return [held.get(place) for place in range(len(found))]

    def _gradients(self, f: Any, inputs_of: Callable[[List[Any]], Any], values: List[Any]) -> List[Optional[Content]]:
        """What the gradients of float leaves hold; `inputs_of` makes the inputs with values in their place."""
        raise NotImplementedError


def assert_random_in_training(caller: Caller, f: Any, inputs: Any = None) -> None:
    """In train mode two calls on one input differ."""
    __tracebackhide__ = True
    name = "assert_random_in_training"
    with caller.prepared(f, training=True):
        first, second = caller.outputs(f, inputs), caller.outputs(f, caller.redrawn(f, inputs))
        draws = caller.draws(f, inputs)
    outputs.require_floats(name, first)
    if outputs.differ(first, second):
        return
    if not draws:
        raise Inconclusive(name, "the function draws nothing by itself: give it the key of its random numbers as an input")
    if outputs.are_zero(first):
        raise Inconclusive(name, "the output is zero everywhere, so randomness before it cannot be seen: try another seed or size")
    raise BackprobeFailure(
        name, "two calls in train mode on the same input gave the same output: dropout is off, or is not told that it trains"
    )


def assert_deterministic(caller: Caller, f: Any, inputs: Any = None) -> None:
    """In eval mode two calls on one input agree."""
    __tracebackhide__ = True
    name = "assert_deterministic"
    with caller.prepared(f, training=False):
        first, second = caller.outputs(f, inputs), caller.outputs(f, caller.redrawn(f, inputs))
    outputs.require_floats(name, first)
    if outputs.differ(first, second):
        raise BackprobeFailure(
            name,
            "two calls in eval mode on the same input gave different outputs: something stays random, such as dropout that is always on",
        )


def assert_output_varies(caller: Caller, f: Any, inputs: Any) -> None:
    """In eval mode other inputs give another output."""
    __tracebackhide__ = True
    _assert_varies("assert_output_varies", "the output", caller, f, inputs)


def assert_loss_depends_on(caller: Caller, f: Any, inputs: Any) -> None:
    """In eval mode other inputs give another loss."""
    __tracebackhide__ = True
    _assert_varies("assert_loss_depends_on", "the loss", caller, f, inputs)


def assert_examples_independent(caller: Caller, f: Any, inputs: Any) -> None:
    """In eval mode the output for an example does not change with the other examples of its batch."""
    __tracebackhide__ = True
    name = "assert_examples_independent"
    sizes = [array.shape[0] for _, array in arrays_of(caller, inputs) if array.ndim]
    if not sizes or sizes[0] < 2:
        raise ValueError(f"{name} needs inputs with at least two examples along the first axis")
    size = int(sizes[0])
    others = _changed(caller, inputs, lambda array: _other_examples(array, size))
    with caller.prepared(f, training=False):
        kept, changed = (_repeatable(caller, f, batch) for batch in (inputs, others))
    judged = [(a[:1], b[:1]) for a, b in zip(kept, changed) if a.ndim and a.shape == b.shape and a.shape[0] == size]
    if not judged:
        raise Inconclusive(name, f"no output has the batch size {size} as its first axis")
    first, second = zip(*judged)
    if not outputs.are_finite(first):
        raise Inconclusive(name, "the output is not finite")
    if outputs.are_zero(first) and outputs.are_zero(second):
        raise Inconclusive(name, "the output is zero everywhere: try another seed or size")
    if outputs.differ(first, second, outputs.KERNEL_ROUNDING):
        raise BackprobeFailure(
            name, "in eval mode the output for one example changes with the others in its batch: statistics of the batch are used, "
            "as batch norm does in train mode"
        )


def applied(f: Any, inputs: Any, **keywords: Any) -> Any:
    """Calls `f`: a mapping is given as keywords, a tuple as positional arguments, nothing as no argument."""
    __tracebackhide__ = True
    if inputs is None:
        return f(**keywords)
    if isinstance(inputs, Mapping):
        return f(**inputs, **keywords)
    if isinstance(inputs, tuple):
        return f(*inputs, **keywords)
    return f(inputs, **keywords)


def varied(caller: Caller, inputs: Any, count: int) -> Any:
    """The same nesting with other values: permuted elements, floats with noise as well that grows with `count`.

    Integers stay among those that occur, so that token ids remain valid.
    """
    import numpy

    generator = numpy.random.RandomState(count)

    def change(array: Any) -> Any:
        permuted = generator.permutation(array.reshape(-1)).reshape(array.shape)
        if array.dtype.kind != "f" or not array.size:
            return permuted
        spread = float(array.std()) or 1.0
        return (permuted + generator.randn(*array.shape) * spread * 4.0**count).astype(array.dtype)

    return _changed(caller, inputs, change)


def _assert_varies(name: str, what: str, caller: Caller, f: Any, inputs: Any) -> None:
    __tracebackhide__ = True
    with caller.prepared(f, training=False):
        first = _repeatable(caller, f, inputs)
        outputs.require_floats(name, first)
        if not outputs.are_finite(first):
            raise Inconclusive(name, f"{what} is not finite")
        others = [varied(caller, inputs, count) for count in range(_VARIATIONS)]
        if all(_are_equal(caller, inputs, other) for other in others):
            raise Inconclusive(name, "there is nothing to vary: give tensors that hold more than one value")
        if any(outputs.differ(first, _repeatable(caller, f, other)) for other in others):
            return
        dead = caller.dead(f, inputs)
        if dead or (what == "the output" and outputs.are_zero(first)):
            where = ", ".join(dead) or "the model"
            raise Inconclusive(name, f"the output of {where} is zero everywhere: try another seed or size")
    raise BackprobeFailure(
        name, f"{what} is the same whatever the inputs are, as that of a softmax over one unit is: nothing can be learned from it"
    )


def _repeatable(caller: Caller, f: Any, inputs: Any) -> List[Any]:
    __tracebackhide__ = True
    with caller.repeatable():
        return caller.outputs(f, inputs)


def arrays_of(caller: Caller, inputs: Any) -> List[Tuple[Any, Any]]:
    """The tensors of an input, each with its values."""
    found = [(leaf, caller.array_of(leaf)) for leaf in nested.leaves(inputs)]
    return [(leaf, array) for leaf, array in found if array is not None]


def _changed(caller: Caller, inputs: Any, change: Any) -> Any:
    """The same nesting with the values of every tensor changed."""

    def leaf_changed(leaf: Any) -> Any:
        array = caller.array_of(leaf)
        return leaf if array is None else caller.like(change(array), leaf)

    return nested.mapped(inputs, leaf_changed)


def _are_equal(caller: Caller, inputs: Any, others: Any) -> bool:
    """Whether the tensors of two equal nestings hold the same."""
    pairs = zip(arrays_of(caller, inputs), arrays_of(caller, others))
    return all((one == other).all() for (_, one), (_, other) in pairs)


def _other_examples(array: Any, size: int) -> Any:
    """The same first example; floats of the others are far away, others are copies of the first."""
    if array.ndim == 0 or array.shape[0] != size:
        return array
    changed = array.copy()
    changed[1:] = changed[1:] * 3 + 1 if array.dtype.kind == "f" else changed[:1]
    return changed
