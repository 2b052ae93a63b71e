"""Activations as modules; what they compute is said in `torch.nn.functional`."""

from backprobe.primitives import features, layer, like, observe, parameters, rank, tensor
from torch._tensor import Tensor
from torch.nn import functional as F
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class _Elementwise(Module):
    """A function of each element: features and rank stay, the scale does not."""
    def forward(self, input): return tensor(input, features=features(input), rank=rank(input))


class ReLU(_Elementwise):
    def __init__(self, inplace=False): ...


class ReLU6(_Elementwise):
    def __init__(self, inplace=False): ...


class LeakyReLU(_Elementwise):
    def __init__(self, negative_slope=0.01, inplace=False): ...


class RReLU(_Elementwise):
    def __init__(self, lower=0.125, upper=0.3333333333333333, inplace=False): ...


class ELU(_Elementwise):
    def __init__(self, alpha=1.0, inplace=False): ...


class CELU(_Elementwise):
    def __init__(self, alpha=1.0, inplace=False): ...


class SELU(_Elementwise):
    def __init__(self, inplace=False): ...


class GELU(_Elementwise):
    def __init__(self, approximate='none'): ...


class SiLU(_Elementwise):
    def __init__(self, inplace=False): ...


class Mish(_Elementwise):
    def __init__(self, inplace=False): ...


class Hardtanh(_Elementwise):
    def __init__(self, min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None): ...


class Hardswish(_Elementwise):
    def __init__(self, inplace=False): ...


class Hardshrink(_Elementwise):
    def __init__(self, lambd=0.5): ...


class Softshrink(_Elementwise):
    def __init__(self, lambd=0.5): ...


class Tanhshrink(_Elementwise):
    def __init__(self, *args, **kwargs): ...


class Softplus(_Elementwise):
    def __init__(self, beta=1.0, threshold=20.0): ...


class Softsign(_Elementwise):
    def __init__(self, *args, **kwargs): ...


class Tanh(_Elementwise):
    def __init__(self, *args, **kwargs): ...


class LogSigmoid(_Elementwise):
    def __init__(self, *args, **kwargs): ...


class Threshold(_Elementwise):
    def __init__(self, threshold, value, inplace=False): ...


class PReLU(Module):
    def __init__(self, num_parameters=1, init=0.25, device=None, dtype=None): self.weight = Parameter()
    def forward(self, input):
        return layer(input, parameters=parameters(self), features=features(input), rank=rank(input))


class GLU(Module):
    def __init__(self, dim=-1): self.dim = dim
    def forward(self, input): return tensor(input, rank=rank(input))


class Sigmoid(Module):
    def __init__(self, *args, **kwargs): ...
    def forward(self, input): return F.sigmoid(input)


class Hardsigmoid(Module):
    def __init__(self, inplace=False): ...
    def forward(self, input): return F.hardsigmoid(input)


class Softmax(Module):
    def __init__(self, dim=None): self.dim = dim
    def forward(self, input): return F.softmax(input, self.dim)


class LogSoftmax(Module):
    def __init__(self, dim=None): self.dim = dim
    def forward(self, input): return F.log_softmax(input, self.dim)


class Softmin(Module):
    def __init__(self, dim=None): self.dim = dim
    def forward(self, input): return F.softmin(input, self.dim)


class Softmax2d(Module):
    """Softmax over the channels of each place."""
    def __init__(self, *args, **kwargs): ...
    def forward(self, input): return F.softmax(input, -3)


class MultiheadAttention(Module):
    def __init__(self, embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None,
                 batch_first=False, device=None, dtype=None):
        self.embed_dim = embed_dim
        self.in_proj_weight = Parameter()
        self.in_proj_bias = Parameter() if bias else None
        self.out_proj_weight = Parameter()
        self.out_proj_bias = Parameter() if bias else None
    def forward(self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True,
                is_causal=False):
        output = layer(query, key, value, parameters=parameters(self), features=self.embed_dim, axis=-1, rank=rank(query) or 3)
        observe(key_padding_mask, attn_mask)
        return output, tensor(query, key, scale="probabilities")
