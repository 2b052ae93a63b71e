"""Assertions that fetch a tensor more than once and compare what comes out."""

from __future__ import annotations

from typing import Any, Iterable, List, Mapping, Optional

import numpy

from backprobe import nested, outputs
from backprobe.on_tensorflow1 import graph as graphs
from backprobe.on_tensorflow1 import sessions
from backprobe.outcome import BackprobeFailure, Inconclusive

_VARIATIONS = 3


def assert_random_in_training(output: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Two runs with one feed differ."""
    __tracebackhide__ = True
    name = "assert_random_in_training"
    first, second = _two_runs(output, _feed(name, output, (), feed, training=True))
    outputs.require_floats(name, first)
    if outputs.differ(first, second):
        return
    if outputs.are_zero(first):
        raise Inconclusive(name, "the output is zero everywhere, so randomness before it cannot be seen: try another seed or size")
    raise BackprobeFailure(name, "two runs on the same feed gave the same output: nothing is dropped")


def assert_deterministic(output: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Two runs with one feed agree."""
    __tracebackhide__ = True
    name = "assert_deterministic"
    first, second = _two_runs(output, _feed(name, output, (), feed))
    outputs.require_floats(name, first)
    if outputs.differ(first, second):
        raise BackprobeFailure(name, "two runs on the same feed gave different outputs: something stays random")


def assert_output_varies(output: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Other inputs give another output."""
    __tracebackhide__ = True
    _assert_varies("assert_output_varies", "the output", output, inputs, feed)


def assert_loss_depends_on(loss: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Other inputs, with everything else that is fed held fixed, give another loss."""
    __tracebackhide__ = True
    _assert_varies("assert_loss_depends_on", "the loss", loss, inputs, feed)


def assert_examples_independent(output: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """The output for an example does not change with the other examples of its batch."""
    __tracebackhide__ = True
    name = "assert_examples_independent"
    feed = _feed(name, output, inputs, feed)
    sizes = [numpy.shape(feed[key])[0] for key in _keys(inputs) if numpy.ndim(feed[key])]
    if not sizes or sizes[0] < 2:
        raise ValueError(f"{name} needs inputs with at least two examples along the first axis")
    others = {**feed, **{key: _other_examples(feed[key], sizes[0]) for key in _keys(inputs)}}
    with sessions.session_for(_graph(output)) as session:
        kept, changed = _repeatable(name, session, output, feed), _fetched_afresh(session, output, others)
    judged = [(a[:1], b[:1]) for a, b in zip(kept, changed) if a.ndim and a.shape == b.shape and a.shape[0] == sizes[0]]
    if not judged:
        raise Inconclusive(name, f"no output has the batch size {sizes[0]} as its first axis")
    first, second = zip(*judged)
    if not outputs.are_finite(first):
        raise Inconclusive(name, "the output is not finite")
    if outputs.are_zero(first) and outputs.are_zero(second):
        raise Inconclusive(name, "the output is zero everywhere: try another seed or size")
    if outputs.differ(first, second, outputs.KERNEL_ROUNDING):
        raise BackprobeFailure(
            name, "the output for one example changes with the others in its batch: statistics of the batch are used"
        )


def dead_rectifiers(session: Any, running: Iterable[Any], feed: Optional[Mapping[Any, Any]]) -> List[str]:
    """Names of the rectifiers among these operations whose output is zero everywhere."""
    candidates = graphs.rectifiers(running, session.graph)
    values = session.run(candidates, feed) if candidates else []
    return [tensor.op.name for tensor, value in zip(candidates, values) if value.size and not value.any()]


def _assert_varies(name: str, what: str, output: Any, inputs: Any, feed: Optional[Mapping[Any, Any]]) -> None:
    __tracebackhide__ = True
    feed = _feed(name, output, inputs, feed)
    with sessions.session_for(_graph(output)) as session:
        first = _repeatable(name, session, output, feed)
        outputs.require_floats(name, first)
        if not outputs.are_finite(first):
            raise Inconclusive(name, f"{what} is not finite")
        others = [{key: _varied(feed[key], count) for key in _keys(inputs)} for count in range(_VARIATIONS)]
        if all(numpy.array_equal(feed[key], value) for other in others for key, value in other.items()):
            raise Inconclusive(name, "there is nothing to vary: feed values that differ")
        if any(outputs.differ(first, _fetched_afresh(session, output, {**feed, **other})) for other in others):
            return
        dead = dead_rectifiers(session, graphs.ancestors(graphs.operations(output, _graph(output))), feed)
    if dead or (what == "the output" and outputs.are_zero(first)):
        where = ", ".join(dead) or what
        raise Inconclusive(name, f"the output of {where} is zero everywhere: try another seed or size")
    raise BackprobeFailure(name, f"{what} is the same whatever the inputs are: nothing can be learned from it")


def _two_runs(output: Any, feed: Mapping[Any, Any]) -> List[List[Any]]:
    """Two runs in one session, so that random operations go on; the session of the test is not disturbed."""
    __tracebackhide__ = True
    with sessions.session_for(_graph(output)) as session, sessions.copy_of(session) as copy:
        return [_arrays(copy.run(output, feed)) for _ in range(2)]


def _fetched_afresh(session: Any, output: Any, feed: Mapping[Any, Any]) -> List[Any]:
    """One run from the same values of variables and the same random numbers as any other."""
    with sessions.copy_of(session) as copy:
        return _arrays(copy.run(output, feed))


def _repeatable(name: str, session: Any, output: Any, feed: Mapping[Any, Any]) -> List[Any]:
    """What is fetched afresh; refuses what differs from one such run to the next."""
    __tracebackhide__ = True
    first, second = (_fetched_afresh(session, output, feed) for _ in range(2))
    if outputs.differ(first, second):
        raise Inconclusive(name, "the output is random and its operations have no seed: call backprobe.seed(0) before building the graph")
    return first


def _feed(name: str, output: Any, inputs: Any, feed: Optional[Mapping[Any, Any]], training: bool = False) -> Mapping[Any, Any]:
    """The feed given, else that of the innermost training step; refuses what trains, and a feed that is not meant for evaluation."""
    __tracebackhide__ = True
    if feed is None:
        feed = sessions._STACK[-1].last_feed if sessions._STACK else {}
        flags = [str(key) for key, value in feed.items() if isinstance(value, (bool, numpy.bool_)) and value]
        if flags and not training:
            raise ValueError(f"{name} looks at the evaluation, and the last run was fed {flags[0]} = True: give it a feed of its own")
    missing = [str(key) for key in _keys(inputs) if not any(key is fed for fed in feed)]
    if missing:
        raise ValueError(f"{name} needs a feed with a value for {', '.join(missing)}")
    graph = _graph(output)
    trainable = {graphs.name_of(variable) for variable in graphs.trainable_variables(graph)}
    running = graphs.ancestors(graphs.operations(output, graph))
    if any(writer in running for variable, found in graphs.writers(graph).items() if variable in trainable for writer in found):
        raise ValueError(f"{name} needs a tensor that can be fetched without training, got {output!r}")
    return feed


def _keys(inputs: Any) -> List[Any]:
    return list(nested.leaves(inputs))


def _graph(output: Any) -> Any:
    return next(nested.leaves(output)).graph


def _arrays(fetched: Any) -> List[Any]:
    """The float leaves as numpy arrays of float64."""
    found = [numpy.asarray(leaf) for leaf in nested.leaves(fetched)]
    return [array.astype(numpy.float64) for array in found if array.dtype.kind == "f" or array.dtype.name == "bfloat16"]


def _varied(value: Any, count: int) -> Any:
    """The same shape with other values: permuted elements, floats with noise as well that grows with `count`.

    Integers stay among those that occur, so that token ids remain valid.
    """
    generator = numpy.random.RandomState(count)
    array = numpy.asarray(value)
    permuted = generator.permutation(array.reshape(-1)).reshape(array.shape)
    if array.dtype.kind != "f":
        return permuted
    spread = float(array.std()) or 1.0
    return (permuted + generator.randn(*array.shape) * spread * 4.0**count).astype(array.dtype)


def _other_examples(value: Any, size: int) -> Any:
    """The same first example; floats of the others are far away, others are copies of the first."""
    array = numpy.array(value)
    if array.ndim == 0 or array.shape[0] != size:
        return array
    array[1:] = array[1:] * 3.0 + 1.0 if array.dtype.kind == "f" else array[:1]
    return array
