"""Sessions for a test: initialised without adding operations, and copied with their variables."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, List, Set

from backprobe.on_tensorflow1 import graph as graphs
from backprobe.on_tensorflow1 import v1

_STACK: List[Any] = []
"""The training steps at work, innermost last."""

_UNWATCHED: List[Any] = []
"""One entry for each assertion at work: what it runs itself is no part of the step."""


def is_watched() -> bool:
    """Whether what runs now belongs to the step."""
    return not _UNWATCHED


@contextmanager
def unwatched() -> Iterator[None]:
    """What runs inside is no part of the step."""
    _UNWATCHED.append(None)
    try:
        yield
    finally:
        _UNWATCHED.pop()


def initialise(session: Any, done: Set[Any]) -> None:
    """Runs the initialisers of variables and tables that are not in `done`, and adds them to it."""
    graph = session.graph
    variables = [variable.initializer for variable in graphs.all_variables(graph)]
    tables = graph.get_collection("table_initializer")
    for operations in (variables, tables):
        new = [operation for operation in operations if operation not in done]
        if new:
            session.run(new)
            done.update(new)


@contextmanager
def session_for(graph: Any) -> Iterator[Any]:
    """The session of the innermost training step on this graph, else the default session, else one that is made and initialised here."""
    with unwatched(), _session_for(graph) as session:
        yield session


@contextmanager
def copy_of(session: Any) -> Iterator[Any]:
    """A new session with the same values of variables, and with random operations at the start of their sequences."""
    graph = session.graph
    variables = graphs.all_variables(graph)
    with v1().Session(graph=graph) as copy:
        if variables:
            initializers = [variable.initializer for variable in variables]
            copy.run(initializers, {op.inputs[1]: value for op, value in zip(initializers, session.run(variables))})
        initialise(copy, {variable.initializer for variable in variables})
        yield copy


@contextmanager
def _session_for(graph: Any) -> Iterator[Any]:
    for step in reversed(_STACK):
        if step.session.graph is graph:
            initialise(step.session, step.initialised)
            yield step.session
            return
    default = v1().get_default_session()
    if default is not None and default.graph is graph:
        yield default
        return
    with v1().Session(graph=graph) as session:
        initialise(session, set())
        yield session
