"""Axes merged and split."""

from backprobe.primitives import rank, tensor
from torch._tensor import Tensor
from torch.nn.modules.module import Module


class Flatten(Module):
    def __init__(self, start_dim=1, end_dim=-1):
        self.start_dim = start_dim
        self.end_dim = end_dim
    def forward(self, input): return tensor(input, rank=self.start_dim + 1 if self.end_dim == -1 else None)


class Unflatten(Module):
    def __init__(self, dim, unflattened_size): ...
    def forward(self, input) -> Tensor: ...
