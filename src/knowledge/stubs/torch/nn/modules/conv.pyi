"""Convolutions: features are channels, which come behind the examples."""

from backprobe.primitives import layer, parameters
from torch._tensor import Tensor
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class _ConvNd(Module):
    def _make(self, out_channels, bias):
        self.out_channels = out_channels
        self.weight = Parameter()
        self.bias = Parameter() if bias else None
    def _convolve(self, input, rank):
        return layer(input, parameters=parameters(self), features=self.out_channels, axis=1, rank=rank)


class Conv1d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros',
                 device=None, dtype=None):
        self.in_channels = in_channels
        self._make(out_channels, bias)
    def forward(self, input): return self._convolve(input, 3)


class Conv2d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros',
                 device=None, dtype=None):
        self.in_channels = in_channels
        self._make(out_channels, bias)
    def forward(self, input): return self._convolve(input, 4)


class Conv3d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros',
                 device=None, dtype=None):
        self.in_channels = in_channels
        self._make(out_channels, bias)
    def forward(self, input): return self._convolve(input, 5)


class ConvTranspose1d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1,
                 padding_mode='zeros', device=None, dtype=None):
        self.in_channels = in_channels
        self._make(out_channels, bias)
    def forward(self, input, output_size=None): return self._convolve(input, 3)


class ConvTranspose2d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1,
                 padding_mode='zeros', device=None, dtype=None):
        self.in_channels = in_channels
        self._make(out_channels, bias)
    def forward(self, input, output_size=None): return self._convolve(input, 4)


class ConvTranspose3d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1,
                 padding_mode='zeros', device=None, dtype=None):
        self.in_channels = in_channels
        self._make(out_channels, bias)
    def forward(self, input, output_size=None): return self._convolve(input, 5)


class LazyConv1d(Conv1d):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None,
                 dtype=None):
        self._make(out_channels, bias)


class LazyConv2d(Conv2d):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None,
                 dtype=None):
        self._make(out_channels, bias)


class LazyConv3d(Conv3d):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None,
                 dtype=None):
        self._make(out_channels, bias)


class LazyConvTranspose1d(ConvTranspose1d):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1,
                 padding_mode='zeros', device=None, dtype=None):
        self._make(out_channels, bias)


class LazyConvTranspose2d(ConvTranspose2d):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1,
                 padding_mode='zeros', device=None, dtype=None):
        self._make(out_channels, bias)


class LazyConvTranspose3d(ConvTranspose3d):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1,
                 padding_mode='zeros', device=None, dtype=None):
        self._make(out_channels, bias)
