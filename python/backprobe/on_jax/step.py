"""One training step of plain JAX: a function of parameters (Flax linen, Haiku, by hand) and an optax transformation."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Hashable, List, Mapping, Optional, Tuple

import jax
import jax.numpy as jnp

from backprobe import _native
from backprobe.evidence import Statistic
from backprobe.observed import MOST_STEPS
from backprobe.on_jax import intermediates, trees
from backprobe.on_jax.observed import LEARNING_RATE, JaxStep
from backprobe.on_jax.trees import Path


class TrainingStep(JaxStep):
    """A training step under observation; made by `backprobe.training_step(params, tx, state=None)`, used as a context manager.

    The step is either `minimize(f)` or the user's own code as the body of the `with`, compiled or not, where it uses optax. Without
    parameters, those are judged that optimizers are given gradients of; trees that one transformation trains are told apart by its states.
    Where it keeps none, as plain `optax.sgd`, parameters of several trees that are called alike are judged as one. Parameters are named by
    their paths in the tree (`encoder/Dense_0/kernel`). JAX gives a parameter that the loss does not depend on a gradient of zero.

    Attributes:
        params: the parameters, after `minimize` those it has come to. In a body of its own code a test may assign what the code has come
            to, so that values are compared as well.
        state: the state likewise.
    """

    params: Any
    state: Any

    def __init__(self, params: Any = None, tx: Any = None, state: Any = None) -> None:
        if hasattr(params, "opt_state") and hasattr(params, "params"):
            # A train state holds all three.
            params, tx, state = params.params, params.tx if tx is None else tx, getattr(params, "batch_stats", state)
        self.params, self.state = params, state
        self._transformations = dict(tx) if isinstance(tx, Mapping) else {None: tx} if tx is not None else {}
        super().__init__(trees.floats(params), self._known_players())
        self._state_before = {path: bytes(_native.fingerprint(leaf)) for path, leaf in trees.floats(state).items()}

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._add_values(trees.floats(self.params))

    def minimize(self, f: Callable[..., Any]) -> None:
        """Runs the step: loss, gradients, update, up to three times, until every parameter received a gradient that is not zero.

        Without a transformation, plain gradient descent over all parameters is used. Where the transformations are a mapping, each updates
        the part of the parameters of its name.

        Args:
            f: takes the parameters, and the state if there is one, and returns the loss, a scalar, or the loss and the new state.

        Raises:
            TypeError: if `f` returns anything else.
        """
        __tracebackhide__ = True
        if self.params is None:
            raise TypeError("minimize needs the parameters: backprobe.training_step(params, tx)")
        self._minimized = True
        states = {name: tx.init(_part(self.params, name)) for name, tx in self._transformations.items()}
        for count in range(MOST_STEPS):
            loss, state, gradients = self._gradients(f)
            if not self._is_usable(loss, count):
                return
            self.state = state
            self._add_received(trees.floats(gradients))
            self._update(gradients, states)
            self._refresh()
            if all(evidence.is_settled() for evidence in self._evidence.values()):
                return
        if any(evidence.applied and not evidence.nonzero for evidence in self._evidence.values()):
            self._dead = intermediates.dead(lambda: self._call(f, self.params))
            values, result_of = self._in_values(f)
            self._add_reached(trees.floats(self.params), lambda given: result_of(given)[0], values)

    def _gradients(self, f: Callable[..., Any]) -> Tuple[float, Any, Any]:
        __tracebackhide__ = True
        leaves, structure = jax.tree_util.tree_flatten(self.params)
        values, result_of = self._in_values(f)
        found, (loss, state) = jax.grad(result_of, has_aux=True)(values)
        computed = iter(found)
        zeros = [jnp.zeros_like(leaf) if hasattr(leaf, "dtype") else leaf for leaf in leaves]
        gradients = [next(computed) if trees.can_train(leaf) else zero for leaf, zero in zip(leaves, zeros)]
        return float(loss), state, jax.tree_util.tree_unflatten(structure, gradients)

    def _in_values(self, f: Callable[..., Any]) -> Tuple[List[Any], Callable[[List[Any]], Tuple[Any, Tuple[Any, Any]]]]:
        """The parameters that can have a gradient, and what `f` computes as a function of them: the loss, and it with the new state."""
        leaves, structure = jax.tree_util.tree_flatten(self.params)

        def result_of(values: List[Any]) -> Tuple[Any, Tuple[Any, Any]]:
            given = iter(values)
            filled = [next(given) if trees.can_train(leaf) else leaf for leaf in leaves]
            loss, state = self._call(f, jax.tree_util.tree_unflatten(structure, filled))
            return loss, (loss, state)

        return [leaf for leaf in leaves if trees.can_train(leaf)], result_of

    def _call(self, f: Callable[..., Any], params: Any) -> Tuple[Any, Any]:
        """Loss and new state."""
        __tracebackhide__ = True
        result = f(params) if self.state is None else f(params, self.state)
        loss, state = result if isinstance(result, tuple) and len(result) == 2 else (result, self.state)
        if not hasattr(loss, "shape") or math.prod(loss.shape) != 1:
            shape = f"an array of shape {loss.shape}" if hasattr(loss, "shape") else type(loss).__name__
            raise TypeError(f"minimize needs a function that returns a loss with one element, got {shape}; see backprobe.probe_loss")
        return jnp.reshape(loss, ()), state

    def _update(self, gradients: Any, states: Dict[Optional[str], Any]) -> None:
        if not self._transformations:
            self.params = jax.tree_util.tree_map(
                lambda value, gradient: value - LEARNING_RATE * gradient if trees.can_train(value) else value, self.params, gradients
            )
            self._on_update("gradient descent", gradients)
        for name, tx in self._transformations.items():
            part = _part(self.params, name)
            self._player = name
            updates, states[name] = tx.update(_part(gradients, name), states[name], part)
            moved = jax.tree_util.tree_map(lambda value, update: value + update.astype(value.dtype), part, updates)
            self.params = moved if name is None else {**self.params, name: moved}
        self._player = None

    def _known_players(self) -> Dict[Hashable, str]:
        if not self._transformations:
            return {}
        from backprobe.on_jax import optimizers

        return optimizers.players({name: tx for name, tx in self._transformations.items() if name is not None})

    def _statistics(self) -> List[Statistic]:
        after = trees.floats(self.state)
        return [
            Statistic([trees.name(path)], [], None, None, self._has_moved(after.get(path), digest), self._ran(path))
            for path, digest in self._state_before.items()
        ]

    @staticmethod
    def _has_moved(leaf: Any, before: bytes) -> bool:
        return leaf is not None and bytes(_native.fingerprint(leaf)) != before

    def _ran(self, statistic: Path) -> bool:
        """The state may lie one level deeper than the parameters: below the name of its collection."""
        return super()._ran(statistic) if any(key[:-1] == statistic[:-1] for key in self._evidence) else super()._ran(statistic[1:])


def _part(tree: Any, name: Optional[str]) -> Any:
    return tree if name is None else tree[name]
