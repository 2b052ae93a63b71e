"""What the steps of plain JAX and of NNX share: optax is watched, and gradients are told apart by the tree they come in."""

from __future__ import annotations

import math
import sys
from collections import Counter
from contextlib import ExitStack
from typing import Any, Callable, Dict, Hashable, Iterable, List, Mapping, Optional, Sequence, Set, Tuple, Union

import jax

from backprobe import _native
from backprobe.contents import Content
from backprobe.evidence import Evidence, Statistic
from backprobe.observed import ObservedStep
from backprobe.on_jax import arrays, dependence, trees
from backprobe.on_jax.flows import Flow
from backprobe.on_jax.trees import Parts, Path

LEARNING_RATE = 0.01


class JaxStep(ObservedStep):
    """A step whose parameters are known by their paths."""

    _tells_absent = False

    def __init__(self, parameters: Dict[Path, Any], players: Mapping[Hashable, str]) -> None:
        """Judges these parameters, or without any those that optimizers are given gradients of; `players` says which one an optimizer
        trains, where that is known."""
        super().__init__()
        self._learns = not parameters
        self._names: Dict[Hashable, str] = {}
        self._is_updating = False
        self._undo = ExitStack()
        self._parts = Parts(parameters)
        self._players = dict(players)
        self._player: Optional[str] = None
        """Whom `minimize` updates."""
        self._before: Dict[Path, bytes] = {}
        for path, leaf in parameters.items():
            self._evidence[path] = Evidence([trees.name(path)], is_empty=leaf.size == 0)
            if not isinstance(leaf, jax.core.Tracer):
                self._before[path] = bytes(_native.fingerprint(leaf))
                self._evidence[path].starts_at_zero = arrays.is_all_zero(leaf)

    def __enter__(self) -> Any:
        if "optax" in sys.modules:
            from backprobe.on_jax import optimizers

            self._undo.enter_context(optimizers.watched(self._on_update, self._forget, self._on_clipped))
        return self

    def __exit__(self, *error: object) -> None:
        if not self._is_updating:
            self._undo.close()
            self._refresh()

    def saw_training(self) -> bool:
        """Whether an optimizer stepped."""
        self._refresh()
        return super().saw_training()

    def _on_update(self, optimizer: Hashable, gradients: Any, frozen: Callable[[], Set[Path]] = set) -> None:
        try:
            found = trees.floats(gradients)
            if self._learns:
                part: Optional[Path] = (optimizer,)
                self._learn(optimizer, found)
            else:
                optimizer = optimizer.transformation if isinstance(optimizer, Flow) else optimizer
                part = self._parts.of(gradients, self._player or self._players.get(optimizer))
            if part is None:
                return
            kept = frozen()
            keys = [(*part, *path) for path in found]
            for key, path in zip(keys, found):
                self._evidence[key].frozen = self._evidence[key].frozen or path in kept
            others = [key for key in self._evidence if key[: len(part)] == part and key not in set(keys)]
            applied = [None if path in kept else gradient for path, gradient in found.items()]
            # One transformation may update several parts, each as an optimizer of its own.
            stepping = optimizer if self._learns else (optimizer, part)
            arrays.deliver(applied, lambda held: self._receive(stepping, [*zip(keys, held), *((key, None) for key in others)]))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach the step
            self._errors.append(error)

    def _forget(self, optimizer: Hashable) -> None:
        """Forgets what an optimizer did as long as the trees of parameters that it trains were not told apart."""
        if self._learns:
            self._steps.pop(optimizer, None)
            self._trained_by.pop(optimizer, None)
            for key in [key for key in self._evidence if key[0] == optimizer]:
                del self._evidence[key]

    def _receive(self, optimizer: Hashable, gradients: List[Tuple[Path, Optional[Content]]]) -> None:
        # What is called may end the process. It must not wait for compiled code, which waits for this here.
        self._is_updating = True
        self._announce_update()
        self._is_updating = False
        self._add_step(optimizer, gradients)

    def _idle(self) -> List[Hashable]:
        return [optimizer for optimizer in self._names if optimizer not in self._steps]

    def _learn(self, optimizer: Hashable, gradients: Mapping[Path, Any]) -> None:
        """Takes the parameters from the tree of their gradients. Those of several optimizers that are called alike are told apart by what
        the code calls the optimizers."""
        from backprobe.on_jax import optimizers

        for path, gradient in gradients.items():
            self._evidence.setdefault((optimizer, *path), Evidence([trees.name(path)], is_empty=gradient.size == 0))
        self._names = {**optimizers.names_at_work(), **self._names}
        [(alike, most)] = Counter(key[1:] for key in self._evidence).most_common(1) or [((), 1)]
        if most == 1:
            return
        names = {key[0]: self._name_of(key[0]) for key in self._evidence}
        if None in names.values() or len(set(names.values())) < len(names):
            raise LookupError(f"several optimizers train a parameter {trees.name(alike)}: give training_step the parameters")
        for key, evidence in self._evidence.items():
            evidence.names = [trees.name((str(names[key[0]]), *key[1:]))]

    def _name_of(self, optimizer: Any) -> Optional[str]:
        """What the code calls an optimizer; of one that trains several trees, with the number of the tree."""
        transformation, index = optimizer if isinstance(optimizer, Flow) else (optimizer, 0)
        name = self._names.get(transformation)
        is_one = not any(isinstance(key[0], Flow) and key[0].transformation == transformation for key in self._evidence)
        return name if name is None or is_one else f"{name}[{index}]"

    def _on_clipped(self, gradients: Any) -> None:
        try:
            arrays.deliver_norms(list(trees.floats(gradients).values()), lambda norms: self._norms.append(math.hypot(*norms)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach the step
            self._errors.append(error)

    def _add_received(self, gradients: Mapping[Path, Any]) -> None:
        held: List[Optional[Content]] = [arrays.content(gradient) for gradient in gradients.values()]
        for path, content in zip(gradients, held):
            self._evidence[path].add_received(content)

    def _add_reached(self, paths: Iterable[Path], loss_of: Callable[[List[Any]], Any], values: Sequence[Any]) -> None:
        """Finds out where zeros that were applied are a gradient."""
        for path, found in zip(paths, dependence.reached(loss_of, values) or ()):
            self._evidence[path].add_reached(found)

    def _add_values(self, parameters: Mapping[Path, Any]) -> None:
        """Compares values with those before the step, but for arrays that compiled code was given for good."""
        for path, leaf in parameters.items():
            is_gone = isinstance(leaf, jax.Array) and (isinstance(leaf, jax.core.Tracer) or leaf.is_deleted())
            if path in self._before and not is_gone:
                self._evidence[path].changed = bytes(_native.fingerprint(leaf)) != self._before[path]

    def _ran(self, statistic: Path) -> bool:
        """Whether the layer of a statistic ran, as far as its parameters say: what is normalised is scaled or shifted as well."""
        beside = [evidence for key, evidence in self._evidence.items() if key[:-1] == statistic[:-1]]
        return any(evidence.nonzero or evidence.received_nonzero for evidence in beside) or not beside

    def _refresh(self) -> None:
        if not self._is_updating:
            jax.effects_barrier()

    def _is_part(self, found: Union[Evidence, Statistic], part: object) -> bool:
        return False
