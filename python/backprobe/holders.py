"""Finds models in what a test hands over, and in what a callable leads to. Knows no framework: what a model is, the caller says."""

from __future__ import annotations

import functools
import itertools
import types
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Set, Tuple

IsModel = Callable[[Any], bool]
"""Whether a value is a model; asks its type, because strangers may answer `isinstance` with code of their own."""

_MOST_ITEMS = 1000
"""Containers of more hold data, not models."""


def models_of(model: Any, is_model: IsModel) -> Dict[str, Any]:
    """The models handed over, by name; nothing if there is none.

    Args:
        model: a model (its name is empty), a mapping or sequence of models, or any object with models, or mappings or sequences of them,
            as attributes.
        is_model: what counts as one.
    """
    if is_model(model):
        return {"": model}
    found = dict(held_models(model, is_model))
    for name, value in _items(model):
        for inner, part in held_models(value, is_model):
            if not any(part is known for known in found.values()):
                found[f"{name}.{inner}"] = part
    return found


def held_models(holder: Any, is_model: IsModel) -> Iterator[Tuple[str, Any]]:
    """The models that are items or attributes of a value which is none itself."""
    if not is_model(holder):
        yield from ((name, value) for name, value in _items(holder) if is_model(value))


def models_behind(call: Any, is_model: IsModel) -> List[Any]:
    """The models a callable uses: itself, its object, what it closes over, its arguments, and the globals it names."""
    found: List[Any] = []
    _search(call, is_model, found, set(), depth=4)
    return found


def _items(holder: Any) -> List[Tuple[str, Any]]:
    """Items of a container, attributes of anything else; runs no code of the holder's own, which may load what it holds on demand."""
    kind = type(holder)
    if issubclass(kind, dict):
        found: Iterable[Tuple[Any, Any]] = dict.items(holder)
    elif issubclass(kind, (list, tuple)):
        found = enumerate(holder)
    elif issubclass(kind, (type, types.ModuleType)):
        return []
    else:
        try:
            found = object.__getattribute__(holder, "__dict__").items()
        except AttributeError:
            return []
    return [(str(name), value) for name, value in itertools.islice(found, _MOST_ITEMS)]


def _search(value: Any, is_model: IsModel, found: List[Any], seen: Set[int], depth: int) -> None:
    if depth == 0 or id(value) in seen:
        return
    seen.add(id(value))
    if is_model(value):
        found.append(value)
        return
    if isinstance(value, (str, bytes, int, float, type, types.ModuleType)) or hasattr(type(value), "__dlpack__"):
        return
    for part in _reachable(value):
        _search(part, is_model, found, seen, depth - 1)


def _reachable(value: Any) -> Iterator[Any]:
    """What a callable, container or plain object leads to."""
    if isinstance(value, functools.partial):
        yield from (value.func, *value.args, *value.keywords.values())
    elif isinstance(value, types.MethodType):
        yield from (value.__self__, value.__func__)
    elif isinstance(value, types.FunctionType):
        yield from _of_function(value)
    elif isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, (list, tuple, set)):
        yield from value
    elif hasattr(value, "__wrapped__"):
        # A compiled function: what it compiles.
        yield value.__wrapped__
    elif hasattr(value, "__dict__"):
        yield from vars(value).values()


def _of_function(function: types.FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            # The name is not bound yet.
            continue
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    for name in _global_names(function.__code__):
        if name in function.__globals__:
            yield function.__globals__[name]


def _global_names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _global_names(constant)
