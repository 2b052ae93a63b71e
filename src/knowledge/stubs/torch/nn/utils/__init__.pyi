"""Clipping, reparametrisation, and parameters as one vector."""

from backprobe.primitives import event, parameter_set
from backprobe.primitives import tensor as _tensor
from torch._tensor import Tensor
from torch.nn.utils import parametrizations, rnn


def clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    event("clip", parameters, parameters=parameter_set(parameters))
    return _tensor()
def clip_grad_norm(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False,
                   foreach=None): return clip_grad_norm_(parameters, max_norm)
def clip_grad_value_(parameters, clip_value, foreach=None): event("clip", parameters, parameters=parameter_set(parameters))
def parameters_to_vector(parameters): return _tensor(parameters)
def vector_to_parameters(vec, parameters) -> None: ...
def weight_norm(module, name='weight', dim=0): return module
def remove_weight_norm(module, name='weight'): return module
def spectral_norm(module, name='weight', n_power_iterations=1, eps=1e-12, dim=None): return module
def remove_spectral_norm(module, name='weight'): return module
