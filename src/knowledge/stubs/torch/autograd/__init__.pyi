"""Gradients asked for by name."""

from backprobe.primitives import call, event, parameter, tensor, unknown
from torch import enable_grad, inference_mode, no_grad, set_grad_enabled
from torch._tensor import Tensor


def Variable(data, requires_grad=False, volatile=False):
    """Since version 0.4 a tensor is its own variable.

    Unverified: the class has no signature.
    """
    return data
def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False, grad_variables=None,
             inputs=None): event("backward", tensors, retain_graph=retain_graph, inputs=inputs)
def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True, allow_unused=None,
         is_grads_batched=False, materialize_grads=False): return tuple([tensor(outputs)])


class Function:
    """A function with its own gradient."""
    @classmethod
    def apply(cls, *args, **kwargs): return tensor(*args)


class detect_anomaly:
    def __init__(self, check_nan=True): ...
    def __enter__(self): ...
    def __exit__(self, *args): ...


class set_detect_anomaly:
    def __init__(self, mode, check_nan=True): ...
    def __enter__(self): ...
    def __exit__(self, *args): ...
