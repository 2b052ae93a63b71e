"""Assertions on what a model or function puts out: finite, in a range, logits, of a shape, and reached by every input. Knows no
framework."""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional, Tuple

from backprobe import nested, outputs
from backprobe.calls import Caller, arrays_of, varied
from backprobe.outcome import BackprobeFailure, Inconclusive

_VARIATIONS = 3
_SUM_ROUNDING = 1e-3
"""How far the probabilities of a row may be from one: those of half precision are rounded."""


def assert_finite(caller: Caller, f: Any, inputs: Any = None) -> None:
    """In train mode neither the output nor what a layer puts out is NaN or infinite."""
    __tracebackhide__ = True
    name = "assert_finite"
    if not outputs.are_finite([array for _, array in arrays_of(caller, inputs) if array.dtype.kind == "f"]):
        raise Inconclusive(name, "the inputs are not finite")
    with caller.prepared(f, training=True):
        found = caller.outputs(f, inputs)
        outputs.require_floats(name, found)
        first = caller.not_finite(f, inputs, outputs.are_finite(found))
    if first is not None:
        raise BackprobeFailure(name, f"the output of {first} is not finite; nothing before it is")
    if not outputs.are_finite(found):
        raise BackprobeFailure(name, "the output is not finite, that of every layer is")


def assert_output_range(caller: Caller, f: Any, inputs: Any, low: Optional[float], high: Optional[float]) -> None:
    """In eval mode no element of the output is below `low` or above `high`."""
    __tracebackhide__ = True
    name = "assert_output_range"
    found = _evaluated(name, caller, f, inputs)
    smallest, largest = min(float(array.min()) for array in found), max(float(array.max()) for array in found)
    rounding = outputs.ROUNDING * max(abs(smallest), abs(largest))
    below, above = low is not None and smallest < low - rounding, high is not None and largest > high + rounding
    if below or above:
        wanted = f"from {'any' if low is None else low} to {'any' if high is None else high}"
        raise BackprobeFailure(name, f"the output goes from {smallest:.6g} to {largest:.6g}; it should go {wanted}")


def assert_logits(caller: Caller, f: Any, inputs: Any) -> None:
    """In eval mode the output is not already what a softmax or sigmoid makes of logits."""
    __tracebackhide__ = True
    name = "assert_logits"
    batches = [inputs, *(varied(caller, inputs, count) for count in range(_VARIATIONS))]
    found = [_evaluated(name, caller, f, batch) for batch in batches]
    if all(outputs.are_zero(arrays) for arrays in found):
        raise Inconclusive(name, "the output is zero everywhere: try another seed or size")
    if not all(((array >= 0) & (array <= 1)).all() for arrays in found for array in arrays):
        return
    if all(array.ndim and abs(array.sum(-1) - 1).max() < _SUM_ROUNDING for arrays in found for array in arrays):
        raise BackprobeFailure(
            name, "the output is probabilities already, every row lies between 0 and 1 and adds up to 1: give the loss what comes before"
        )
    if all(outputs.are_finite(arrays) for arrays in found) and outputs.differ(found[0], found[-1]):
        raise BackprobeFailure(
            name, "the output lies between 0 and 1 whatever the inputs are, so it is probabilities already: give the loss what comes before"
        )


def assert_same_shape(caller: Caller, f: Any, inputs: Any, target: Any) -> None:
    """In eval mode the output has the shape of the target."""
    __tracebackhide__ = True
    name = "assert_same_shape"
    with caller.prepared(f, training=False):
        found = [tuple(array.shape) for array in caller.outputs(f, inputs)]
    wanted = [tuple(target)] if _is_shape(target) else [tuple(leaf.shape) for leaf in nested.leaves(target)]
    if not found or len(found) != len(wanted):
        raise Inconclusive(name, f"the output has {len(found)} float tensors, the target {len(wanted)}")
    for shape, expected in zip(found, wanted):
        if shape != expected:
            raise BackprobeFailure(name, f"the output has the shape {shape}, the target {expected}{_broadcast(shape, expected)}")


def assert_reaches(caller: Caller, f: Any, inputs: Any) -> None:
    """In eval mode every input changes the output: floats by a gradient that is not zero, others by other values."""
    __tracebackhide__ = True
    name = "assert_reaches"
    named = list(_named(inputs, ""))
    with caller.prepared(f, training=False):
        found = caller.input_gradients(f, inputs)
        unreached = []
        for index, (label, leaf) in enumerate(named):
            array = caller.array_of(leaf)
            if array is None:
                continue
            if array.dtype.kind == "f":
                gradient = found[index]
                is_reached = gradient is not None and gradient.nonzero
            else:
                is_reached = _is_felt(caller, f, inputs, index)
            if not is_reached:
                unreached.append(label)
        dead = caller.dead(f, inputs) if unreached else []
        if unreached and outputs.are_zero(caller.outputs(f, inputs)):
            dead.append("the model")
    if dead:
        raise Inconclusive(name, f"the output of {', '.join(dead)} is zero everywhere: try another seed or size")
    if unreached:
        which = ", ".join(unreached)
        raise BackprobeFailure(name, f"{len(unreached)} of {len(named)} inputs do not reach the output: {which}")


def _evaluated(name: str, caller: Caller, f: Any, inputs: Any) -> List[Any]:
    """The float leaves of one call in eval mode, with elements, all of them finite."""
    __tracebackhide__ = True
    with caller.prepared(f, training=False):
        found = [array for array in caller.outputs(f, inputs) if array.size]
    outputs.require_floats(name, found)
    if not outputs.are_finite(found):
        raise Inconclusive(name, "the output is not finite")
    return found


def _is_felt(caller: Caller, f: Any, inputs: Any, index: int) -> bool:
    """Whether other values of one input give another output."""
    leaves = list(nested.leaves(inputs))

    def with_other(count: int) -> Any:
        others = iter(nested.leaves(varied(caller, inputs, count)))
        position = iter(range(len(leaves)))
        return nested.mapped(inputs, lambda leaf: leaf if leaf is None else _chosen(leaf, next(others), next(position) == index))

    with caller.repeatable():
        first = caller.outputs(f, inputs)
    for count in range(_VARIATIONS):
        with caller.repeatable():
            if outputs.differ(first, caller.outputs(f, with_other(count))):
                return True
    return False


def _chosen(leaf: Any, other: Any, is_other: bool) -> Any:
    return other if is_other else leaf


def _named(value: Any, name: str) -> Iterator[Tuple[str, Any]]:
    """The leaves, in the order of `nested.leaves`, with the way to them."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _named(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _named(item, f"{name}[{index}]")
    else:
        for index, leaf in enumerate(nested.leaves(value)):
            yield name or f"input {index}", leaf


def _is_shape(target: Any) -> bool:
    return isinstance(target, (tuple, list)) and all(isinstance(size, int) for size in target)


def _broadcast(shape: Tuple[int, ...], target: Tuple[int, ...]) -> str:
    """What a loss that broadcasts makes of the two."""
    import numpy

    try:
        made = numpy.broadcast_shapes(shape, target)
    except ValueError:
        return ""
    return f": a loss between them is over {made}"
