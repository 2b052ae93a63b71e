"""Assertions that call a model or function more than once and compare what comes out."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Callable, Iterator, List, Mapping, Tuple

import torch

from backprobe import nested, outputs
from backprobe.on_torch import model
from backprobe.on_torch.modes import buffers_kept, in_mode, same_random_numbers
from backprobe.on_torch.observer import is_all_zero
from backprobe.outcome import BackprobeFailure, Inconclusive

_VARIATIONS = 3


def assert_random_in_training(f: Callable[..., Any], inputs: Any = None) -> None:
    """In train mode two calls on one input differ."""
    __tracebackhide__ = True
    name = "assert_random_in_training"
    with _prepared(f, training=True), torch.random.fork_rng():
        first, second = (_called(f, inputs) for _ in range(2))
    outputs.require_floats(name, first)
    if outputs.differ(first, second):
        return
    if outputs.are_zero(first):
        raise Inconclusive(name, "the output is zero everywhere, so randomness before it cannot be seen: try another seed or size")
    raise BackprobeFailure(name, "two calls in train mode on the same input gave the same output: nothing is dropped")


def assert_deterministic(f: Callable[..., Any], inputs: Any = None) -> None:
    """In eval mode two calls on one input agree."""
    __tracebackhide__ = True
    name = "assert_deterministic"
    with _prepared(f, training=False), torch.random.fork_rng():
        first, second = (_called(f, inputs) for _ in range(2))
    outputs.require_floats(name, first)
    if outputs.differ(first, second):
        raise BackprobeFailure(name, "two calls in eval mode on the same input gave different outputs: something stays random")


def assert_output_varies(f: Callable[..., Any], inputs: Any) -> None:
    """In eval mode other inputs give another output."""
    __tracebackhide__ = True
    _assert_varies("assert_output_varies", "the output", f, inputs)


def assert_loss_depends_on(f: Callable[..., Any], inputs: Any) -> None:
    """In eval mode other inputs give another loss."""
    __tracebackhide__ = True
    _assert_varies("assert_loss_depends_on", "the loss", f, inputs)


def assert_examples_independent(f: Callable[..., Any], inputs: Any) -> None:
    """In eval mode the output for an example does not change with the other examples of its batch."""
    __tracebackhide__ = True
    name = "assert_examples_independent"
    size = _batch_size(name, inputs)
    others = nested.mapped(inputs, lambda leaf: _other_examples(leaf, size))
    with _prepared(f, training=False), torch.no_grad():
        kept, changed = (_called(f, batch, same=True) for batch in (inputs, others))
    judged = [(a[:1], b[:1]) for a, b in zip(kept, changed) if a.ndim and a.shape == b.shape and a.shape[0] == size]
    if not judged:
        raise Inconclusive(name, f"no output has the batch size {size} as its first axis")
    first, second = zip(*judged)
    if not outputs.are_finite(first):
        raise Inconclusive(name, "the output is not finite")
    if outputs.are_zero(first) and outputs.are_zero(second):
        raise Inconclusive(name, "the output is zero everywhere: try another seed or size")
    if outputs.differ(first, second, outputs.KERNEL_ROUNDING):
        raise BackprobeFailure(
            name, "in eval mode the output for one example changes with the others in its batch: statistics of the batch are used"
        )


def _assert_varies(name: str, what: str, f: Callable[..., Any], inputs: Any) -> None:
    __tracebackhide__ = True
    with _prepared(f, training=False), torch.no_grad():
        first = _called(f, inputs, same=True)
        outputs.require_floats(name, first)
        if not outputs.are_finite(first):
            raise Inconclusive(name, f"{what} is not finite")
        others = [varied(inputs, count) for count in range(_VARIATIONS)]
        if all(_are_equal(inputs, other) for other in others):
            raise Inconclusive(name, "there is nothing to vary: give tensors that hold more than one value")
        if any(outputs.differ(first, _called(f, other, same=True)) for other in others):
            return
        if _is_dead(f, inputs) or (what == "the output" and outputs.are_zero(first)):
            raise Inconclusive(name, "the output of the model is zero everywhere: try another seed or size")
    raise BackprobeFailure(name, f"{what} is the same whatever the inputs are: nothing can be learned from it")


def _is_dead(f: Callable[..., Any], inputs: Any) -> bool:
    """Whether the models put out nothing but zeros. Of a model whose output is the result itself, a loss perhaps, the layers are asked."""
    models = model.modules_behind(f)
    seen: List[Tuple[torch.nn.Module, Any]] = []
    with ExitStack() as stack:
        for module in {id(part): part for whole in models for part in whole.modules()}.values():
            stack.callback(module.register_forward_hook(lambda module, _inputs, output: seen.append((module, output))).remove)
        result = _apply(f, inputs)
    whole = [output for module, output in seen if output is not result and any(module is one for one in models)]
    if whole:
        return all(is_all_zero(output) for output in whole)
    return any(is_all_zero(output) for module, output in seen if next(module.children(), None) is None and next(module.parameters(), None) is not None)


def varied(inputs: Any, count: int) -> Any:
    """The same nesting with other values: permuted elements, floats with noise as well that grows with `count`.

    Integers stay among those that occur, so that token ids remain valid.
    """
    generator = torch.Generator().manual_seed(count)

    def change(leaf: Any) -> Any:
        if not isinstance(leaf, torch.Tensor) or leaf.numel() == 0:
            return leaf
        order = torch.randperm(leaf.numel(), generator=generator).to(leaf.device)
        permuted = leaf.detach().reshape(-1)[order].reshape(leaf.shape)
        if not leaf.is_floating_point():
            return permuted
        spread = leaf.detach().float().std(unbiased=False).item() or 1.0
        noise = torch.randn(leaf.shape, generator=generator).to(leaf.device, leaf.dtype)
        return permuted + noise * spread * 4.0**count

    return nested.mapped(inputs, change)


def _are_equal(inputs: Any, others: Any) -> bool:
    """Whether the tensors of two equal nestings hold the same."""
    pairs = zip(nested.leaves(inputs), nested.leaves(others))
    return all(torch.equal(one, other) for one, other in pairs if isinstance(one, torch.Tensor))


def _other_examples(leaf: Any, size: int) -> Any:
    """The same first example; floats of the others are far away, others are copies of the first."""
    if not isinstance(leaf, torch.Tensor) or leaf.ndim == 0 or leaf.shape[0] != size:
        return leaf
    changed = leaf.detach().clone()
    if leaf.is_floating_point():
        changed[1:] = changed[1:] * 3.0 + 1.0
    else:
        changed[1:] = changed[:1]
    return changed


def _batch_size(assertion: str, inputs: Any) -> int:
    __tracebackhide__ = True
    sizes = [leaf.shape[0] for leaf in nested.leaves(inputs) if isinstance(leaf, torch.Tensor) and leaf.ndim]
    if not sizes or sizes[0] < 2:
        raise ValueError(f"{assertion} needs inputs with at least two examples along the first axis")
    return int(sizes[0])


def _prepared(f: Callable[..., Any], training: bool) -> ExitStack:
    """The modules behind `f` in a mode, their buffers restored afterwards."""
    modules = model.modules_behind(f)
    stack = ExitStack()
    stack.enter_context(buffers_kept(modules))
    stack.enter_context(in_mode(modules, training))
    return stack


def _called(f: Callable[..., Any], inputs: Any, same: bool = False) -> List[Any]:
    """The float leaves of one call as numpy arrays of float64.

    A mapping is given as keywords, a tuple as positional arguments, nothing as no argument.
    """
    __tracebackhide__ = True
    with ExitStack() as stack:
        if same:
            stack.enter_context(same_random_numbers())
        return [leaf.detach().cpu().double().numpy() for leaf in _float_leaves(_apply(f, inputs))]


def _apply(f: Callable[..., Any], inputs: Any) -> Any:
    __tracebackhide__ = True
    if inputs is None:
        return f()
    if isinstance(inputs, Mapping):
        return f(**inputs)
    if isinstance(inputs, tuple):
        return f(*inputs)
    return f(inputs)


def _float_leaves(output: Any) -> Iterator[torch.Tensor]:
    for leaf in nested.leaves(output):
        if isinstance(leaf, torch.Tensor) and leaf.is_floating_point():
            yield leaf
        elif isinstance(leaf, float):
            yield torch.tensor(leaf)


