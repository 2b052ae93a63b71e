"""Initial values: what a parameter is stays, its numbers change."""

from backprobe.primitives import draws_random, in_place
from torch._tensor import Tensor


def calculate_gain(nonlinearity, param=None) -> float: ...
@in_place
def constant_(tensor, val): return tensor
@in_place
def ones_(tensor): return tensor
@in_place
def zeros_(tensor): return tensor
@in_place
def eye_(tensor): return tensor
@in_place
def dirac_(tensor, groups=1): return tensor
@in_place
def uniform_(tensor, a=0.0, b=1.0, generator=None): return tensor
@in_place
def normal_(tensor, mean=0.0, std=1.0, generator=None): return tensor
@in_place
def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None): return tensor
@in_place
def xavier_uniform_(tensor, gain=1.0, generator=None): return tensor
@in_place
def xavier_normal_(tensor, gain=1.0, generator=None): return tensor
@in_place
def kaiming_uniform_(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None): return tensor
@in_place
def kaiming_normal_(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None): return tensor
@in_place
def orthogonal_(tensor, gain=1, generator=None): return tensor
@in_place
def sparse_(tensor, sparsity, std=0.01, generator=None): return tensor
xavier_uniform = xavier_uniform_
xavier_normal = xavier_normal_
kaiming_uniform = kaiming_uniform_
kaiming_normal = kaiming_normal_
orthogonal = orthogonal_
constant = constant_
normal = normal_
uniform = uniform_
