"""Resizing: channels and rank stay."""

from torch._tensor import Tensor, _shaped
from torch.nn.modules.module import Module


class Upsample(Module):
    def __init__(self, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None): ...
    def forward(self, input): return _shaped(input)


class UpsamplingNearest2d(Module):
    def __init__(self, size=None, scale_factor=None): ...
    def forward(self, input): return _shaped(input)


class UpsamplingBilinear2d(Module):
    def __init__(self, size=None, scale_factor=None): ...
    def forward(self, input): return _shaped(input)
