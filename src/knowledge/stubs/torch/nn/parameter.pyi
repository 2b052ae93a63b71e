"""Parameters."""

from backprobe.primitives import parameter
from torch._tensor import Tensor


def Parameter(data=None, requires_grad=True): return parameter(trainable=requires_grad)
def UninitializedParameter(requires_grad=True, device=None, dtype=None): return parameter(trainable=requires_grad)
