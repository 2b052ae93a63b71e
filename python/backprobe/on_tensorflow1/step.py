"""One training step of TensorFlow 1 graphs: run it, watch it, and assert what must hold after it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Iterable, List, Mapping, Optional, Set, Union

import backprobe
from backprobe.blame import Blame, Reason, report
from backprobe.evidence import Statistic
from backprobe.observed import MOST_STEPS, ObservedStep
from backprobe.on_tensorflow1 import recorder, sessions, v1
from backprobe.on_tensorflow1 import graph as graphs
from backprobe.on_tensorflow1.observer import Evidence, Observer
from backprobe.outcome import BackprobeFailure, Inconclusive


class GraphStep(ObservedStep):
    """What the sessions of the process do while it is watched; used as a context manager.

    Variables are named by their scopes, as in ``generator/dense/kernel``.
    """

    _NOUN = "variables"
    _NO_OPTIMIZER = "no optimizer was seen: run a train op with step.run(op, feed), or in the body"
    _UNSEEN = _NO_OPTIMIZER
    _NO_STATISTICS = "the graph holds no running statistics there"

    def __init__(self) -> None:
        super().__init__()
        self._observer = Observer()
        self._observer.before_update = self._announce_update
        self._undo = ExitStack()

    def __enter__(self) -> Any:
        self._observer.start()
        self._undo.callback(self._observer.stop)
        return self

    def __exit__(self, *error: object) -> None:
        self._undo.close()

    def saw_training(self) -> bool:
        """Whether something that trains was run."""
        return any(observed.trained for observed in self._observer.observed.values())

    def _graphs(self) -> List[Any]:
        """The graphs in which something trained."""
        return [graph for graph, observed in self._observer.observed.items() if observed.trained]

    def _announce_update(self) -> None:
        self._refresh()
        super()._announce_update()

    def _idle(self) -> List[Any]:
        return [(record.operation.graph, record.operation.name) for record in recorder.recorded_of_all()]

    def _refresh(self) -> None:
        found = {graph: self._observer.of(graph) for graph in self._graphs()}
        self._evidence = {(graph, name): known for graph, observed in found.items() for name, known in observed.evidence.items()}
        self._steps = {(graph, name): count for graph, observed in found.items() for name, count in observed.steps.items()}
        self._norms = [norm for observed in found.values() for norm in observed.norms]
        self._trained_by = {
            (graph, optimizer): {(graph, name) for name in names}
            for graph, observed in found.items()
            for optimizer, names in observed.trained_by.items()
        }

    def _fault(self, evidence: Evidence, named_by_scope: bool) -> Optional[Reason]:
        if evidence.trains():
            return None
        if evidence.regularised:
            return Reason.REGULARISER
        if evidence.zero:
            return Reason.ZERO
        if evidence.absent:
            return Reason.ABSENT
        return Reason.ZERO if evidence.unseen else Reason.NOT_UPDATED

    def _require_a_change(self, assertion: str) -> None:
        __tracebackhide__ = True
        self._require_a_step(assertion, self._evidence.values())

    def _require_an_optimizer(self, assertion: str) -> None:
        __tracebackhide__ = True
        if not self.saw_training():
            raise Inconclusive(assertion, self._NO_OPTIMIZER)

    def _statistics(self) -> List[Statistic]:
        found = []
        for graph in self._graphs():
            observed, writers = self._observer.of(graph), graphs.writers(graph)
            for variable in graphs.statistics(graph):
                name = graphs.name_of(variable)
                reason = Reason.UPDATE_NOT_RUN if writers.get(name) else Reason.STATISTICS_KEPT
                found.append(
                    Statistic([name], [], graphs.place_of(variable), None, name in observed.moved, observed.trained, variable, reason)
                )
        return found

    def _dead_parts(self) -> List[str]:
        return [name for graph in self._graphs() for name in self._observer.of(graph).dead]

    def _not_called(self, kept: Iterable[Statistic]) -> str:
        return self._NO_OPTIMIZER

    def _is_part(self, found: Union[Evidence, Statistic], part: object) -> bool:
        return getattr(getattr(part, "op", None), "name", None) == found.names[0]

    def _refuse_unknown(self, assertion: str, part: object) -> None:
        """What is asserted to train may exist and not be trainable."""
        __tracebackhide__ = True
        blamed = [
            Blame([graphs.name_of(variable)], Reason.FROZEN, graphs.place_of(variable))
            for graph in self._graphs()
            for variable in graphs.all_variables(graph)
            if self._is_selected(Evidence.of(variable), part)
        ]
        if blamed and assertion == "assert_trained":
            raise BackprobeFailure(assertion, report(f"{len(blamed)} of {len(blamed)} variables do not train", blamed))


class TrainingStep(GraphStep):
    """A training step under observation; made by `backprobe.training_step()`, used as a context manager.

    On entry it opens a session on the default graph and makes it the default session. The step is `run(op, feed)`, or the user's own code
    as the body of the `with`, whatever sessions that uses. Assertions may stand inside or behind the body. Variables are named by their
    scopes, as in ``generator/dense/kernel``.

    Attributes:
        session: the session, closed at the end of the body.
        initialised: the initialisers that ran in it.
    """

    session: Any
    initialised: Set[Any]

    def __enter__(self) -> TrainingStep:
        self.initialised = set()
        self.session = v1().Session(graph=v1().get_default_graph())
        self._undo.callback(self.session.close)
        self._undo.enter_context(self.session.as_default())
        super().__enter__()
        sessions._STACK.append(self)
        self._undo.callback(sessions._STACK.remove, self)
        return self

    def run(self, op: Any, feed: Optional[Mapping[Any, Any]] = None) -> Any:
        """Runs fetches in the session, after initialising the variables that are not yet.

        What trains is run up to three times, until every variable that it updates received a gradient that is not zero.

        Args:
            op: a train op, a tensor, or several, nested as `Session.run` takes them.
            feed: values of placeholders.

        Returns:
            What `Session.run` returns, of the last time.
        """
        __tracebackhide__ = True
        sessions.initialise(self.session, self.initialised)
        plan = self._observer.plan(self.session.graph, op, feed)
        updated = {update.name for update in plan.updates if update.gradient is not None}
        evidence = self._observer.of(self.session.graph).evidence
        for _ in range(MOST_STEPS):
            result = self.session.run(op, feed)
            flat = [name for name in updated if name in evidence and not evidence[name].nonzero]
            if not flat:
                break
        return result

    def assert_examples_independent(self, f: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
        """Same as `backprobe.assert_examples_independent`."""
        __tracebackhide__ = True
        backprobe.assert_examples_independent(f, inputs, feed)

    @property
    def last_feed(self) -> Mapping[Any, Any]:
        """What was fed last."""
        return self._observer.last_feed

    def _graphs(self) -> List[Any]:
        """The graphs in which something trained, else the graph of the session."""
        return super()._graphs() or [self.session.graph]
