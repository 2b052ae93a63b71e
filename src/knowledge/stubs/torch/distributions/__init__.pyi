"""Distributions: what their parameters are computed from reaches the loss through `log_prob`, `rsample` and `entropy`."""

from backprobe.primitives import cut, draws_random, tensor
from backprobe.tensors import Logits, Probabilities
from torch._tensor import Tensor


class Distribution:
    def _hold(self, *given): self._given = given
    @draws_random
    def sample(self, sample_shape=...): return cut(tensor(*self._given), "no_grad")
    @draws_random
    def rsample(self, sample_shape=...): return tensor(*self._given)
    def log_prob(self, value): return tensor(value, *self._given)
    def cdf(self, value): return tensor(value, *self._given)
    def entropy(self): return tensor(*self._given)
    @property
    def mean(self): return tensor(*self._given)
    @property
    def mode(self): return tensor(*self._given)
    @property
    def stddev(self): return tensor(*self._given)
    @property
    def variance(self): return tensor(*self._given)


class Bernoulli(Distribution):
    def __init__(self, probs: Probabilities = None, logits: Logits = None, validate_args=None): self._hold(probs, logits)


class Categorical(Distribution):
    def __init__(self, probs: Probabilities = None, logits: Logits = None, validate_args=None): self._hold(probs, logits)


class OneHotCategorical(Distribution):
    def __init__(self, probs: Probabilities = None, logits: Logits = None, validate_args=None): self._hold(probs, logits)


class RelaxedOneHotCategorical(Distribution):
    def __init__(self, temperature, probs: Probabilities = None, logits: Logits = None, validate_args=None):
        self._hold(temperature, probs, logits)


class Normal(Distribution):
    def __init__(self, loc, scale, validate_args=None): self._hold(loc, scale)


class MultivariateNormal(Distribution):
    def __init__(self, loc, covariance_matrix=None, precision_matrix=None, scale_tril=None,
                 validate_args=None): self._hold(loc, covariance_matrix, precision_matrix, scale_tril)


class Uniform(Distribution):
    def __init__(self, low, high, validate_args=None): self._hold(low, high)


class Beta(Distribution):
    def __init__(self, concentration1, concentration0, validate_args=None): self._hold(concentration1, concentration0)


class Gamma(Distribution):
    def __init__(self, concentration, rate, validate_args=None): self._hold(concentration, rate)


class Independent(Distribution):
    def __init__(self, base_distribution, reinterpreted_batch_ndims, validate_args=None): self._hold(*base_distribution._given)


def kl_divergence(p, q): return tensor(*p._given, *q._given)
