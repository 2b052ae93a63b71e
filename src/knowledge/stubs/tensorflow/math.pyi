"""Mathematics: the same functions as at the top."""

from tensorflow import (
    abs, add, add_n, argmax, argmin, ceil, count_nonzero, cumsum, divide, equal, erf, exp, floor, greater, is_nan, less, lgamma, log, log1p,
    logical_and, logical_not, logical_or, maximum, minimum, multiply, negative, pow,
    reduce_logsumexp, reduce_max, reduce_mean, reduce_min, reduce_prod, reduce_sum, rsqrt, sigmoid, sign, sin, sqrt, square,
    squared_difference, subtract, tanh, truediv)
from tensorflow.nn import l2_normalize, softplus, top_k
