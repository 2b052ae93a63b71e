"""Walks nested outputs and inputs: mappings, sequences, dataclasses. Knows no framework: whatever is not a container is a leaf."""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Iterator, Mapping, Optional


def leaves(value: Any) -> Iterator[Any]:
    """The leaves of nested containers, in a fixed order; ``None`` is no leaf."""
    if value is None:
        return
    if isinstance(value, Mapping):
        for key in value:
            yield from leaves(value[key])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif is_dataclass_instance(value):
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    else:
        yield value


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same nesting of mappings and sequences with every leaf changed; other containers are left as they are."""
    if isinstance(value, Mapping):
        return {key: mapped(item, change) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(mapped(item, change) for item in value))
    if isinstance(value, (list, tuple)):
        return type(value)(mapped(item, change) for item in value)
    return change(value)


def replaced(value: Any, items: Mapping[int, Any]) -> Any:
    """The same nesting with other leaves at some places, counted as `leaves` gives them; other containers are left as they are."""
    count = 0

    def change(leaf: Any) -> Any:
        nonlocal count
        place = count
        count += sum(1 for _ in leaves(leaf))
        return leaf if leaf is None or is_dataclass_instance(leaf) else items.get(place, leaf)

    return mapped(value, change)


def is_dataclass_instance(value: Any) -> bool:
    """Whether the value is an instance, not a class, of a dataclass."""
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def numpy_array(leaf: Any) -> Optional[Any]:
    """The leaf if it is a numpy array of numbers; asks its type, so that numpy need not be there."""
    kind = type(leaf)
    return leaf if kind.__module__ == "numpy" and kind.__name__ == "ndarray" and leaf.dtype.kind in "fiub" else None
