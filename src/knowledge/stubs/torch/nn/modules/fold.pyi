"""Patches taken out and put together."""

from torch._tensor import Tensor
from torch.nn.modules.module import Module


class Fold(Module):
    def __init__(self, output_size, kernel_size, dilation=1, padding=0, stride=1): ...
    def forward(self, input) -> Tensor: ...


class Unfold(Module):
    def __init__(self, kernel_size, dilation=1, padding=0, stride=1): ...
    def forward(self, input) -> Tensor: ...
