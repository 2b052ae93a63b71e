"""Pooling: channels and rank stay."""

from backprobe.primitives import features, rank, tensor
from torch._tensor import Tensor
from torch.nn.modules.module import Module


class _Pool(Module):
    return_indices = False
    def forward(self, input):
        output = tensor(input, features=features(input), rank=rank(input))
        if self.return_indices:
            return output, tensor()
        return output


class MaxPool1d(_Pool):
    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False,
                 ceil_mode=False): self.return_indices = return_indices


class MaxPool2d(_Pool):
    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False,
                 ceil_mode=False): self.return_indices = return_indices


class MaxPool3d(_Pool):
    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False,
                 ceil_mode=False): self.return_indices = return_indices


class AvgPool1d(_Pool):
    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True): ...


class AvgPool2d(_Pool):
    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None): ...


class AvgPool3d(_Pool):
    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None): ...


class AdaptiveAvgPool1d(_Pool):
    def __init__(self, output_size): ...


class AdaptiveAvgPool2d(_Pool):
    def __init__(self, output_size): ...


class AdaptiveAvgPool3d(_Pool):
    def __init__(self, output_size): ...


class AdaptiveMaxPool1d(_Pool):
    def __init__(self, output_size, return_indices=False): self.return_indices = return_indices


class AdaptiveMaxPool2d(_Pool):
    def __init__(self, output_size, return_indices=False): self.return_indices = return_indices


class AdaptiveMaxPool3d(_Pool):
    def __init__(self, output_size, return_indices=False): self.return_indices = return_indices


class LPPool1d(_Pool):
    def __init__(self, norm_type, kernel_size, stride=None, ceil_mode=False): ...


class LPPool2d(_Pool):
    def __init__(self, norm_type, kernel_size, stride=None, ceil_mode=False): ...


class FractionalMaxPool2d(_Pool):
    def __init__(self, kernel_size, output_size=None, output_ratio=None, return_indices=False,
                 _random_samples=None): self.return_indices = return_indices


class MaxUnpool2d(Module):
    def __init__(self, kernel_size, stride=None, padding=0): ...
    def forward(self, input, indices, output_size=None): return tensor(input, features=features(input), rank=rank(input))
