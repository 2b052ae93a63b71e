"""Functions on tensors, and the switches of gradient mode.

Unverified: device, finfo, iinfo, Generator, Size, FloatTensor, LongTensor: classes of the extension module without a signature.
Unverified: arange: an only argument is the end.
"""

from backprobe.primitives import cut, draws_random, event, features, in_place, like, parameter, pop, push, rank
from backprobe.tensors import Logits, Mask, Plain, Same
from backprobe.primitives import tensor as _tensor
from torch import amp, autograd, cuda, distributed, distributions, linalg, nn, optim, random, utils
from torch._tensor import Tensor, _extreme, _reduced, _reshaped, _shaped
from torch.amp import autocast


# Gradient mode.

class _GradientMode:
    """A context manager and decorator under which gradients flow or do not."""
    mode = True
    def __enter__(self): push("gradient", self.mode)
    def __exit__(self, exc_type, exc_value, traceback): pop("gradient")
    def __call__(self, orig_func):
        def decorated(*args, **kwargs):
            push("gradient", self.mode)
            result = orig_func(*args, **kwargs)
            pop("gradient")
            return result
        return decorated


class no_grad(_GradientMode):
    def __init__(self): self.mode = False


class enable_grad(_GradientMode): ...


class inference_mode(_GradientMode):
    def __init__(self, mode=True): self.mode = not mode


class set_grad_enabled(_GradientMode):
    def __init__(self, mode):
        self.mode = mode
        push("gradient", mode)
    def __enter__(self): ...


def is_grad_enabled() -> bool: ...
def is_tensor(obj, /) -> bool: ...
def manual_seed(seed) -> None: ...
def seed() -> int: ...
def device(device, index=None) -> Plain: ...
def set_default_dtype(d, /) -> None: ...
def set_default_tensor_type(t, /) -> None: ...
def get_rng_state() -> Plain: ...
def set_rng_state(new_state) -> None: ...
def broadcast_shapes(*shapes) -> Plain: ...
def finfo(type=None) -> Plain: ...
def iinfo(type) -> Plain: ...
def Generator(device='cpu') -> Plain: ...
def Size(iterable=()) -> Plain: ...
def use_deterministic_algorithms(mode, *, warn_only=False) -> None: ...
def save(obj, f, pickle_module=..., pickle_protocol=2, _use_new_zipfile_serialization=True, _disable_byteorder_record=False) -> None: ...
def load(f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, **pickle_load_args): ...
def compile(model=None, *, fullgraph=False, dynamic=None, backend='inductor', mode=None, options=None, disable=False): return model


# Tensors without history.

def _made(size, requires_grad):
    """A tensor of this size; a parameter if gradients are asked for."""
    if requires_grad:
        return parameter()
    return _reshaped(_tensor(), size)


def _copied(input, requires_grad):
    """A tensor of the size of `input` that does not depend on it."""
    if requires_grad:
        return parameter()
    return _tensor(features=features(input), rank=rank(input))


def zeros(*size, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False): return _made(size, requires_grad)
def ones(*size, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False): return _made(size, requires_grad)
def empty(*size, memory_format=None, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _made(size, requires_grad)
@draws_random
def rand(*size, generator=None, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _made(size, requires_grad)
@draws_random
def randn(*size, generator=None, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _made(size, requires_grad)
@draws_random
def randint(low, high, size, *, generator=None, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    # `randint(high, size)` as well.
    return _reshaped(_tensor(), high if isinstance(high, tuple) else size)
@draws_random
def randperm(n, *, generator=None, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _tensor(rank=1)
@draws_random
def normal(mean, std=1, size=None, *, generator=None, out=None, dtype=None, layout=None, device=None, pin_memory=False,
           requires_grad=False):
    return _tensor(mean, std)
@draws_random
def bernoulli(input, *, generator=None, out=None): return cut(like(input), "integer")
@draws_random
def multinomial(input, num_samples, replacement=False, *, generator=None, out=None): return cut(_tensor(input), "integer")
def full(size, fill_value, *, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _made(size, requires_grad)
def arange(start=0, end=None, step=1, *, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _tensor(rank=1)
def linspace(start, end, steps=None, *, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _tensor(rank=1)
def eye(n, m=None, *, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _tensor(features=n if m is None else m, rank=2)
def zeros_like(input, *, memory_format=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _copied(input, requires_grad)
def ones_like(input, *, memory_format=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _copied(input, requires_grad)
def empty_like(input, *, memory_format=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _copied(input, requires_grad)
def full_like(input, fill_value, *, memory_format=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _copied(input, requires_grad)
@draws_random
def rand_like(input, *, generator=None, memory_format=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _copied(input, requires_grad)
@draws_random
def randn_like(input, *, generator=None, memory_format=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return _copied(input, requires_grad)
def tensor(data, dtype=None, device=None, requires_grad=False, pin_memory=False):
    if requires_grad:
        return parameter()
    return cut(_tensor(data), "detach")
def as_tensor(data, dtype=None, device=None): return _tensor(data)
def from_numpy(ndarray): return _tensor()
def FloatTensor(*args, **kwargs): return _tensor()
def LongTensor(*args, **kwargs): return _tensor()


# Joining and layout.

def cat(tensors, dim=0, *, out=None) -> Tensor: ...
def concat(tensors, dim=0, *, out=None) -> Tensor: ...
def stack(tensors, dim=0, *, out=None) -> Tensor: ...
def hstack(tensors, *, out=None) -> Tensor: ...
def vstack(tensors, *, out=None) -> Tensor: ...
def chunk(input, chunks, dim=0): return input.chunk(chunks, dim)
def split(tensor, split_size_or_sections, dim=0) -> Tensor: ...
def unbind(input, dim=0) -> Tensor: ...
def reshape(input, shape): return _reshaped(input, [shape])
def flatten(input, start_dim=0, end_dim=-1): return input.flatten(start_dim, end_dim)
def permute(input, dims): return _tensor(input, rank=rank(input))
def transpose(input, dim0, dim1): return _tensor(input, rank=rank(input))
def t(input): return _tensor(input, rank=rank(input))
def squeeze(input, dim=None) -> Tensor: ...
def unsqueeze(input, dim) -> Tensor: ...
def gather(input, dim, index, *, sparse_grad=False, out=None) -> Tensor: ...
def index_select(input, dim, index, *, out=None) -> Tensor: ...
def masked_select(input, mask, *, out=None) -> Tensor: ...
def masked_fill(input: Same, mask: Mask, value) -> Same: ...
def where(condition, input=None, other=None): return _tensor(input, other)
def roll(input: Same, shifts, dims=()) -> Same: ...
def flip(input: Same, dims) -> Same: ...
def tril(input: Same, diagonal=0, *, out=None) -> Same: ...
def triu(input: Same, diagonal=0, *, out=None) -> Same: ...
def clone(input, *, memory_format=None): return like(input)
def broadcast_tensors(*tensors): return tensors
def meshgrid(*tensors, indexing=None): return tensors
def diag(input, diagonal=0, *, out=None) -> Tensor: ...
def diagonal(input, offset=0, dim1=0, dim2=1) -> Tensor: ...
def scatter(input, dim, index, src) -> Tensor: ...
def repeat_interleave(input, repeats, dim=None, *, output_size=None) -> Tensor: ...


# Where the gradient ends.

def argmax(input, dim=None, keepdim=False, *, out=None): return cut(_reduced(input, dim, keepdim), "argmax")
def argmin(input, dim=None, keepdim=False, *, out=None): return cut(_reduced(input, dim, keepdim), "argmax")
def argsort(input, dim=-1, descending=False): return cut(like(input), "argmax")
def detach(input): return cut(like(input), "detach")
def round(input, *, decimals=None, out=None): return cut(like(input), "integer")
def sign(input, *, out=None): return cut(like(input), "integer")
def floor(input, *, out=None): return cut(like(input), "integer")
def eq(input, other, *, out=None): return cut(like(input, other), "integer")
def ne(input, other, *, out=None): return cut(like(input, other), "integer")
def gt(input, other, *, out=None): return cut(like(input, other), "integer")
def ge(input, other, *, out=None): return cut(like(input, other), "integer")
def lt(input, other, *, out=None): return cut(like(input, other), "integer")
def le(input, other, *, out=None): return cut(like(input, other), "integer")
def isnan(input): return cut(like(input), "integer")
def isfinite(input): return cut(like(input), "integer")
def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False): return cut(like(input, other), "integer")
def all(input, dim=None, keepdim=False, *, out=None): return cut(_reduced(input, dim, keepdim), "integer")
def any(input, dim=None, keepdim=False, *, out=None): return cut(_reduced(input, dim, keepdim), "integer")
def nonzero(input, *, as_tuple=False, out=None): return cut(_tensor(input), "integer")
def equal(input, other) -> bool: ...
def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False) -> bool: ...


# Reductions.

def mean(input, dim=None, keepdim=False, *, dtype=None, out=None): return _reduced(input, dim, keepdim)
def sum(input, dim=None, keepdim=False, *, dtype=None, out=None): return _reduced(input, dim, keepdim)
def prod(input, dim=None, keepdim=False, *, dtype=None, out=None): return _reduced(input, dim, keepdim)
def std(input, dim=None, unbiased=True, keepdim=False, *, out=None): return _reduced(input, dim, keepdim)
def var(input, dim=None, unbiased=True, keepdim=False, *, out=None): return _reduced(input, dim, keepdim)
def norm(input, p='fro', dim=None, keepdim=False, out=None, dtype=None): return _reduced(input, dim, keepdim)
def logsumexp(input, dim, keepdim=False, *, out=None): return _reduced(input, dim, keepdim)
def max(input, dim=None, keepdim=False, *, out=None): return _extreme(input, dim, keepdim)
def min(input, dim=None, keepdim=False, *, out=None): return _extreme(input, dim, keepdim)
def median(input, dim=None, keepdim=False, *, out=None): return _extreme(input, dim, keepdim)
def topk(input, k, dim=-1, largest=True, sorted=True, *, out=None): return input.topk(k, dim)
def sort(input, dim=-1, descending=False, *, out=None): return like(input), cut(like(input), "argmax")
def cumsum(input, dim, *, dtype=None, out=None): return _shaped(input)
def cumprod(input, dim, *, dtype=None, out=None): return _shaped(input)


# Element by element.

def tanh(input, *, out=None): return _shaped(input)
def exp(input, *, out=None): return _shaped(input)
def log(input, *, out=None): return _shaped(input)
def log1p(input, *, out=None): return _shaped(input)
def sqrt(input, *, out=None): return _shaped(input)
def rsqrt(input, *, out=None): return _shaped(input)
def square(input, *, out=None): return _shaped(input)
def abs(input, *, out=None): return _shaped(input)
def neg(input, *, out=None): return _shaped(input)
def sin(input, *, out=None): return _shaped(input)
def cos(input, *, out=None): return _shaped(input)
def reciprocal(input, *, out=None): return _shaped(input)
def erf(input, *, out=None): return _shaped(input)
def lgamma(input, *, out=None): return _shaped(input)
def logaddexp(input, other, *, out=None) -> Tensor: ...
def relu(input): return _shaped(input)
def pow(input, exponent, *, out=None): return _shaped(input)
def sigmoid(input, *, out=None): return like(input, scale="probabilities")
def softmax(input, dim, dtype=None, *, out=None): return like(input, scale="probabilities")
def log_softmax(input, dim, dtype=None, *, out=None): return like(input, scale="log_probabilities")
def clamp(input, min=None, max=None, *, out=None): return like(input)
def clip(input, min=None, max=None, *, out=None): return like(input)
def maximum(input, other, *, out=None): return _tensor(input, other, features=features(input), rank=rank(input))
def minimum(input, other, *, out=None): return _tensor(input, other, features=features(input), rank=rank(input))
def lerp(input, end, weight, *, out=None) -> Tensor: ...
def add(input, other, *, alpha=1, out=None) -> Tensor: ...
def sub(input, other, *, alpha=1, out=None) -> Tensor: ...
def mul(input, other, *, out=None) -> Tensor: ...
def div(input, other, *, rounding_mode=None, out=None) -> Tensor: ...
@in_place
def relu_(input): return input


# Products.

def matmul(input, other, *, out=None) -> Tensor: ...
def mm(input, mat2, *, out=None) -> Tensor: ...
def bmm(input, mat2, *, out=None) -> Tensor: ...
def mv(input, vec, *, out=None) -> Tensor: ...
def dot(input, tensor, *, out=None) -> Tensor: ...
def addmm(input, mat1, mat2, *, beta=1, alpha=1, out=None) -> Tensor: ...
def baddbmm(input, batch1, batch2, *, beta=1, alpha=1, out=None) -> Tensor: ...
def einsum(*args) -> Tensor: ...
def tensordot(a, b, dims=2, out=None) -> Tensor: ...
def outer(input, vec2, *, out=None) -> Tensor: ...
def inverse(input, *, out=None): return _shaped(input)
def logdet(input) -> Tensor: ...
def cdist(x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary') -> Tensor: ...
def cosine_similarity(x1, x2, dim=1, eps=1e-08) -> Tensor: ...
