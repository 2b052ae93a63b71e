"""Mathematics: the same functions as at the top."""

from tensorflow import (
    abs, add, add_n, argmax, argmin, cumsum, divide, equal, exp, floor, greater, less, log, maximum, minimum, multiply, negative, pow,
    reduce_logsumexp, reduce_max, reduce_mean, reduce_min, reduce_prod, reduce_sum, rsqrt, sigmoid, sign, sqrt, square,
    squared_difference, subtract, tanh, truediv)
from tensorflow.nn import l2_normalize, softplus, top_k
