"""Initial values."""

from backprobe.tensors import Plain
from tensorflow import constant_initializer as constant
from tensorflow import glorot_normal_initializer as glorot_normal
from tensorflow import glorot_uniform_initializer as glorot_uniform
from tensorflow import ones_initializer as ones
from tensorflow import orthogonal_initializer as orthogonal
from tensorflow import random_normal_initializer as random_normal
from tensorflow import random_uniform_initializer as random_uniform
from tensorflow import truncated_normal_initializer as truncated_normal
from tensorflow import variance_scaling_initializer as variance_scaling
from tensorflow import zeros_initializer as zeros


def he_normal(seed=None) -> Plain: ...
def he_uniform(seed=None) -> Plain: ...
