"""Normalisation: features and rank stay."""

from backprobe.primitives import features, layer, parameters, rank, tensor
from torch._tensor import Tensor
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class _Norm(Module):
    def make(self, scale, shift):
        self.weight = Parameter() if scale else None
        self.bias = Parameter() if shift else None
    def forward(self, input):
        return layer(input, parameters=parameters(self), features=features(input), rank=rank(input))


class _BatchNorm(_Norm):
    def make(self, affine, track_running_stats):
        super().make(affine, affine)
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.running_mean = tensor() if track_running_stats else None
        self.running_var = tensor() if track_running_stats else None


class BatchNorm1d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        self.num_features = num_features
        self.make(affine, track_running_stats)


class BatchNorm2d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        self.num_features = num_features
        self.make(affine, track_running_stats)


class BatchNorm3d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        self.num_features = num_features
        self.make(affine, track_running_stats)


class SyncBatchNorm(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None,
                 dtype=None):
        self.num_features = num_features
        self.make(affine, track_running_stats)
    @classmethod
    def convert_sync_batchnorm(cls, module, process_group=None): return module


class InstanceNorm1d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None):
        self.num_features = num_features
        self.make(affine, track_running_stats)


class InstanceNorm2d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None):
        self.num_features = num_features
        self.make(affine, track_running_stats)


class InstanceNorm3d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None):
        self.num_features = num_features
        self.make(affine, track_running_stats)


class LazyBatchNorm1d(BatchNorm1d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self.make(affine, track_running_stats)


class LazyBatchNorm2d(BatchNorm2d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self.make(affine, track_running_stats)


class LazyBatchNorm3d(BatchNorm3d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self.make(affine, track_running_stats)


class LazyInstanceNorm1d(InstanceNorm1d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self.make(affine, track_running_stats)


class LazyInstanceNorm2d(InstanceNorm2d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self.make(affine, track_running_stats)


class LazyInstanceNorm3d(InstanceNorm3d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self.make(affine, track_running_stats)


class LayerNorm(_Norm):
    def __init__(self, normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None,
                 dtype=None): self.make(elementwise_affine, elementwise_affine and bias)


class RMSNorm(_Norm):
    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None): self.make(elementwise_affine, False)


class GroupNorm(_Norm):
    def __init__(self, num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None): self.make(affine, affine)


class LocalResponseNorm(_Norm):
    def __init__(self, size, alpha=0.0001, beta=0.75, k=1.0): self.make(False, False)


class CrossMapLRN2d(_Norm):
    def __init__(self, size, alpha=0.0001, beta=0.75, k=1): self.make(False, False)
