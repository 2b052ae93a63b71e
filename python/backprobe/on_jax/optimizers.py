"""Watches optax: every update of a gradient transformation, whenever that was made, plain or compiled.

A transformation is a tuple of functions that the user's code holds, so the code of its function is exchanged while the step runs, and put
back afterwards. Transformations are made of transformations: only the outermost update is the step of an optimizer.
"""

from __future__ import annotations

import functools
import gc
import types
from contextlib import contextmanager
from typing import Any, Callable, Dict, Hashable, Iterator, List, Mapping, Set, Tuple

import optax

from backprobe import discovery
from backprobe.on_jax import arrays, frozen, trees
from backprobe.on_jax.flows import Flows
from backprobe.on_jax.trees import Path

OnUpdate = Callable[[Hashable, Any, Callable[[], Set[Path]]], None]
"""Takes the identity of an optimizer, the gradients, a pytree, before they are used, and what finds the paths to those that it never
applies."""

OnApart = Callable[[Hashable], None]
"""Takes the identity of an optimizer that turns out to train several trees of parameters, which are told apart from now on."""

OnClipped = Callable[[Any], None]
"""Takes the gradients as they are after the clipping in the update, if there is any."""

_TRANSFORMATIONS = discovery.Kind(
    is_model=lambda value: issubclass(type(value), optax.GradientTransformation),
    contains=lambda one, other: one is other,
    packages=("jax", "flax", "optax", "chex"),
)

_CLIPPING = ("clip", "adaptive_grad_clip")
"""How the names of optax' clipping functions begin."""


@contextmanager
def watched(on_update: OnUpdate, on_apart: OnApart, on_clipped: OnClipped) -> Iterator[None]:
    """Calls them at every outermost update inside."""
    watch = _Watch(on_update, on_apart, on_clipped)
    with arrays.compiled_afresh():
        original = optax.GradientTransformation.__new__
        try:
            for value in gc.get_objects():
                if issubclass(type(value), optax.GradientTransformation):
                    watch.exchange(value.update)

            def make(kind: Any, *arguments: Any, **keywords: Any) -> Any:
                made = original(kind, *arguments, **keywords)
                watch.exchange(made.update)
                return made

            optax.GradientTransformation.__new__ = make
            yield
        finally:
            optax.GradientTransformation.__new__ = original
            watch.restore()


def identity(transformation: Any) -> Hashable:
    """What `on_update` is told of the transformation."""
    update = transformation.update
    return (id(update.__func__), id(update.__self__)) if isinstance(update, types.MethodType) else id(update)


def players(transformations: Mapping[str, Any]) -> Dict[Hashable, str]:
    """The players by the identity of their transformation; those that share one are not told apart by it."""
    known = [identity(transformation) for transformation in transformations.values()]
    return {key: name for key, name in zip(known, transformations) if known.count(key) == 1}


def names_at_work() -> Dict[Hashable, str]:
    """What the functions at work call the transformations that are their variables, or that train states among these hold."""
    names: Dict[Hashable, str] = {}
    for name, transformation in discovery.names_at_work(_TRANSFORMATIONS):
        names.setdefault(identity(transformation), name[: -len(".tx")] if name.endswith(".tx") else name)
    return names


def intercepted(number: int, arguments: Tuple[Any, ...], keywords: Dict[str, Any]) -> Any:
    """What runs instead of an update."""
    watch, function, original, is_method = _EXCHANGED[number]
    is_outermost = watch.depth == 0
    watch.depth += 1
    try:
        if is_outermost:
            key = (id(function), id(arguments[0])) if is_method else id(function)
            update, given = (functools.partial(original, arguments[0]), arguments[1:]) if is_method else (original, arguments)
            state = given[1] if len(given) > 1 else keywords.get("state")
            index, is_late = watch.flows.enter(key, state)
            if is_late:
                watch.on_apart(key)
            watch.on_update(watch.flows.named(key, index), given[0], functools.partial(watch.frozen, key, update, *given, **keywords))
            watch.clipped = given[0]
        result = original(*arguments, **keywords)
        if is_outermost:
            watch.flows.leave(key, index, result[1], state)
    finally:
        watch.depth -= 1
    if function.__qualname__.startswith(_CLIPPING):
        watch.clipped = result[0]
    if is_outermost:
        watch.on_clipped(watch.clipped)
    return result


class _Watch:
    def __init__(self, on_update: OnUpdate, on_apart: OnApart, on_clipped: OnClipped) -> None:
        self.on_update = on_update
        self.on_apart = on_apart
        self.on_clipped = on_clipped
        self.clipped: Any = None
        self.depth = 0
        self.flows = Flows()
        self._first = len(_EXCHANGED)
        self._frozen: Dict[Hashable, Set[Path]] = {}
        self._kept: List[Tuple[types.FunctionType, types.CodeType]] = []

    def exchange(self, update: Any) -> None:
        """Exchanges the code of an update, once; one that is no Python function stays unseen."""
        is_method = isinstance(update, types.MethodType)
        function = update.__func__ if is_method else update
        if not isinstance(function, types.FunctionType) or any(function is known for known, _ in self._kept):
            return
        code = function.__code__
        original = types.FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
        original.__kwdefaults__ = function.__kwdefaults__
        _EXCHANGED.append((self, function, original, is_method))
        self._kept.append((function, code))
        function.__code__ = _detour(len(_EXCHANGED) - 1, code.co_freevars)

    def frozen(self, transformation: Hashable, update: Callable[..., Any], gradients: Any, *others: Any, **keywords: Any) -> Set[Path]:
        """The paths to gradients that a transformation never applies, found once for those of the same shapes."""
        key = (transformation, tuple((path, leaf.shape) for path, leaf in trees.floats(gradients).items()))
        if key not in self._frozen:
            self._frozen[key] = frozen.paths(update, gradients, *others, **keywords)
        return self._frozen[key]

    def restore(self) -> None:
        """Puts all code back, in reverse order."""
        for function, code in reversed(self._kept):
            function.__code__ = code
        del _EXCHANGED[self._first :]


_EXCHANGED: List[Tuple[_Watch, types.FunctionType, types.FunctionType, bool]] = []
"""What the exchanged code finds by its number."""


def _detour(number: int, free: Tuple[str, ...]) -> types.CodeType:
    """Code with as many free variables as that of the function, as Python demands."""
    names = [f"free_{index}" for index in range(len(free))]
    source = (
        f"def outer({', '.join(names)}):\n"
        f"    def update(*arguments, **keywords):\n"
        f"        ({''.join(f'{name}, ' for name in names)})\n"
        f"        return __import__('sys').modules[{__name__!r}].intercepted({number}, arguments, keywords)\n"
    )
    [outer] = [constant for constant in compile(source, __file__, "exec").co_consts if isinstance(constant, types.CodeType)]
    [update] = [constant for constant in outer.co_consts if isinstance(constant, types.CodeType)]
    return update
