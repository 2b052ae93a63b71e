"""Fully connected layers."""

from backprobe.primitives import layer, parameters, rank
from torch._tensor import Tensor
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class Identity(Module):
    def __init__(self, *args, **kwargs): ...
    def forward(self, input): return input


class Linear(Module):
    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter()
        self.bias = Parameter() if bias else None
    def forward(self, input):
        return layer(input, parameters=parameters(self), features=self.out_features, axis=-1, rank=rank(input))


class LazyLinear(Linear):
    def __init__(self, out_features, bias=True, device=None, dtype=None):
        super().__init__(0, out_features, bias)


class Bilinear(Module):
    def __init__(self, in1_features, in2_features, out_features, bias=True, device=None, dtype=None):
        self.out_features = out_features
        self.weight = Parameter()
        self.bias = Parameter() if bias else None
    def forward(self, input1, input2):
        return layer(input1, input2, parameters=parameters(self), features=self.out_features, rank=rank(input1))
