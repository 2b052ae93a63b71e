"""Normalization: features and rank stay."""

from backprobe.primitives import features, layer, parameters, rank
from torch._tensor import Tensor
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class _Norm(Module):
    def _make(self, scale, shift):
        self.weight = Parameter() if scale else None
        self.bias = Parameter() if shift else None
    def forward(self, input): return self._normalize(input)
    def _normalize(self, input):
        return layer(input, parameters=parameters(self), features=features(input), rank=rank(input))


class LayerNorm(_Norm):
    def __init__(self, normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None,
                 dtype=None): self._make(elementwise_affine, elementwise_affine and bias)


class RMSNorm(_Norm):
    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None): self._make(elementwise_affine, False)
    def forward(self, x): return self._normalize(x)


class GroupNorm(_Norm):
    def __init__(self, num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None): self._make(affine, affine)


class LocalResponseNorm(_Norm):
    def __init__(self, size, alpha=0.0001, beta=0.75, k=1.0): self._make(False, False)


class CrossMapLRN2d(_Norm):
    def __init__(self, size, alpha=0.0001, beta=0.75, k=1): self._make(False, False)
