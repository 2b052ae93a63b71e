"""What a test hands over as the model: its layers, variables and statistics, with the names a reader knows."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional, Set, Tuple

import keras
from keras.src.models.functional import Functional

from backprobe import holders, named
from backprobe.named import STATISTIC, NamedVariable, Way

_INTERNAL = {"_layers", "_tracker", "_modules", "_functional", "_metrics", "_operations", "_inbound_nodes", "_outbound_nodes"}


def is_layer(value: Any) -> bool:
    """Whether the value is a layer or model."""
    return issubclass(type(value), keras.Layer)


def layers_in(model: Any) -> Dict[str, Any]:
    """The models handed over, by name; see `holders.models_of`."""
    return holders.models_of(model, is_layer)


def layers_behind(call: Any) -> List[Any]:
    """The layers a callable uses; see `holders.models_behind`."""
    return holders.models_behind(call, is_layer)


def parameters(models: Mapping[str, Any]) -> List[NamedVariable]:
    """Every variable that was made to be trained, once, frozen ones too; shared ones with all their names."""
    return _variables(models, "_trainable_variables")


def statistics(models: Mapping[str, Any]) -> List[NamedVariable]:
    """Every running statistic: a variable that is not trained, with a name such as `moving_mean`."""
    return [found for found in _variables(models, "_non_trainable_variables") if STATISTIC.search(found.variable.name)]


def unbuilt(models: Mapping[str, Any]) -> Iterator[Tuple[str, Any, Optional[str]]]:
    """Layers that would have weights and have none, because they were never called: name, layer and place."""
    seen: Set[int] = set()
    for _, name, layer, way in _layers(models):
        has_weights = any(attribute.endswith("_initializer") and value is not None for attribute, value in vars(layer).items())
        if has_weights and not layer.built and not layer._layers and id(layer) not in seen:
            seen.add(id(layer))
            yield name, layer, _place(way)


def all_layers(models: Mapping[str, Any]) -> Iterator[Any]:
    """Every layer, containers included."""
    for model in models.values():
        yield from model._flatten_layers()


def contains(layer: Any, whole: Any) -> bool:
    """Whether the first layer is the second or a part of it."""
    return any(layer is part for part in whole._flatten_layers())


def _variables(models: Mapping[str, Any], kind: str) -> List[NamedVariable]:
    found: Dict[int, NamedVariable] = {}
    for model, path, owner, way in _layers(models):
        for variable in getattr(owner, kind):
            named.note(found, NamedVariable([named.joined(path, variable.name)], variable, owner, model, _place(way)))
    return list(found.values())


def _layers(models: Mapping[str, Any]) -> Iterator[Tuple[str, str, Any, Way]]:
    """Every layer once or more (shared layers): the name of its model, its own, and the way to it."""
    for name, model in models.items():
        for path, layer, way in named.below(name, model, _children):
            yield name, path, layer, way


def _children(layer: Any) -> Iterator[Tuple[str, Any]]:
    """The parts of a layer: by attribute where the class is the user's, else by the names that Keras knows."""
    if isinstance(layer, (keras.Sequential, Functional)):
        yield from ((child.name, child) for child in layer.layers)
        return
    seen: Set[int] = set()
    if not _is_of_keras(type(layer)):
        attributes = {**vars(layer), **vars(layer).get("_modules", {})}
        for attribute, value in attributes.items():
            if attribute not in _INTERNAL and not attribute.startswith("_self_"):
                for path, child in named.held(attribute, value, is_layer):
                    if any(child is tracked for tracked in layer._layers) or is_layer(value):
                        seen.add(id(child))
                        yield path, child
    yield from ((child.name, child) for child in layer._layers if id(child) not in seen)


def _place(way: Way) -> Optional[str]:
    return named.place(way, _is_of_keras)


def _is_of_keras(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == "keras"
