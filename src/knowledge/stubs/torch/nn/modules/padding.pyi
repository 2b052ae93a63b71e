"""Padding: channels and rank stay."""

from torch._tensor import Tensor, _shaped
from torch.nn.modules.module import Module


class ZeroPad1d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)


class ZeroPad2d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)


class ZeroPad3d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)


class ConstantPad1d(Module):
    def __init__(self, padding, value): ...
    def forward(self, input): return _shaped(input)


class ConstantPad2d(Module):
    def __init__(self, padding, value): ...
    def forward(self, input): return _shaped(input)


class ConstantPad3d(Module):
    def __init__(self, padding, value): ...
    def forward(self, input): return _shaped(input)


class ReflectionPad1d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)


class ReflectionPad2d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)


class ReflectionPad3d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)


class ReplicationPad1d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)


class ReplicationPad2d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)


class ReplicationPad3d(Module):
    def __init__(self, padding): ...
    def forward(self, input): return _shaped(input)
