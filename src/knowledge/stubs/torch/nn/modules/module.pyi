"""The base class of everything that owns parameters."""

from backprobe.primitives import called_by_framework, event, modules, named_parameters, observe, parameters
from backprobe.tensors import Plain
from torch._tensor import Tensor


def _incompatible_keys(state_dict) -> Plain: ...


class Module:
    """What owns parameters and other modules as attributes.

    Unverified: to: it takes arguments in several forms.
    """
    training = True

    def __init__(self, *args, **kwargs): ...
    @called_by_framework
    def forward(self, *input): ...
    def __call__(self, *args, **kwargs): return self.forward(*args, **kwargs)
    def extra_repr(self) -> str: ...

    # Mode.
    def train(self, mode=True):
        event("mode", self, training=mode)
        for module in modules(self, Module):
            module.training = mode
        return self
    def eval(self): return self.train(False)
    def requires_grad_(self, requires_grad=True):
        for held in parameters(self, Module):
            held.requires_grad = requires_grad
        return self
    def zero_grad(self, set_to_none=True): event("zero_grad", self, parameters=parameters(self, Module))

    # What it owns.
    def parameters(self, recurse=True): return parameters(self, Module)
    def named_parameters(self, prefix='', recurse=True, remove_duplicate=True):
        return named_parameters(self, Module)
    def modules(self, remove_duplicate=True): return modules(self, Module)
    def named_modules(self, memo=None, prefix='', remove_duplicate=True):
        return [(str(index), module) for index, module in enumerate(modules(self, Module))]
    def children(self): return modules(self, Module)[1:]
    def named_children(self): return [(str(index), module) for index, module in enumerate(modules(self, Module)[1:])]
    def buffers(self, recurse=True): return []
    def named_buffers(self, prefix='', recurse=True, remove_duplicate=True): return []
    def get_submodule(self, target): return getattr(self, target)
    def get_parameter(self, target): return getattr(self, target)
    def get_buffer(self, target): return getattr(self, target)
    def register_buffer(self, name, tensor, persistent=True): setattr(self, name, tensor)
    def register_parameter(self, name, param): setattr(self, name, param)
    def add_module(self, name, module): setattr(self, name, module)
    def register_module(self, name, module): setattr(self, name, module)
    def state_dict(self, *args, destination=None, prefix='', keep_vars=False) -> Plain: ...
    def load_state_dict(self, state_dict, strict=True, assign=False):
        event("load", self, parameters=parameters(self, Module))
        return _incompatible_keys(state_dict)
    def apply(self, fn):
        for module in modules(self, Module):
            fn(module)
        return self

    # Kind and place of the numbers.
    def to(self, *args, **kwargs): return self
    def to_empty(self, *, device, recurse=True): return self
    def cuda(self, device=None): return self
    def cpu(self): return self
    def type(self, dst_type): return self
    def float(self): return self
    def double(self): return self
    def half(self): return self
    def bfloat16(self): return self
    def share_memory(self): return self
    def compile(self, *args, **kwargs) -> None: ...

    # Hooks see what passes; one that returns something else is beyond what is modelled.
    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False) -> Plain: ...
    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False) -> Plain: ...
    def register_full_backward_hook(self, hook, prepend=False) -> Plain: ...
    def register_backward_hook(self, hook) -> Plain: ...
