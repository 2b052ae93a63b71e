"""Names the variables of layered models by the attributes that lead to them. Knows no framework: what the parts are, the caller says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

from backprobe import source_lines
from backprobe.holders import IsModel

STATISTIC = re.compile(r"(^|_)(running|moving|population|pop)_?(mean|avg|average|var|variance|std)$")
"""What a running statistic is called."""

Way = List[Tuple[Any, str]]
"""How a part is reached: pairs of owner and attribute."""

Children = Callable[[Any], Iterable[Tuple[str, Any]]]
"""The parts of a layer, each with the attribute or name that leads to it."""


@dataclass
class NamedVariable:
    """A variable of a layer.

    Attributes:
        names: its paths, by attributes of the user's classes and names of layers; more than one where it is shared.
        variable: the variable itself.
        owner: the layer whose variable it is.
        model: the name of the model that holds it.
        place: where its layer or itself is created, if the source can be read.
    """

    names: List[str]
    variable: Any
    owner: Any
    model: str
    place: Optional[str]

    @property
    def is_frozen(self) -> bool:
        """Whether it is not trainable, by itself or with its layer."""
        return not (self.variable.trainable and getattr(self.owner, "trainable", True))


def note(found: Dict[int, NamedVariable], named: NamedVariable) -> None:
    """Adds a variable, or its name to one that is known."""
    known = found.setdefault(id(named.variable), named)
    known.names.extend(name for name in named.names if name not in known.names)


def below(name: str, layer: Any, children: Children) -> Iterator[Tuple[str, Any, Way]]:
    """A layer and all its parts, shared ones once for each way: path, part and the way to it."""
    yield from _below(name, layer, children, [], frozenset())


def _below(name: str, layer: Any, children: Children, way: Way, above: "frozenset[int]") -> Iterator[Tuple[str, Any, Way]]:
    if id(layer) in above:
        return
    yield name, layer, way
    for attribute, child in children(layer):
        yield from _below(joined(name, attribute), child, children, [*way, (layer, attribute)], above | {id(layer)})


def joined(path: str, name: str) -> str:
    """The path of a part; that of a model without a name begins with its parts."""
    return f"{path}/{name}" if path else name


def held(name: str, value: Any, is_wanted: IsModel) -> Iterator[Tuple[str, Any]]:
    """What an attribute holds, itself or in mappings and sequences, with the path from its owner."""
    if is_wanted(value):
        yield name, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from held(f"{name}/{key}", item, is_wanted)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from held(f"{name}/{index}", item, is_wanted)


def place(way: Way, is_of_library: Callable[[type], bool]) -> Optional[str]:
    """The line of the user's own class, nearest to the end of the way, that creates what is there."""
    for owner, attribute in reversed(way):
        if not is_of_library(type(owner)):
            return source_lines.of_attribute(type(owner), attribute.partition("/")[0])
    return None
