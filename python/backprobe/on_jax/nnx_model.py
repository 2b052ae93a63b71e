"""What a test hands over as a model of Flax NNX: its modules and variables, with the names a reader knows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Mapping, Tuple

import jax
from flax import nnx

from backprobe import holders
from backprobe.on_jax.trees import Path

_MODES = ("deterministic", "use_running_average", "training")


def is_module(value: Any) -> bool:
    """Whether the value is a module."""
    return issubclass(type(value), nnx.Module)


def modules_in(model: Any) -> Dict[str, Any]:
    """The models handed over, by name; see `holders.models_of`."""
    return holders.models_of(model, is_module)


def modules_behind(call: Any) -> List[Any]:
    """The modules a callable uses; see `holders.models_behind`."""
    return holders.models_behind(call, is_module)


def variables(models: Mapping[str, Any], kind: type) -> Iterator[Tuple[Path, Any]]:
    """The variables of a kind, shared ones once, with their paths."""
    for name, model in models.items():
        for path, node in nnx.iter_graph(model):
            if isinstance(node, kind):
                yield ((name,) if name else ()) + tuple(map(str, path)), node


@contextmanager
def in_mode(models: List[Any], training: bool) -> Iterator[None]:
    """Puts modules into train or eval mode; afterwards each has its old one."""
    before = _modes(models)
    for model in models:
        if training:
            model.train()
        else:
            model.eval()
    try:
        yield
    finally:
        for module, attributes in before:
            for name, value in attributes.items():
                setattr(module, name, value)


@contextmanager
def kept(models: List[Any]) -> Iterator[None]:
    """Restores all variables but parameters: statistics, and states of random numbers."""
    held = [node for model in models for _, node in nnx.iter_graph(model) if isinstance(node, nnx.Variable)]
    before = [(variable, variable.get_value()) for variable in held if not isinstance(variable, nnx.Param)]
    try:
        yield
    finally:
        for variable, value in before:
            variable.set_value(value)


def functional(call: Callable[..., Any], models: List[Any]) -> Tuple[Callable[..., Any], List[Any]]:
    """The call as a function of what the models hold, and what that is now; what is written while it is traced does not reach the
    models."""
    parts = [nnx.split(model) for model in models]
    values, structure = jax.tree_util.tree_flatten([state for _, state in parts])

    def pure(given: List[Any], *arguments: Any) -> Any:
        states = jax.tree_util.tree_unflatten(structure, given)
        made = [nnx.merge(graph, state) for (graph, _), state in zip(parts, states)]
        with in_place_of(models, made):
            return call(*arguments)

    return pure, values


@contextmanager
def in_place_of(models: List[Any], others: List[Any]) -> Iterator[None]:
    """Makes the models hold what the others hold, which get it back with what has been written."""
    before = [dict(vars(model)) for model in models]
    for model, other in zip(models, others):
        vars(model).clear()
        vars(model).update(vars(other))
    try:
        yield
    finally:
        for model, other, attributes in zip(models, others, before):
            vars(other).clear()
            vars(other).update(vars(model))
            vars(model).clear()
            vars(model).update(attributes)


def _modes(models: List[Any]) -> List[Tuple[Any, Dict[str, Any]]]:
    """Every module with the attributes that say its mode."""
    return [
        (node, {name: getattr(node, name) for name in _MODES if name in vars(node)})
        for model in models
        for _, node in nnx.iter_graph(model)
        if is_module(node)
    ]
