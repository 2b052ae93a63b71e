"""Finds the models of a step that the test does not hold: those that the functions at work have as variables. Knows no framework."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import FrameType
from typing import Any, Callable, Collection, Dict, Iterator, List, Mapping, Optional, Tuple

from backprobe import source_lines
from backprobe.holders import IsModel, held_models

_OWN = __name__.partition(".")[0]


@dataclass(frozen=True)
class Kind:
    """What the models of a framework are.

    Attributes:
        is_model: whether a value is one.
        contains: whether the first is a part of the second, or the same.
        packages: those of the framework, whose functions have no models of the user as variables.
    """

    is_model: IsModel
    contains: Callable[[Any, Any], bool]
    packages: Collection[str]


def models_at_work(kind: Kind) -> Dict[str, Any]:
    """The outermost models among the variables of the functions that are running, innermost function first.

    A model is named as its variable; one that an object or container holds, behind the name of that; what `self` holds, by its attribute.
    """
    found: Dict[str, Any] = {}
    for frame in _frames(kind.packages):
        for name, model in _of_frame(frame, kind.is_model):
            if not any(model is known for known in found.values()):
                found.setdefault(name, model)
    return {
        name: model
        for name, model in found.items()
        if not any(other is not model and kind.contains(model, other) for other in found.values())
    }


def outermost(models: List[Any], contains: Callable[[Any, Any], bool]) -> Dict[str, Any]:
    """Those that are no part of another, by their own names; a single one needs none."""
    whole = [model for model in models if not any(model is not other and contains(model, other) for other in models)]
    return {"": whole[0]} if len(whole) == 1 else {model.name: model for model in whole}


def add(models: Dict[str, Any], found: Mapping[str, Any], contains: Callable[[Any, Any], bool]) -> None:
    """Adds to the models of a step those that were found, but for parts of them."""
    known = list(models.values())
    for name, model in found.items():
        if not any(contains(model, whole) for whole in known):
            models.setdefault(name, model)


def names_at_work(kind: Kind) -> List[Tuple[str, Any]]:
    """All models among the variables of the functions that are running, outermost function first, each with the name it has there."""
    return [found for frame in reversed(list(_frames(kind.packages))) for found in _of_frame(frame, kind.is_model)]


def place_at_work(packages: Collection[str], besides: object = None) -> Optional[str]:
    """The line outside of these packages that is running; not one of a method of `besides`."""
    for frame in _frames(packages):
        if besides is None or frame.f_locals.get("self") is not besides:
            return source_lines.shown(frame.f_code.co_filename, frame.f_lineno)
    return None


def _frames(packages: Collection[str]) -> Iterator[FrameType]:
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None:
        package = frame.f_globals.get("__name__", "").partition(".")[0]
        if package not in packages and package != _OWN:
            yield frame
        frame = frame.f_back


def _of_frame(frame: FrameType, is_model: IsModel) -> Iterator[Tuple[str, Any]]:
    named = dict(frame.f_locals)
    if frame.f_code.co_name != "<module>":
        named.update((name, frame.f_globals[name]) for name in frame.f_code.co_names if name in frame.f_globals and name not in named)
    for name, value in named.items():
        prefix = "" if name == "self" else name
        if is_model(value):
            yield prefix, value
        else:
            for inner, model in held_models(value, is_model):
                yield f"{prefix}.{inner}".lstrip("."), model
