"""Batch normalization keeps statistics of what it has seen in training."""

from backprobe.primitives import tensor
from torch._tensor import Tensor
from torch.nn.modules.normalization import _Norm


class _BatchNorm(_Norm):
    def _make(self, affine, track_running_stats):
        super()._make(affine, affine)
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.running_mean = tensor() if track_running_stats else None
        self.running_var = tensor() if track_running_stats else None


class BatchNorm1d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        self.num_features = num_features
        self._make(affine, track_running_stats)


class BatchNorm2d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        self.num_features = num_features
        self._make(affine, track_running_stats)


class BatchNorm3d(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        self.num_features = num_features
        self._make(affine, track_running_stats)


class SyncBatchNorm(_BatchNorm):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None,
                 dtype=None):
        self.num_features = num_features
        self._make(affine, track_running_stats)
    @classmethod
    def convert_sync_batchnorm(cls, module, process_group=None): return module


class LazyBatchNorm1d(BatchNorm1d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self._make(affine, track_running_stats)


class LazyBatchNorm2d(BatchNorm2d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self._make(affine, track_running_stats)


class LazyBatchNorm3d(BatchNorm3d):
    def __init__(self, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None): self._make(affine, track_running_stats)
