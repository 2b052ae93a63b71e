"""Calls torch modules, and functions that call them, for the assertions that compare outputs."""

from __future__ import annotations

import functools
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Iterator, List, Optional, Tuple

import torch

from backprobe import calls, nested
from backprobe.calls import applied
from backprobe.contents import Content
from backprobe.on_torch import model, tensors
from backprobe.on_torch.modes import buffers_kept, in_mode, same_random_numbers
from backprobe.on_torch.observer import is_all_zero
from backprobe.on_torch.projection import projection


class Caller(calls.Caller):
    """See `backprobe.calls.Caller`."""

    @contextmanager
    def prepared(self, f: Callable[..., Any], training: bool) -> Iterator[None]:
        """The modules behind `f` in a mode, their buffers restored afterwards."""
        modules = model.modules_behind(f)
        with buffers_kept(modules), in_mode(modules, training), torch.random.fork_rng(), torch.set_grad_enabled(training):
            yield

    def repeatable(self) -> Any:
        """Calls inside draw the same random numbers."""
        return same_random_numbers()

    def outputs(self, f: Callable[..., Any], inputs: Any) -> List[Any]:
        """The float leaves of one call as numpy arrays of float64."""
        __tracebackhide__ = True
        return [leaf.detach().cpu().double().numpy() for leaf in _float_leaves(applied(f, inputs))]

    def dead(self, f: Callable[..., Any], inputs: Any) -> List[str]:
        """The models, if they put out nothing but zeros. Of a model whose output is the result itself, a loss perhaps, the layers are
        asked."""
        models = model.modules_behind(f)
        seen: List[Tuple[torch.nn.Module, Any]] = []
        with ExitStack() as stack:
            for module in {id(part): part for whole in models for part in whole.modules()}.values():
                stack.callback(module.register_forward_hook(lambda module, _inputs, output: seen.append((module, output))).remove)
            result = applied(f, inputs)
        whole = [output for module, output in seen if output is not result and any(module is one for one in models)]
        if whole:
            return ["the model"] if all(is_all_zero(output) for output in whole) else []
        return [
            type(module).__name__
            for module, output in seen
            if next(module.children(), None) is None and next(module.parameters(), None) is not None and is_all_zero(output)
        ]

    def array_of(self, leaf: Any) -> Optional[Any]:
        """The values of a tensor; those that numpy lacks, such as bfloat16, are widened."""
        if not isinstance(leaf, torch.Tensor):
            return nested.numpy_array(leaf)
        values = leaf.detach().cpu()
        return (values.float() if values.dtype in (torch.bfloat16, torch.float16) else values).numpy()

    def like(self, array: Any, leaf: Any) -> Any:
        """A tensor of the same type on the same device."""
        return torch.from_numpy(array).to(leaf.device, leaf.dtype) if isinstance(leaf, torch.Tensor) else array

    def not_finite(self, f: Callable[..., Any], inputs: Any, is_result_finite: bool) -> Optional[str]:
        """The first module whose output is not finite, innermost first."""
        found: List[str] = []
        models = model.modules_behind(f)
        with ExitStack() as stack:
            for whole in models:
                for name, module in whole.named_modules():
                    label = f"{name} ({type(module).__name__})" if name else type(module).__name__
                    hook = functools.partial(_note_not_finite, label, found)
                    stack.callback(module.register_forward_hook(hook).remove)
            applied(f, inputs)
        return found[0] if found else None

    def input_gradients(self, f: Callable[..., Any], inputs: Any) -> List[Optional[Content]]:
        """The gradients of the float tensors."""
        leaves: List[Any] = []

        def changed(leaf: Any) -> Any:
            if isinstance(leaf, torch.Tensor) and leaf.is_floating_point():
                leaf = leaf.detach().clone().requires_grad_()
            leaves.append(leaf)
            return leaf

        with torch.enable_grad():
            loss = projection(list(nested.leaves(applied(f, nested.mapped(inputs, changed)))))
            wanted = [leaf for leaf in leaves if isinstance(leaf, torch.Tensor) and leaf.requires_grad]
            gradients = torch.autograd.grad(loss, wanted, allow_unused=True) if loss.requires_grad and wanted else [None] * len(wanted)
        held = {id(leaf): None if gradient is None else tensors.content(gradient) for leaf, gradient in zip(wanted, gradients)}
        return [held.get(id(leaf)) for leaf in leaves if leaf is not None]


def _note_not_finite(label: str, found: List[str], module: Any, inputs: Any, output: Any) -> None:
    floats = [leaf for leaf in nested.leaves(output) if isinstance(leaf, torch.Tensor) and leaf.is_floating_point()]
    if any(bool(torch.isnan(leaf).any() | torch.isposinf(leaf).any()) for leaf in floats):
        found.append(label)


def _float_leaves(output: Any) -> Iterator[torch.Tensor]:
    for leaf in nested.leaves(output):
        if isinstance(leaf, torch.Tensor) and leaf.is_floating_point():
            yield leaf
        elif isinstance(leaf, float):
            yield torch.tensor(leaf)
