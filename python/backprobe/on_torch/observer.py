"""Watches optimizers and gradients while a training step runs.

Nothing is patched: global optimizer hooks, gradient hooks on leaves and forward hooks of the models handed over, all removed in
reverse order. Hooks never raise and never return a value, for either would change the step; what goes wrong in them is kept and makes the
test inconclusive.
"""

from __future__ import annotations

import gc
import sys
from contextlib import ExitStack
from typing import Any, Callable, Dict, Iterable, List, Optional, Set

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from backprobe import nested
from backprobe.contents import Content
from backprobe.on_torch import discovery, model, tensors
from backprobe.on_torch.evidence import Evidence, kept

_ACTIVATIONS = (torch.nn.ReLU, torch.nn.ReLU6, torch.nn.Threshold, torch.nn.Hardtanh)


class Observer:
    """The evidence gathered between `start` and `stop`.

    Attributes:
        evidence: one entry for each parameter of the models, by `id`.
        steppers: the optimizers that took a real step (one that a gradient scaler skipped is none), by `id`.
        steps: how many real steps each took, by `id`.
        before_update: called before every step of an optimizer.
        errors: what went wrong in a hook.
        skipped_steps: steps that a fused optimizer skipped because a gradient was not finite.
        norms: the norm of the gradients over all parameters of an optimizer, for each real step.
        trained_by: the parameters, by `id`, to which each optimizer applied a gradient that is not zero, by `id`.
    """

    def __init__(self, models: Dict[str, torch.nn.Module], on_new_models: Optional[Callable[[], None]] = None) -> None:
        """Watches these models. With `on_new_models` more are looked for as long as the step runs, and it is called when some are added."""
        self._models = models
        self._on_new_models = on_new_models
        self._watched: Set[int] = set()
        self._undo = ExitStack()
        self._pending: Dict[int, Dict[int, Content]] = {}
        self._zero_outputs: Dict[int, bool] = {}
        self._called: Set[int] = set()
        self.evidence: Dict[int, Evidence] = {}
        self.steppers: Dict[int, torch.optim.Optimizer] = {}
        self.steps: Dict[int, int] = {}
        self.before_update: Optional[Callable[[], None]] = None
        self.errors: List[BaseException] = []
        self.skipped_steps = 0
        self.norms: List[float] = []
        self._pending_norms: Dict[int, float] = {}
        self.trained_by: Dict[int, Set[int]] = {}

    def start(self) -> None:
        """Takes the first snapshot and starts watching."""
        self.find_parameters()
        _ACTIVE.append(self)
        self._undo.callback(_ACTIVE.remove, self)
        self._undo.callback(register_optimizer_step_pre_hook(self._before_optimizer).remove)
        self._undo.callback(register_optimizer_step_post_hook(self._after_optimizer).remove)
        if self._on_new_models is not None:
            self._undo.callback(discovery.before_first_forward(self._before_forward))
        self._watch_modules()
        self._run_compiled_code_eagerly()

    def stop(self) -> None:
        """Stops watching, in reverse order."""
        self._undo.close()

    def find_parameters(self) -> None:
        """Adds the parameters that exist by now, and hooks those that can be hooked by now (not lazy, not frozen)."""
        for named in model.parameters(self._models):
            evidence = self.evidence.get(id(named.tensor))
            if evidence is None:
                evidence = self.evidence[id(named.tensor)] = Evidence.at_first_sight(named)
            evidence.take_snapshot()
            self._hook(evidence)

    def idle_optimizers(self) -> List[torch.optim.Optimizer]:
        """Every optimizer alive in the process that took no real step."""
        alive = [value for value in gc.get_objects() if issubclass(type(value), torch.optim.Optimizer)]
        return [optimizer for optimizer in alive if id(optimizer) not in self.steppers and hasattr(optimizer, "param_groups")]

    def was_called(self, module: torch.nn.Module) -> bool:
        """Whether the module's forward ran."""
        return id(module) in self._called

    def dead_modules(self) -> List[str]:
        """Names of the models and activations whose last output was exactly zero everywhere."""
        return [
            ".".join(filter(None, (name, path))) or type(module).__name__
            for name, whole in self._models.items()
            for path, module in whole.named_modules()
            if self._zero_outputs.get(id(module))
        ]

    def note_output(self, module: torch.nn.Module, output: Any) -> None:
        """Remembers that the module ran, and for models and activations whether every float of the output is zero."""
        with kept(self.errors):
            self._called.add(id(module))
            if issubclass(type(module), _ACTIVATIONS) or any(module is whole for whole in self._models.values()):
                self._zero_outputs[id(module)] = is_all_zero(output)

    def _before_forward(self) -> None:
        """The first forward is the last moment to see values and statistics as they were before the step."""
        with kept(self.errors):
            self._find_models()

    def _find_models(self) -> None:
        if self._on_new_models is None:
            return
        known = list(self._models.values())
        new = {
            name: module
            for name, module in discovery.models_at_work().items()
            if not any(module is part for whole in known for part in whole.modules())
        }
        if new:
            self._models.update((name, module) for name, module in new.items() if name not in self._models)
            self._watch_modules()
            self.find_parameters()
            self._on_new_models()

    def _watch_modules(self) -> None:
        for whole in self._models.values():
            for module in whole.modules():
                if id(module) not in self._watched:
                    self._watched.add(id(module))
                    self._undo.callback(module.register_forward_hook(_note_output).remove)

    def _hook(self, evidence: Evidence) -> None:
        parameter = evidence.tensor
        if evidence.hooked or not parameter.requires_grad or not tensors.is_materialised(parameter):
            return
        evidence.hooked = True
        evidence.frozen = False
        self._undo.callback(parameter.register_hook(_gradient_hook(evidence, self.errors)).remove)

    def _before_optimizer(self, optimizer: torch.optim.Optimizer, arguments: Any, keywords: Any) -> None:
        if self.before_update is not None:
            self.before_update()
        with kept(self.errors):
            self._find_models()
            self.find_parameters()
            # A subclass that calls `super().step()` comes here twice before it comes out; the later look sees the same gradients.
            # A closure makes the gradients of its step later: what is there now is of the step before.
            has_closure = any(callable(argument) for argument in (*arguments[1:], *keywords.values()))
            self._pending[id(optimizer)] = {} if has_closure else self._gradients_held(optimizer)
            self._pending_norms[id(optimizer)] = 0.0 if has_closure else _norm(optimizer)

    def _after_optimizer(self, optimizer: torch.optim.Optimizer, arguments: Any, keywords: Any) -> None:
        with kept(self.errors):
            if id(optimizer) not in self._pending:
                return
            gradients = self._pending.pop(id(optimizer)) or self._gradients_held(optimizer)
            found_inf = getattr(optimizer, "found_inf", None)
            if found_inf is not None and bool(found_inf):
                self.skipped_steps += 1
                return
            self.norms.append(self._pending_norms.pop(id(optimizer)) or _norm(optimizer))
            self.steppers[id(optimizer)] = optimizer
            for key in held_by([optimizer]) & self.evidence.keys():
                self.evidence[key].add_step(gradients.get(key))
            self.steps[id(optimizer)] = self.steps.get(id(optimizer), 0) + 1
            for key, held in gradients.items():
                self.evidence[key].add_applied(held)
                if held.nonzero:
                    self.trained_by.setdefault(id(optimizer), set()).add(key)

    def _gradients_held(self, optimizer: torch.optim.Optimizer) -> Dict[int, Content]:
        """What the gradients this optimizer is about to apply hold, by `id` of the parameter.

        Read before the step where possible: some optimizers add the weight decay to the gradient in place.
        """
        found = {}
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                evidence = self.evidence.get(id(parameter))
                if evidence is not None and evidence.has_fresh_gradient():
                    found[id(parameter)] = tensors.content(parameter.grad)
        return found

    def _run_compiled_code_eagerly(self) -> None:
        """Compiled code bypasses hooks; the compiler is not imported for this."""
        if "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance"):
            self._undo.enter_context(torch.compiler.set_stance("force_eager"))


def held_by(optimizers: Iterable[torch.optim.Optimizer]) -> Set[int]:
    """The ids of all parameters these optimizers hold."""
    return {id(parameter) for optimizer in optimizers for group in optimizer.param_groups for parameter in group["params"]}


def _norm(optimizer: torch.optim.Optimizer) -> float:
    gradients = [parameter.grad for group in optimizer.param_groups for parameter in group["params"] if parameter.grad is not None]
    return float(sum(tensors.squared_norm(gradient) for gradient in gradients) ** 0.5)


def is_all_zero(output: Any) -> bool:
    """Whether the output holds float tensors and every element of them is exactly zero."""
    floats = [leaf for leaf in nested.leaves(output) if isinstance(leaf, torch.Tensor) and leaf.is_floating_point() and leaf.numel()]
    return bool(floats) and not any(tensors.any_nonzero(leaf) for leaf in floats)


_ACTIVE: List[Observer] = []
"""The observers at work. The hooks on modules find them here: a hook that held its observer would be copied and pickled with the module."""


def _note_output(module: torch.nn.Module, inputs: Any, output: Any) -> None:
    for observer in _ACTIVE:
        observer.note_output(module, output)


def _gradient_hook(evidence: Evidence, errors: List[BaseException]) -> Callable[[torch.Tensor], None]:
    """A leaf hook. It runs before the gradient is added to `.grad`."""

    def look(gradient: torch.Tensor) -> None:
        with kept(errors):
            evidence.add_arrived(gradient)

    # Saving the parameter must not warn that this hook is lost.
    look.__torch_unserializable__ = True  # type: ignore[attr-defined]
    return look
