"""Watches `Session.run` while a training step runs: which variables are updated, by which gradients, and which values change."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, FrozenSet, Iterator, List, Mapping, Optional, Set, Tuple

import numpy

from backprobe import _native, evidence
from backprobe.on_tensorflow1 import graph as graphs
from backprobe.on_tensorflow1 import recorder, sessions, v1


@dataclass
class Evidence(evidence.Evidence):
    """What was seen of one variable, which is its `tensor`.

    Attributes:
        absent: an optimizer that ran holds it and has no gradient for it.
        zero: a gradient was applied that is exactly zero.
        regularised: a gradient was applied that is of its regulariser alone.
        unseen: it was updated, and by which gradient could not be seen.
    """

    absent: bool = False
    zero: bool = False
    regularised: bool = False
    unseen: bool = False

    @classmethod
    def of(cls, variable: Any) -> Evidence:
        """A variable before the step."""
        return cls([graphs.name_of(variable)], place=graphs.place_of(variable), tensor=variable)

    def was_updated(self) -> bool:
        """Whether an optimizer applied a gradient that is not zero, be it that of its regulariser."""
        return self.nonzero or self.regularised

    def trains(self) -> bool:
        """Whether it received a gradient; where gradients cannot be seen, whether its value changed."""
        return self.nonzero or (self.unseen and self.changed)


@dataclass(frozen=True)
class Update:
    """A variable that a run updates, by which optimizer, and by what gradient: a tensor, nothing, or what cannot be seen."""

    name: str
    optimizer: str
    gradient: Optional[Any]
    seen: bool


@dataclass(frozen=True)
class Plan:
    """What a run does to variables; found once for the same fetches.

    Attributes:
        updates: the trainable variables that are updated.
        writes: a trainable variable or statistic is written.
        rectifiers: the outputs of those that run.
    """

    updates: List[Update]
    writes: bool
    rectifiers: List[Any]


@dataclass
class Observed:
    """What was seen of one graph.

    Attributes:
        evidence: of its trainable variables, by name.
        moved: the statistics whose values changed.
        trained: something that updates trainable variables ran.
        norms: the norm of the gradients over all variables of an optimizer, for each run where all of them were seen.
        trained_by: the variables to which each optimizer applied a gradient that is not zero.
        steps: how often each optimizer ran.
        dead: the rectifiers that put out nothing but zeros, when that was last looked at.
    """

    evidence: Dict[str, Evidence] = field(default_factory=dict)
    moved: Set[str] = field(default_factory=set)
    trained: bool = False
    norms: List[float] = field(default_factory=list)
    trained_by: Dict[str, Set[str]] = field(default_factory=dict)
    steps: Dict[str, int] = field(default_factory=dict)
    dead: List[str] = field(default_factory=list)

    def add(self, variable: Any) -> None:
        """A trainable variable, known or not."""
        if graphs.name_of(variable) not in self.evidence:
            self.evidence[graphs.name_of(variable)] = Evidence.of(variable)

    def has_flat_gradients(self) -> bool:
        """Whether a gradient was zero so far: then outputs are worth their memory."""
        return any(found.zero and not found.nonzero for found in self.evidence.values())


class Observer:
    """The evidence gathered between `start` and `stop`, over all sessions.

    Attributes:
        observed: what was seen, by graph.
        last_feed: what was fed last.
        before_update: called before every run that trains.
    """

    def __init__(self) -> None:
        self._undo = ExitStack()
        self._plans: Dict[Tuple[Any, ...], Plan] = {}
        self._values: Dict[Any, Dict[str, bytes]] = {}
        self._run: Callable[..., Any] = lambda *_: None
        self.observed: Dict[Any, Observed] = {}
        self.last_feed: Mapping[Any, Any] = {}
        self.before_update: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Starts watching every session of the process."""
        self._undo.enter_context(recorder.recording())
        owner = next(base for base in v1().Session.__mro__ if "run" in vars(base))
        original = vars(owner)["run"]
        self._run = original

        def run(session: Any, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
            return self._watched_run(session, fetches, feed_dict, options, run_metadata)

        owner.run = run
        self._undo.callback(setattr, owner, "run", original)

    def stop(self) -> None:
        """Stops watching, in reverse order."""
        self._undo.close()
        self._values.clear()
        self._plans.clear()

    def of(self, graph: Any) -> Observed:
        """What was seen of the graph; variables that exist by now are in it."""
        observed = self.observed.setdefault(graph, Observed())
        for variable in graphs.trainable_variables(graph):
            observed.add(variable)
        return observed

    def plan(self, graph: Any, fetches: Any, feed: Optional[Mapping[Any, Any]]) -> Plan:
        """What a run of these fetches does to variables."""
        roots = graphs.operations(fetches, graph)
        cut = frozenset(_tensor_name(key, graph) for key in feed or {})
        key = (graph, graph.version, frozenset(roots), cut)
        if key not in self._plans:
            self._plans[key] = _make_plan(graph, roots, cut)
        return self._plans[key]

    def _watched_run(self, session: Any, fetches: Any, feed: Any, options: Any, metadata: Any) -> Any:
        if not sessions.is_watched():
            return self._run(session, fetches, feed, options, metadata)
        graph = session.graph
        plan = self.plan(graph, fetches, feed)
        if feed:
            self.last_feed = feed
        observed = self.of(graph)
        if not plan.writes:
            return self._run(session, fetches, feed, options, metadata)
        if plan.updates:
            self.before_update()
        if session not in self._values:
            self._values[session] = self._read(session)
        gradients = {update.gradient.name: update.gradient for update in plan.updates if update.seen and update.gradient is not None}
        rectifiers = plan.rectifiers if observed.has_flat_gradients() else []
        if gradients:
            result, values, rectified = self._run(session, [fetches, gradients, rectifiers], feed, options, metadata)
            observed.dead = [tensor.op.name for tensor, value in zip(rectifiers, rectified) if value.size and not value.any()]
        else:
            result, values = self._run(session, fetches, feed, options, metadata), {}
        self._compare(session, observed)
        if plan.updates:
            observed.trained = True
            cut = frozenset(_tensor_name(key, graph) for key in feed or {})
            _add_updates(observed, plan, values, graph, cut)
        return result

    def _read(self, session: Any) -> Dict[str, bytes]:
        """Digests of all trainable variables and statistics that are initialised, each fetched alone and in a run of its own."""
        digests = {}
        for variable in graphs.trainable_variables(session.graph) + graphs.statistics(session.graph):
            try:
                digests[graphs.name_of(variable)] = bytes(_native.fingerprint(self._run(session, variable)))
            except v1().errors.FailedPreconditionError:
                # Not initialised yet: it has no value that could change.
                continue
        return digests

    def _compare(self, session: Any, observed: Observed) -> None:
        before, after = self._values[session], self._read(session)
        for name, digest in after.items():
            if name in before and before[name] != digest:
                if name in observed.evidence:
                    observed.evidence[name].changed = True
                else:
                    observed.moved.add(name)
        self._values[session] = after


def _make_plan(graph: Any, roots: List[Any], cut: FrozenSet[str]) -> Plan:
    running = graphs.ancestors(roots, cut)
    trainable = {graphs.name_of(variable) for variable in graphs.trainable_variables(graph)}
    statistics = {graphs.name_of(variable) for variable in graphs.statistics(graph)}
    updates: Dict[str, List[Update]] = {}
    for record in recorder.recorded(graph):
        if record.operation in running:
            for gradient, variable in record.pairs:
                update = _recorded_update(gradient, graphs.name_of(variable), record.operation.name, graph, running, cut)
                updates.setdefault(update.name, []).append(update)
    written = {
        name: [writer for writer in found if writer in running]
        for name, found in graphs.writers(graph).items()
        if name in trainable | statistics
    }
    for name, found in written.items():
        if name in trainable and name not in updates and found:
            updates[name] = [_written_update(name, writer, graph) for writer in found]
    rectifiers = graphs.rectifiers(running, graph)
    return Plan([update for several in updates.values() for update in several], any(written.values()), rectifiers)


def _recorded_update(gradient: Any, name: str, optimizer: str, graph: Any, running: Set[Any], cut: FrozenSet[str]) -> Update:
    if gradient is None:
        return Update(name, optimizer, None, seen=True)
    tensor = getattr(gradient, "values", gradient)
    tensor = tensor._as_graph_element() if hasattr(tensor, "_as_graph_element") else tensor
    fetchable = tensor.op in running and graph.is_fetchable(tensor) and tensor.name not in cut
    return Update(name, optimizer, tensor if fetchable else None, seen=fetchable)


def _written_update(name: str, writer: Any, graph: Any) -> Update:
    # Optimizers put the update of each variable into a scope of this name, below their own.
    optimizer = writer.name.partition("/update_")[0]
    gradient = graphs.gradient_of(writer)
    if gradient is None or not graph.is_fetchable(gradient):
        return Update(name, optimizer, None, seen=False)
    return Update(name, optimizer, gradient, seen=True)


def _add_updates(observed: Observed, plan: Plan, values: Mapping[str, Any], graph: Any, cut: FrozenSet[str]) -> None:
    """Adds what one run did. A gradient that only its regulariser gives is told from others by what it depends on."""
    tensors = {update.gradient.name: update.gradient for update in plan.updates if update.gradient is not None}
    others = {graphs.name_of(variable) for variable in graphs.all_variables(graph)}
    origin = {}
    for update in plan.updates:
        if update.gradient is not None:
            origin[update.gradient.name] = _origin(tensors[update.gradient.name].op, cut, others - {update.name})
    observed.norms.extend(_norms(plan, values))
    for optimizer in {update.optimizer for update in plan.updates}:
        observed.steps[optimizer] = observed.steps.get(optimizer, 0) + 1
    data_matter = any(source == "data" for source in origin.values())
    for update in plan.updates:
        found = observed.evidence.get(update.name)
        if found is None:
            continue
        found.held = True
        if not update.seen:
            found.unseen = True
        elif update.gradient is None:
            found.absent = True
        else:
            own_only = data_matter and origin[update.gradient.name] == "itself"
            if _add_gradient(found, values[update.gradient.name], own_only):
                observed.trained_by.setdefault(update.optimizer, set()).add(update.name)


def _norms(plan: Plan, values: Mapping[str, Any]) -> Iterator[float]:
    """The norm of what each optimizer applies."""
    for optimizer in dict.fromkeys(update.optimizer for update in plan.updates):
        updates = [update for update in plan.updates if update.optimizer == optimizer]
        gradients = [values[update.gradient.name] for update in updates if update.gradient is not None]
        if gradients and all(update.seen for update in updates):
            yield float(sum((numpy.asarray(gradient, numpy.float64) ** 2).sum() for gradient in gradients) ** 0.5)


def _add_gradient(found: Evidence, value: Any, own_only: bool) -> bool:
    """Adds a gradient that was applied; says whether it is not zero."""
    held = _native.scan(value)
    found.finite = found.finite and not (held.nan or held.infinite)
    if not held.nonzero:
        found.zero = True
    elif own_only:
        found.regularised = True
    else:
        found.nonzero = True
    return bool(held.nonzero)


def _origin(root: Any, cut: FrozenSet[str], others: Set[str]) -> str:
    """What a gradient depends on: `data`, another variable, or at most the variable `itself`."""
    fed = {name.partition(":")[0] for name in cut}
    found = "itself"
    for operation in graphs.walk([root], cut, set()):
        if graphs.reads_data(operation) or operation.name in fed:
            return "data"
        if any(tensor.name in cut for tensor in operation.inputs):
            return "data"
        if operation.name in others:
            found = "others"
    return found


def _tensor_name(key: Any, graph: Any) -> str:
    """The name of a fed tensor; of the values of a sparse one."""
    key = getattr(key, "values", key)
    return graph.as_graph_element(key, allow_tensor=True, allow_operation=False).name if not isinstance(key, tuple) else str(key)
