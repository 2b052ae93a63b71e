"""One training step of TensorFlow 1 graphs: run it, watch it, and assert what must hold after it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, List, Mapping, Optional, Set

import backprobe
from backprobe import clipping
from backprobe.blame import Blame, Reason, report
from backprobe.on_tensorflow1 import calls, sessions, v1
from backprobe.on_tensorflow1 import graph as graphs
from backprobe.on_tensorflow1.observer import Evidence, Observer, Plan
from backprobe.outcome import BackprobeFailure, Inconclusive
from backprobe.scopes import Scope, UnknownScope, as_list, selects

_MOST_STEPS = 3
"""A zero-initialised head in front of a zero-initialised gamma lets gradients through at the third step only."""


class TrainingStep:
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

    def __init__(self) -> None:
        self._observer = Observer()
        self._undo = ExitStack()
        self._asserted_trained: Set[str] = set()
        self._dead: List[str] = []

    def __enter__(self) -> TrainingStep:
        if v1().executing_eagerly():
            raise TypeError("training_step() needs a graph: call tf.compat.v1.disable_eager_execution(), or build inside tf.Graph()")
        self.initialised = set()
        self.session = v1().Session(graph=v1().get_default_graph())
        self._undo.callback(self.session.close)
        self._undo.enter_context(self.session.as_default())
        self._observer.start()
        self._undo.callback(self._observer.stop)
        sessions._STACK.append(self)
        self._undo.callback(sessions._STACK.remove, self)
        return self

    def __exit__(self, *error: object) -> None:
        self._undo.close()

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
        for _ in range(_MOST_STEPS):
            result = self.session.run(op, feed)
            flat = [name for name in updated if name in evidence and not evidence[name].nonzero]
            if not flat:
                return result
        self._dead = self._dead_rectifiers(plan, feed)
        return result

    def assert_trained(self, scope: Optional[Scope] = None, except_: Scope = ()) -> None:
        """Asserts that every trainable variable received a gradient that is not exactly zero from an optimizer that ran.

        A gradient that comes from the variable's own regulariser alone does not count. Where gradients cannot be seen, the value must have
        changed.

        Args:
            scope: name, prefix at a scope boundary (`"generator/"`), pattern, variable, or several of them; without it all variables.
            except_: what is left out beside variables that are not trainable, in the same form.

        Raises:
            BackprobeFailure: names the variables that do not train and why.
            Inconclusive: if no optimizer ran, a gradient was not finite, or the net was dead.
            LookupError: if a scope selects nothing.
        """
        __tracebackhide__ = True
        name = "assert_trained"
        judged = self._select(name, scope, except_)
        self._asserted_trained.update(graphs.name_of(evidence.variable) for evidence in judged)
        self._require_training(name)
        blamed = [_blame(evidence, _fault(evidence)) for evidence in judged if not evidence.trains()]
        if not blamed:
            return
        if self._dead and any(blame.reason is Reason.ZERO for blame in blamed):
            where = ", ".join(self._dead)
            raise Inconclusive(name, f"the output of {where} is zero everywhere, so no gradient passes: try another seed or size")
        raise BackprobeFailure(name, report(f"{len(blamed)} of {len(judged)} variables do not train", blamed))

    def assert_untouched(self, scope: Optional[Scope] = None, by: Optional[Scope] = None) -> None:
        """Asserts that the step left trainable variables alone: no optimizer applied a gradient to them, and their values are the same.

        Args:
            scope: as in `assert_trained`; without it everything that no `assert_trained` before has named.
            by: where the body trains several players: only what the optimizers do that train these variables is looked at, as in
                `assert_untouched("discriminator/", by="generator/")`.

        Raises:
            BackprobeFailure: names the variables that were changed.
            Inconclusive: if no optimizer ran, or none that trains `by`.
        """
        __tracebackhide__ = True
        name = "assert_untouched"
        judged = self._select(name, scope, ())
        if by is not None:
            self._assert_untouched_by(by, judged)
            return
        if scope is None:
            judged = [evidence for evidence in judged if graphs.name_of(evidence.variable) not in self._asserted_trained]
        blamed = [
            _blame(evidence, Reason.WAS_UPDATED if evidence.nonzero or evidence.regularised else Reason.VALUE_CHANGED)
            for evidence in judged
            if evidence.nonzero or evidence.regularised or evidence.changed
        ]
        if blamed:
            raise BackprobeFailure(name, report(f"{len(blamed)} of {len(judged)} variables were changed by the step", blamed))
        self._require_training(name)

    def _assert_untouched_by(self, by: Scope, judged: List[Evidence]) -> None:
        __tracebackhide__ = True
        name = "assert_untouched"
        trained = {graphs.name_of(evidence.variable) for evidence in self._select(name, by, ())}
        optimizers = [
            touched for graph in self._graphs() for touched in self._observer.of(graph).trained_by.values() if touched & trained
        ]
        if not optimizers:
            raise Inconclusive(name, f"no optimizer trains {by!r}")
        touched_by_them = set().union(*optimizers) - trained
        blamed = [_blame(evidence, Reason.WAS_UPDATED) for evidence in judged if graphs.name_of(evidence.variable) in touched_by_them]
        if blamed:
            headline = f"{len(blamed)} of {len(judged)} variables were changed by an optimizer that trains {by!r}"
            raise BackprobeFailure(name, report(headline, blamed))

    def assert_statistics_moved(self, scope: Optional[Scope] = None) -> None:
        """Asserts that the moving averages of normalisation layers moved.

        Args:
            scope: as in `assert_trained`.

        Raises:
            BackprobeFailure: names the statistics that did not move, and says whether their update ops exist and were not run.
            Inconclusive: if there are no such statistics, or nothing that trains was run.
        """
        __tracebackhide__ = True
        name = "assert_statistics_moved"
        blamed: List[Blame] = []
        count = 0
        for graph in self._graphs():
            observed = self._observer.of(graph)
            writers = graphs.writers(graph)
            for variable in graphs.statistics(graph):
                if scope is not None and not _is_selected(variable, scope):
                    continue
                count += 1
                if graphs.name_of(variable) not in observed.moved:
                    exists = writers.get(graphs.name_of(variable))
                    reason = Reason.UPDATE_NOT_RUN if exists else Reason.STATISTICS_KEPT
                    blamed.append(Blame([graphs.name_of(variable)], reason, graphs.place_of(variable)))
        if not count:
            raise Inconclusive(name, "the graph holds no running statistics there")
        if blamed:
            self._require_training(name)
            raise BackprobeFailure(name, report(f"{len(blamed)} of {count} running statistics did not move", blamed))

    def assert_clipped(self, max_norm: float) -> None:
        """Asserts that no optimizer applied gradients whose norm, over all its parameters, is above the bound.

        Args:
            max_norm: what the gradients are clipped to.

        Raises:
            BackprobeFailure: says which step went beyond.
            Inconclusive: if no norm reached the bound, so that nothing had to be clipped.
        """
        __tracebackhide__ = True
        norms = [norm for graph in self._graphs() for norm in self._observer.of(graph).norms]
        clipping.judge(norms, max_norm, minimized=False)

    def assert_examples_independent(self, output: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
        """Same as `backprobe.assert_examples_independent`."""
        __tracebackhide__ = True
        backprobe.assert_examples_independent(output, inputs, feed)

    def assert_random_in_training(self, output: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
        """Same as `backprobe.assert_random_in_training`."""
        __tracebackhide__ = True
        backprobe.assert_random_in_training(output, feed)

    def saw_training(self) -> bool:
        """Whether something that trains was run."""
        return any(observed.trained for observed in self._observer.observed.values())

    @property
    def last_feed(self) -> Mapping[Any, Any]:
        """What was fed last."""
        return self._observer.last_feed

    def _dead_rectifiers(self, plan: Plan, feed: Optional[Mapping[Any, Any]]) -> List[str]:
        with sessions.unwatched():
            return calls.dead_rectifiers(self.session, plan.running, feed)

    def _graphs(self) -> List[Any]:
        """The graphs in which something trained, else the graph of the session."""
        trained = [graph for graph, observed in self._observer.observed.items() if observed.trained]
        return trained or [self.session.graph]

    def _require_training(self, assertion: str) -> None:
        """Raises if what was observed is not a training step at all."""
        __tracebackhide__ = True
        observed = [self._observer.of(graph) for graph in self._graphs()]
        if not any(part.trained for part in observed):
            raise Inconclusive(assertion, "no optimizer was seen: run a train op with step.run(op, feed), or in the body")
        if not all(evidence.finite for part in observed for evidence in part.evidence.values()):
            raise Inconclusive(assertion, "the gradients are not finite")

    def _select(self, assertion: str, scope: Optional[Scope], except_: Scope) -> List[Evidence]:
        __tracebackhide__ = True
        everything = [evidence for graph in self._graphs() for evidence in self._observer.of(graph).evidence.values()]
        for part in [*([] if scope is None else as_list(scope)), *as_list(except_)]:
            if not any(_is_selected(evidence.variable, part) for evidence in everything):
                self._refuse_frozen(assertion, part)
                raise UnknownScope(part, [graphs.name_of(evidence.variable) for evidence in everything])
        return [
            evidence
            for evidence in everything
            if (scope is None or _is_selected(evidence.variable, scope)) and not _is_selected(evidence.variable, except_)
        ]

    def _refuse_frozen(self, assertion: str, scope: Scope) -> None:
        """Raises a proof if what is asserted to train exists and is not trainable."""
        __tracebackhide__ = True
        frozen = [
            variable
            for graph in self._graphs()
            for variable in graphs.all_variables(graph)
            if _is_selected(variable, scope)
        ]
        if frozen and assertion == "assert_trained":
            blamed = [Blame([graphs.name_of(variable)], Reason.FROZEN, graphs.place_of(variable)) for variable in frozen]
            raise BackprobeFailure(assertion, report(f"{len(blamed)} of {len(blamed)} variables do not train", blamed))


def _fault(evidence: Evidence) -> Reason:
    if evidence.regularised:
        return Reason.REGULARISER
    if evidence.zero:
        return Reason.ZERO
    if evidence.absent:
        return Reason.ABSENT
    return Reason.ZERO if evidence.unseen else Reason.NOT_UPDATED


def _is_selected(variable: Any, scope: Scope) -> bool:
    for part in as_list(scope):
        if isinstance(part, str):
            if selects(part, graphs.name_of(variable)):
                return True
        elif getattr(getattr(part, "op", None), "name", None) == graphs.name_of(variable):
            return True
    return False


def _blame(evidence: Evidence, reason: Reason) -> Blame:
    return Blame([graphs.name_of(evidence.variable)], reason, graphs.place_of(evidence.variable))
