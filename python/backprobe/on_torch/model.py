"""What a test hands over as the model: its modules, parameters and statistics, with the names a reader knows."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Pattern, Set, Tuple

import torch

from backprobe import holders, source_lines

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

_STATISTIC = re.compile(r"^(running|moving|population|pop)_?(mean|avg|average|var|variance|std)$")
_PERHAPS_STATISTIC = re.compile(r"(^|_)(mean|mu|avg|average|var|variance|std|sigma)$")
Way = List[Tuple[torch.nn.Module, str]]
"""How a module is reached: pairs of owner and attribute."""

_WRAPPER_PARTS = re.compile(r"\b(_orig_mod|_fsdp_wrapped_module)\.")


@dataclass
class NamedTensor:
    """A parameter or statistic.

    Attributes:
        names: all its dotted names; more than one where it is tied.
        tensor: the tensor itself.
        owner: the module whose attribute it is.
        place: where its layer is created, if the source can be read.
    """

    names: List[str]
    tensor: torch.Tensor
    owner: torch.nn.Module
    place: Optional[str]


def modules_in(model: Any) -> Dict[str, torch.nn.Module]:
    """The modules handed over, by name; see `holders.models_of`."""
    return holders.models_of(model, is_module)


def is_module(value: Any) -> TypeGuard[torch.nn.Module]:
    """Whether the value is a module; asks its type, because strangers may answer `isinstance` with code of their own."""
    return issubclass(type(value), torch.nn.Module)


def parameters(models: Mapping[str, torch.nn.Module]) -> List[NamedTensor]:
    """Every parameter once, tied ones with all their names."""
    found: Dict[int, NamedTensor] = {}
    for name, owner, path in _modules(models):
        for attribute, parameter in owner._parameters.items():
            if parameter is not None:
                _add(found, f"{name}.{attribute}" if name else attribute, parameter, owner, path)
    return list(found.values())


def statistics(models: Mapping[str, torch.nn.Module]) -> List[NamedTensor]:
    """Every running statistic: a buffer, or a plain tensor kept as attribute, with a name such as `running_mean` or `moving_var`."""
    return _attributes(models, _STATISTIC)


def possible_statistics(models: Mapping[str, torch.nn.Module]) -> List[NamedTensor]:
    """What may be a running statistic or a constant by which inputs are normalised: only its use tells."""
    certain = {id(found.tensor) for found in statistics(models)}
    return [found for found in _attributes(models, _PERHAPS_STATISTIC) if id(found.tensor) not in certain]


def buffers(models: Mapping[str, torch.nn.Module]) -> Iterator[Tuple[torch.nn.Module, str, torch.Tensor]]:
    """Every registered buffer with its owner and attribute."""
    for _, owner, _ in _modules(models):
        for attribute, value in owner._buffers.items():
            if value is not None:
                yield owner, attribute, value


def modules_behind(call: Any) -> List[torch.nn.Module]:
    """The modules a callable uses; see `holders.models_behind`."""
    return holders.models_behind(call, is_module)


def _attributes(models: Mapping[str, torch.nn.Module], pattern: Pattern[str]) -> List[NamedTensor]:
    found: Dict[int, NamedTensor] = {}
    for name, owner, path in _modules(models):
        for attribute, value in [*owner._buffers.items(), *vars(owner).items()]:
            if isinstance(value, torch.Tensor) and pattern.search(attribute):
                _add(found, f"{name}.{attribute}" if name else attribute, value, owner, path)
    return list(found.values())


def _modules(models: Mapping[str, torch.nn.Module]) -> Iterator[Tuple[str, torch.nn.Module, Way]]:
    """Every module once or more (shared modules), with its name and the way to it: pairs of owner and attribute."""
    for name, model in models.items():
        yield from _below(name, model, [], set())


def _below(name: str, module: torch.nn.Module, path: Way, above: Set[int]) -> Iterator[Tuple[str, torch.nn.Module, Way]]:
    if id(module) in above:
        return
    yield _WRAPPER_PARTS.sub("", name), module, path
    for attribute, child in module._modules.items():
        if child is not None:
            yield from _below(f"{name}.{attribute}" if name else attribute, child, [*path, (module, attribute)], above | {id(module)})


def _add(found: Dict[int, NamedTensor], name: str, tensor: torch.Tensor, owner: torch.nn.Module, path: Way) -> None:
    known = found.get(id(tensor))
    if known is None:
        place = _place(path, owner, name.rpartition(".")[2])
        found[id(tensor)] = NamedTensor([name], tensor, owner, place)
    elif name not in known.names:
        known.names.append(name)


def _place(path: Way, owner: torch.nn.Module, attribute: str) -> Optional[str]:
    """The line of the user's own class, nearest to the parameter, that creates the layer."""
    for module, name in reversed([*path, (owner, attribute)]):
        if not type(module).__module__.partition(".")[0] == "torch":
            return source_lines.of_attribute(type(module), name)
    return None
