"""Normalization of each example by itself."""

from torch._tensor import Tensor
from torch.nn.modules.batchnorm import _BatchNorm


class InstanceNorm1d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None):
        self.num_features = num_features
        self._make(affine, track_running_stats)


class InstanceNorm2d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None):
        self.num_features = num_features
        self._make(affine, track_running_stats)


class InstanceNorm3d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None):
        self.num_features = num_features
        self._make(affine, track_running_stats)


class LazyInstanceNorm1d(InstanceNorm1d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self._make(affine, track_running_stats)


class LazyInstanceNorm2d(InstanceNorm2d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self._make(affine, track_running_stats)


class LazyInstanceNorm3d(InstanceNorm3d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self._make(affine, track_running_stats)
