"""Fetches tensors of a graph, for the assertions that compare outputs: the feed is the input, a run is the call."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional

import numpy

from backprobe import calls, nested, outputs
from backprobe.on_tensorflow1 import graph as graphs
from backprobe.on_tensorflow1 import sessions
from backprobe.outcome import Inconclusive


class Caller(calls.Caller):
    """See `backprobe.calls.Caller`. The test's own session is not disturbed: runs are those of copies."""

    def __init__(self, assertion: str, feed: Mapping[Any, Any]) -> None:
        """Fetches for this assertion, with this feed but for the values that it changes."""
        self._assertion = assertion
        self._feed = feed
        self._session: Any = None
        self._copy: Any = None
        self._is_afresh = False
        self._is_checked = False

    @contextmanager
    def prepared(self, f: Any, training: bool) -> Iterator[None]:
        """One copy for all runs, so that random operations go on; what is fed says the mode."""
        with sessions.session_for(_graph(f)) as self._session, sessions.copy_of(self._session) as self._copy:
            yield

    @contextmanager
    def repeatable(self) -> Iterator[None]:
        """Runs inside start from the same values of variables and the same random numbers."""
        self._is_afresh = True
        try:
            yield
        finally:
            self._is_afresh = False

    def outputs(self, f: Any, inputs: Any) -> List[Any]:
        """The float leaves of one run as numpy arrays of float64; refuses what differs although it should repeat itself."""
        __tracebackhide__ = True
        feed = {**self._feed, **inputs}
        if not self._is_afresh:
            return _arrays(self._copy.run(f, feed))
        found = self._fetched_afresh(f, feed)
        if not self._is_checked and outputs.differ(found, self._fetched_afresh(f, feed)):
            raise Inconclusive(
                self._assertion, "the output is random and its operations have no seed: call backprobe.seed(0) before building the graph"
            )
        self._is_checked = True
        return found

    def dead(self, f: Any, inputs: Any) -> List[str]:
        """The rectifiers behind what is fetched that put out nothing but zeros."""
        running = graphs.ancestors(graphs.operations(f, _graph(f)))
        return dead_rectifiers(self._session, running, {**self._feed, **inputs})

    def array_of(self, leaf: Any) -> Optional[Any]:
        """What is fed, if it is numbers."""
        array = numpy.asarray(leaf)
        return array if array.dtype.kind in "fiub" else None

    def like(self, array: Any, leaf: Any) -> Any:
        """An array feeds as well as what was fed."""
        return array

    def not_finite(self, f: Any, inputs: Any, is_result_finite: bool) -> Optional[str]:
        """The first operation whose output is not finite, if the result is not."""
        graph = _graph(f)
        cut = frozenset(getattr(key, "name", "") for key in self._feed)
        running = [] if is_result_finite else graphs.ancestors(graphs.operations(f, graph), cut)
        tensors = [tensor for operation in running for tensor in operation.outputs]
        floats = [tensor for tensor in tensors if tensor.dtype.is_floating and graph.is_fetchable(tensor)]
        values = self._copy.run(floats, {**self._feed, **inputs}) if floats else []
        bad = {tensor.op for tensor, value in zip(floats, values) if not numpy.isfinite(numpy.asarray(value, numpy.float64)).all()}
        first = [operation for operation in bad if not any(tensor.op in bad for tensor in operation.inputs)]
        return min((f"{operation.name} ({operation.type})" for operation in first), default=None)

    def input_gradients(self, f: Any, inputs: Any) -> Any:
        """Gradients would need new operations, and a graph may be final."""
        raise TypeError("assert_reaches needs a function of the inputs; of a graph, use assert_output_varies for each input")

    def _fetched_afresh(self, f: Any, feed: Mapping[Any, Any]) -> List[Any]:
        with sessions.copy_of(self._session) as copy:
            return _arrays(copy.run(f, feed))


def fed(assertion: str, output: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> Dict[Any, Any]:
    """The feed given, else that of the innermost training step; refuses what trains, and a feed that is not meant for evaluation."""
    __tracebackhide__ = True
    if feed is None:
        feed = sessions._STACK[-1].last_feed if sessions._STACK else {}
        flags = [str(key) for key, value in feed.items() if isinstance(value, (bool, numpy.bool_)) and value]
        if flags and assertion != "assert_random_in_training":
            raise ValueError(f"{assertion} looks at the evaluation, and the last run was fed {flags[0]} = True: give it a feed of its own")
    missing = [str(key) for key in nested.leaves(inputs) if not any(key is fed_key for fed_key in feed)]
    if missing:
        raise ValueError(f"{assertion} needs a feed with a value for {', '.join(missing)}")
    graph = _graph(output)
    trainable = {graphs.name_of(variable) for variable in graphs.trainable_variables(graph)}
    running = graphs.ancestors(graphs.operations(output, graph))
    if any(writer in running for variable, found in graphs.writers(graph).items() if variable in trainable for writer in found):
        raise ValueError(f"{assertion} needs a tensor that can be fetched without training, got {output!r}")
    return dict(feed)


def dead_rectifiers(session: Any, running: Iterable[Any], feed: Optional[Mapping[Any, Any]]) -> List[str]:
    """Names of the rectifiers among these operations whose output is zero everywhere."""
    candidates = graphs.rectifiers(running, session.graph)
    values = session.run(candidates, feed) if candidates else []
    return [tensor.op.name for tensor, value in zip(candidates, values) if value.size and not value.any()]


def _graph(output: Any) -> Any:
    return next(nested.leaves(output)).graph


def _arrays(fetched: Any) -> List[Any]:
    """The float leaves as numpy arrays of float64."""
    found = [numpy.asarray(leaf) for leaf in nested.leaves(fetched)]
    return [array.astype(numpy.float64) for array in found if array.dtype.kind == "f" or array.dtype.name == "bfloat16"]
