"""The order of channels."""

from torch._tensor import Tensor, _shaped
from torch.nn.modules.module import Module


class ChannelShuffle(Module):
    def __init__(self, groups): ...
    def forward(self, input): return _shaped(input)
