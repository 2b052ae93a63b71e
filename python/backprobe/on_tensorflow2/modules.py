"""What a test hands over as the model: its modules (`tf.Module`, layers of Keras 2) and variables, with the names a reader knows."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional, Set, Tuple

import tensorflow as tf

from backprobe import discovery, frameworks, holders, named
from backprobe.named import STATISTIC, NamedVariable, Way

LIBRARIES = ("tensorflow", "keras", "tf_keras")


def is_statistic(found: NamedVariable) -> bool:
    """Whether it is a running statistic: not to be trained, with a name such as `moving_mean`."""
    return not found.variable.trainable and STATISTIC.search(found.names[0].rpartition("/")[2]) is not None


def is_module(value: Any) -> bool:
    """Whether the value is a module."""
    return issubclass(type(value), tf.Module)


def is_layer(value: Any) -> bool:
    """Whether the value is a layer of Keras 2."""
    return is_module(value) and hasattr(value, "_flatten_layers")


def is_model(value: Any) -> bool:
    """Whether the value is a model of Keras 2, made of layers."""
    keras = frameworks.keras2()
    return keras is not None and issubclass(type(value), keras.Model)


def modules_in(model: Any) -> Dict[str, Any]:
    """The models handed over, by name; see `holders.models_of`."""
    return holders.models_of(model, is_module)


def modules_behind(call: Any) -> List[Any]:
    """The modules a callable uses; see `holders.models_behind`."""
    return holders.models_behind(call, is_module)


def contains(module: Any, whole: Any) -> bool:
    """Whether the first module is the second or a part of it."""
    return any(module is part for _, part, _ in named.below("", whole, _children))


def parts(models: Mapping[str, Any]) -> Iterator[Any]:
    """The models and what they are made of."""
    for name, whole in models.items():
        yield from (part for _, part, _ in named.below(name, whole, _children))


MODULES = discovery.Kind(is_module, contains, LIBRARIES)


def variables(models: Mapping[str, Any]) -> List[NamedVariable]:
    """Every variable that holds numbers, once; shared ones with all their names."""
    found: Dict[int, NamedVariable] = {}
    for model, whole in models.items():
        for path, owner, way in named.below(model, whole, _children):
            for name, variable in _own_variables(owner):
                if variable.dtype != tf.string:
                    named.note(found, NamedVariable([named.joined(path, name)], variable, owner, model, _place([*way, (owner, name)])))
    return list(found.values())


def unbuilt(models: Mapping[str, Any]) -> Iterator[Tuple[str, Any, Optional[str]]]:
    """Layers that would have weights and have none, because they were never called: name, layer and place."""
    for model, whole in models.items():
        for path, layer, way in named.below(model, whole, _children):
            has_weights = any(name.endswith("_initializer") and value is not None for name, value in vars(layer).items())
            if is_layer(layer) and has_weights and not layer.built and not list(_children(layer)):
                yield path, layer, _place(way)


def _children(module: Any) -> Iterator[Tuple[str, Any]]:
    """The parts of a module: by attribute where the class is the user's, else by the names that Keras knows."""
    tracked = list(module._flatten_layers(recursive=False, include_self=False)) if is_layer(module) else None
    seen: Set[int] = set()
    if tracked is None or not _is_of_library(type(module)):
        for attribute, value in _attributes(module):
            for path, child in named.held(attribute, value, is_module):
                is_part = tracked is None or not is_layer(child) or any(child is one for one in tracked)
                if is_part and id(child) not in seen:
                    seen.add(id(child))
                    yield path, child
    yield from ((child.name, child) for child in tracked or () if id(child) not in seen)


def _own_variables(module: Any) -> Iterator[Tuple[str, Any]]:
    if is_layer(module):
        for variable in (*module._trainable_weights, *module._non_trainable_weights):
            yield variable.name.partition(":")[0].rpartition("/")[2], variable
        return
    for attribute, value in _attributes(module):
        yield from named.held(attribute, value, lambda item: isinstance(item, tf.Variable))


def _attributes(module: Any) -> List[Tuple[str, Any]]:
    """The attributes of the user's own; TensorFlow keeps account of them in others."""
    return [(name, value) for name, value in vars(module).items() if not name.startswith("_self_")]


def _place(way: Way) -> Optional[str]:
    return named.place(way, _is_of_library)


def _is_of_library(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in LIBRARIES
