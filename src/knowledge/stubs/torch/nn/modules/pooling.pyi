"""Pooling, resizing and padding: channels and rank stay."""

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


class Upsample(_Pool):
    def __init__(self, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None): ...


class UpsamplingNearest2d(_Pool):
    def __init__(self, size=None, scale_factor=None): ...


class UpsamplingBilinear2d(_Pool):
    def __init__(self, size=None, scale_factor=None): ...


class ZeroPad1d(_Pool):
    def __init__(self, padding): ...


class ZeroPad2d(_Pool):
    def __init__(self, padding): ...


class ZeroPad3d(_Pool):
    def __init__(self, padding): ...


class ConstantPad1d(_Pool):
    def __init__(self, padding, value): ...


class ConstantPad2d(_Pool):
    def __init__(self, padding, value): ...


class ConstantPad3d(_Pool):
    def __init__(self, padding, value): ...


class ReflectionPad1d(_Pool):
    def __init__(self, padding): ...


class ReflectionPad2d(_Pool):
    def __init__(self, padding): ...


class ReflectionPad3d(_Pool):
    def __init__(self, padding): ...


class ReplicationPad1d(_Pool):
    def __init__(self, padding): ...


class ReplicationPad2d(_Pool):
    def __init__(self, padding): ...


class ReplicationPad3d(_Pool):
    def __init__(self, padding): ...


class ChannelShuffle(_Pool):
    def __init__(self, groups): ...


class MaxUnpool2d(Module):
    def __init__(self, kernel_size, stride=None, padding=0): ...
    def forward(self, input, indices, output_size=None): return tensor(input, features=features(input), rank=rank(input))


class PixelShuffle(Module):
    def __init__(self, upscale_factor): ...
    def forward(self, input): return tensor(input, rank=rank(input))


class PixelUnshuffle(Module):
    def __init__(self, downscale_factor): ...
    def forward(self, input): return tensor(input, rank=rank(input))


class Flatten(Module):
    def __init__(self, start_dim=1, end_dim=-1):
        self.start_dim = start_dim
        self.end_dim = end_dim
    def forward(self, input): return tensor(input, rank=self.start_dim + 1 if self.end_dim == -1 else None)


class Unflatten(Module):
    def __init__(self, dim, unflattened_size): ...
    def forward(self, input) -> Tensor: ...


class Fold(Module):
    def __init__(self, output_size, kernel_size, dilation=1, padding=0, stride=1): ...
    def forward(self, input) -> Tensor: ...


class Unfold(Module):
    def __init__(self, kernel_size, dilation=1, padding=0, stride=1): ...
    def forward(self, input) -> Tensor: ...
