"""Which names a scope selects. Knows no framework: names are dotted (torch) or slashed (TensorFlow) paths."""

from __future__ import annotations

import fnmatch
from typing import Collection, Iterable, List, Union

Scope = Union[str, object, Iterable[object]]
"""A prefix of names at a part boundary (``"encoder"``, ``"generator/"``), a pattern with ``*``, a module or parameter, or several."""


class UnknownScope(LookupError):
    """A scope selects nothing: it is misspelt, or the parameter is not part of what was observed."""

    def __init__(self, scope: object, names: Collection[str]) -> None:
        known = ", ".join(sorted(names)[:20]) or "none"
        super().__init__(f"no parameter is selected by {scope!r}; there are: {known}")


def as_list(scope: Scope) -> List[object]:
    """One scope or several, as a list."""
    if isinstance(scope, (list, tuple, set, frozenset)):
        return list(scope)
    return [scope]


def selects(scope: str, name: str) -> bool:
    """Whether the scope selects the name: equal, a prefix that ends where a part ends, or a matching pattern."""
    if "*" in scope or "?" in scope:
        return fnmatch.fnmatchcase(name, scope)
    if not scope or name == scope:
        return True
    return name.startswith(scope) and (scope[-1] in "./" or name[len(scope)] in "./")
