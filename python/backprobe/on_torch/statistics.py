"""The running statistics of torch models: which there are, and whether they moved."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Callable, List, Mapping, Optional, Set, Tuple

import torch
from torch.overrides import TorchFunctionMode

from backprobe.evidence import Statistic
from backprobe.on_torch import model, tensors
from backprobe.on_torch.model import NamedTensor

_NORMALISING = {"batch_norm", "instance_norm"}


class Statistics:
    """The running statistics of the models, before and after a step."""

    def __init__(self, models: Mapping[str, torch.nn.Module]) -> None:
        self._models = models
        self._before: List[Tuple[NamedTensor, Optional[bytes]]] = []
        self._possible: Set[int] = set()
        self._moved: Optional[Set[str]] = None
        self._watch = _NormalisingCalls()

    def start(self, undo: ExitStack) -> None:
        """Takes the first snapshot; where only its use tells a statistic from a constant, watches what normalisation is given."""
        self.take_snapshot()
        if self._possible or not self._models:
            undo.enter_context(self._watch)

    def take_snapshot(self) -> None:
        """Keeps the values as those before the step."""
        possible = model.possible_statistics(self._models)
        self._possible = {id(found.tensor) for found in possible}
        self._before = [(found, tensors.fingerprint(found.tensor)) for found in [*model.statistics(self._models), *possible]]

    def add_snapshot(self) -> None:
        """Keeps the values of statistics that are new, as those before the step."""
        known = {id(found.tensor) for found, _ in self._before}
        before = self._before
        self.take_snapshot()
        self._before = [*before, *((found, digest) for found, digest in self._before if id(found.tensor) not in known)]

    def settle(self) -> None:
        """What changes from now on is no part of the step."""
        self._moved = self._moved_names()

    def after(self, was_called: Callable[[torch.nn.Module], bool]) -> List[Statistic]:
        """The statistics that may move; those of layers whose parameters are all frozen count as moved."""
        kept = {id(found) for found in self._kept()}
        return [
            Statistic(found.names, [], found.place, found.owner, id(found) not in kept, was_called(found.owner), found.tensor)
            for found in self._known()
        ]

    def _known(self) -> List[NamedTensor]:
        return [found for found, _ in self._before if id(found.tensor) not in self._possible or id(found.tensor) in self._watch.given]

    def _kept(self) -> List[NamedTensor]:
        moved = self._moved_names() if self._moved is None else self._moved
        return [found for found in self._known() if found.names[0] not in moved and not _is_frozen(found.owner)]

    def _moved_names(self) -> Set[str]:
        everything = [*model.statistics(self._models), *model.possible_statistics(self._models)]
        # Another tensor may have taken the place of the one before.
        current = {name: found.tensor for found in everything for name in found.names}
        return {
            found.names[0]
            for found, before in self._before
            if tensors.fingerprint(current.get(found.names[0], found.tensor)) != before
        }


class _NormalisingCalls(TorchFunctionMode):
    """Notes which tensors normalisation functions are given, by `id`."""

    def __init__(self) -> None:
        super().__init__()
        self.given: Set[int] = set()

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(function, "__name__", "") in _NORMALISING:
            self.given.update(id(value) for value in (*args[1:], *(kwargs or {}).values()) if isinstance(value, torch.Tensor))
        return function(*args, **(kwargs or {}))


def _is_frozen(owner: torch.nn.Module) -> bool:
    own = [parameter for parameter in owner.parameters()]
    return bool(own) and not any(parameter.requires_grad for parameter in own)
