"""Channels become places, or places channels."""

from backprobe.primitives import rank, tensor
from torch._tensor import Tensor
from torch.nn.modules.module import Module


class PixelShuffle(Module):
    def __init__(self, upscale_factor): ...
    def forward(self, input): return tensor(input, rank=rank(input))


class PixelUnshuffle(Module):
    def __init__(self, downscale_factor): ...
    def forward(self, input): return tensor(input, rank=rank(input))
