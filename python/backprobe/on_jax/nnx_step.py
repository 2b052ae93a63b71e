"""One training step of Flax NNX modules: run it, watch it, and assert what must hold after it."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Iterator, List, Mapping, Tuple, Union

import jax.numpy as jnp
import optax
from flax import nnx

from backprobe import _native
from backprobe.evidence import Evidence, Statistic
from backprobe.observed import MOST_STEPS
from backprobe.on_jax import intermediates, nnx_model, optimizers, trees
from backprobe.on_jax.observed import LEARNING_RATE, JaxStep
from backprobe.on_jax.trees import Path


class NnxStep(JaxStep):
    """A training step under observation; made by `backprobe.training_step(model, optimizer=None)`, used as a context manager.

    The step is either `minimize(f)` or the user's own code as the body of the `with`, compiled or not. Parameters are named by their paths
    (`encoder/linear/kernel`), behind the name of their module where several were given.
    """

    def __init__(self, given: Any, optimizer: Any = None) -> None:
        self._models = nnx_model.modules_in(given)
        only = {name: optimizer for name in self._models} if len(self._models) == 1 else {}
        named = optimizer if isinstance(optimizer, Mapping) else only
        if optimizer is not None and not named:
            raise TypeError("several modules need a mapping of the same names to optimizers")
        self._optimizers = {name: _as_optimizer(self._models[name], value) for name, value in named.items() if value is not None}
        players = optimizers.players({name: value.tx for name, value in self._optimizers.items() if name})
        super().__init__(dict(self._parameters()), players)
        for path, variable in nnx_model.variables(self._models, nnx.Param):
            self._evidence[path].tensor = variable
        self._statistics_before = {
            path: bytes(_native.fingerprint(variable)) for path, variable in nnx_model.variables(self._models, nnx.BatchStat)
        }

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._add_values(dict(self._parameters()))
        self._settled = self._statistics()

    def minimize(self, f: Callable[[], Any]) -> None:
        """Runs the step: loss, gradients, update, up to three times, until every parameter received a gradient that is not zero.

        All modules are in train mode meanwhile. Without an optimizer, plain gradient descent over all parameters is used.

        Args:
            f: takes nothing and returns the loss, a scalar; the modules are what it closes over.

        Raises:
            TypeError: if `f` returns anything else.
        """
        __tracebackhide__ = True
        self._minimized = True
        used = self._optimizers or {name: _as_optimizer(model, optax.sgd(LEARNING_RATE)) for name, model in self._models.items()}
        models = list(self._models.values())
        with nnx_model.in_mode(models, training=True):
            for count in range(MOST_STEPS):
                loss, gradients = self._gradients(f)
                if not self._is_usable(loss, count):
                    return
                for name, found in gradients.items():
                    self._add_received({((name,) if name else ()) + path: leaf for path, leaf in trees.floats(found).items()})
                for name, optimizer in used.items():
                    self._player = name
                    optimizer.update(self._models[name], gradients[name])
                self._player = None
                self._refresh()
                if all(evidence.is_settled() for evidence in self._evidence.values()):
                    return
        if any(evidence.applied and not evidence.nonzero for evidence in self._evidence.values()):
            with nnx_model.in_mode(models, training=True):
                self._dead = intermediates.dead(*nnx_model.functional(f, models))
                self._find_reached(f)

    def _gradients(self, f: Callable[[], Any]) -> Tuple[float, Dict[str, Any]]:
        """The loss and the gradients by model. The function closes over the models, so what is traced takes their place while it runs."""
        __tracebackhide__ = True
        models = list(self._models.values())

        def loss_of(traced: List[Any]) -> Tuple[Any, Any]:
            with nnx_model.in_place_of(models, traced):
                loss = f()
            if not hasattr(loss, "shape") or math.prod(loss.shape) != 1:
                shape = f"an array of shape {loss.shape}" if hasattr(loss, "shape") else type(loss).__name__
                raise TypeError(f"minimize needs a function that returns a loss with one element, got {shape}; see backprobe.probe_loss")
            return jnp.reshape(loss, ()), loss

        gradients, loss = nnx.grad(loss_of, argnums=nnx.DiffState(0, nnx.Param), has_aux=True)(models)
        return float(jnp.reshape(loss, ())), dict(zip(self._models, gradients))

    def _find_reached(self, f: Callable[[], Any]) -> None:
        loss_of, held = nnx_model.functional(f, list(self._models.values()))
        states = {name: nnx.split(model)[1] for name, model in self._models.items()}
        paths = [((name,) if name else ()) + path for name, state in states.items() for path in trees.leaves(state)]
        places = {path: place for place, path in enumerate(paths) if path in self._evidence}

        def loss_of_parameters(values: List[Any]) -> Any:
            filled = list(held)
            for place, value in zip(places.values(), values):
                filled[place] = value
            return loss_of(filled)

        self._add_reached(places, loss_of_parameters, [held[place] for place in places.values()])

    def _parameters(self) -> Iterator[Tuple[Path, Any]]:
        for path, variable in nnx_model.variables(self._models, nnx.Param):
            yield path, variable[...]

    def _statistics(self) -> List[Statistic]:
        if hasattr(self, "_settled"):
            return self._settled
        return [
            Statistic([trees.name(path)], [], None, None, self._has_moved(path, variable), self._ran(path))
            for path, variable in nnx_model.variables(self._models, nnx.BatchStat)
        ]

    def _has_moved(self, path: Path, variable: Any) -> bool:
        return bytes(_native.fingerprint(variable)) != self._statistics_before.get(path)

    def _is_part(self, found: Union[Evidence, Statistic], part: object) -> bool:
        """A module selects what is below it, a parameter itself."""
        if isinstance(found, Evidence) and part is found.tensor:
            return True
        kind = nnx.Param if isinstance(found, Evidence) else nnx.BatchStat
        if not nnx_model.is_module(part):
            return False
        inside = [variable for _, variable in nnx_model.variables({"": part}, kind)]
        path = tuple(found.names[0].split("/"))
        return any(variable is one for known, variable in nnx_model.variables(self._models, kind) if known == path for one in inside)


def _as_optimizer(model: Any, optimizer: Any) -> Any:
    if optimizer is None or hasattr(optimizer, "opt_state"):
        return optimizer
    return nnx.Optimizer(model, optimizer, wrt=nnx.Param)
