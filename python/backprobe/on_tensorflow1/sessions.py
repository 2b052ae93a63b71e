"""Sessions for a test: initialised without adding operations, and copied with their variables."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, List, Set

from backprobe.on_tensorflow1 import graph as graphs
from backprobe.on_tensorflow1 import v1

_STACK: List[Any] = []
"""The training steps at work, innermost last."""


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


@contextmanager
def copy_of(session: Any) -> Iterator[Any]:
    """A new session with the same values of variables, and with random operations at the start of their sequences."""
    graph = session.graph
    with v1().Session(graph=graph) as copy:
        initialise(copy, set())
        for variable in graphs.all_variables(graph):
            initializer = variable.initializer
            copy.run(initializer, {initializer.inputs[1]: session.run(variable)})
        yield copy
