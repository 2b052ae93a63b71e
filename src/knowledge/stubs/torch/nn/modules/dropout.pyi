"""Dropout as modules: its mode is the module's own."""

from backprobe.primitives import like
from torch._tensor import Tensor
from torch.nn.modules.module import Module


class _DropoutNd(Module):
    def __init__(self, p=0.5, inplace=False):
        self.p = p
        self.inplace = inplace
    def forward(self, input): return like(input)


class Dropout(_DropoutNd): ...
class Dropout1d(_DropoutNd): ...
class Dropout2d(_DropoutNd): ...
class Dropout3d(_DropoutNd): ...
class AlphaDropout(_DropoutNd): ...
class FeatureAlphaDropout(_DropoutNd): ...
