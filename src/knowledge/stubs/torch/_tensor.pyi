"""Methods of tensors."""

from backprobe.primitives import asks_shape, cut, event, features, in_place, like, rank, tensor
from backprobe.tensors import Mask, Plain, Same


def _reshaped(input, size):
    """`input` with the axes that `size` lists, given one by one or as one sequence."""
    if len(size) == 1 and isinstance(size[0], (list, tuple)):
        size = size[0]
    last = size[-1]
    return tensor(input, features=last if last >= 0 else None, rank=len(size))


def _reduced(input, dim, keepdim):
    """`input` reduced along `dim`, or along all axes."""
    if dim is None:
        return tensor(input, rank=0)
    if keepdim:
        return tensor(input, rank=rank(input))
    return tensor(input)


class Tensor:
    """What a tensor can do.

    Unverified: __new__, to, type: they take arguments in several forms.
    """
    def __new__(cls, *data, device=None): return tensor()
    @property
    @asks_shape
    def shape(self) -> Plain: ...
    @property
    @asks_shape
    def dtype(self) -> Plain: ...
    @property
    @asks_shape
    def device(self) -> Plain: ...
    @property
    @asks_shape
    def ndim(self) -> int: ...
    @property
    @asks_shape
    def is_cuda(self) -> bool: ...
    @property
    def is_leaf(self) -> bool: ...
    @property
    def grad_fn(self) -> Plain: ...
    @property
    def grad(self): return cut(tensor(), "detach")
    @property
    def data(self): return cut(like(self), "detach")
    @property
    def T(self) -> Tensor: ...
    @property
    def mT(self) -> Tensor: ...
    @property
    def real(self) -> Same: ...
    @property
    def imag(self) -> Same: ...

    def backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
        event("backward", self, retain_graph=retain_graph, inputs=inputs)

    def register_hook(self, hook) -> Plain: ...
    def retain_grad(self) -> None: ...
    def requires_grad_(self, mode=True):
        self.requires_grad = mode
        return self

    # Where the gradient ends.
    def detach(self): return cut(like(self), "detach")
    def detach_(self): return cut(self, "detach")
    def numpy(self, *, force=False): return cut(like(self), "numpy")
    def item(self): return cut(tensor(self, rank=0), "item")
    def tolist(self): return cut(tensor(self), "numpy")
    def argmax(self, dim=None, keepdim=False): return cut(_reduced(self, dim, keepdim), "argmax")
    def argmin(self, dim=None, keepdim=False): return cut(_reduced(self, dim, keepdim), "argmax")
    def argsort(self, dim=-1, descending=False): return cut(like(self), "argmax")
    def long(self): return cut(like(self), "integer")
    def int(self): return cut(like(self), "integer")
    def bool(self): return cut(like(self), "integer")
    def byte(self): return cut(like(self), "integer")
    def round(self, *, decimals=None): return cut(like(self), "integer")
    def sign(self): return cut(like(self), "integer")
    def eq(self, other): return cut(like(self, other), "integer")
    def ne(self, other): return cut(like(self, other), "integer")
    def gt(self, other): return cut(like(self, other), "integer")
    def ge(self, other): return cut(like(self, other), "integer")
    def lt(self, other): return cut(like(self, other), "integer")
    def le(self, other): return cut(like(self, other), "integer")
    def nonzero(self, *, as_tuple=False): return cut(tensor(self), "integer")
    def isnan(self): return cut(like(self), "integer")
    def isinf(self): return cut(like(self), "integer")

    # Layout. What is not known of the last axis is unknown.
    def view(self, *size): return _reshaped(self, size)
    def reshape(self, *shape): return _reshaped(self, shape)
    def view_as(self, other): return tensor(self, features=features(other), rank=rank(other))
    def reshape_as(self, other): return tensor(self, features=features(other), rank=rank(other))
    def flatten(self, start_dim=0, end_dim=-1):
        return tensor(self, rank=start_dim + 1 if start_dim >= 0 and end_dim == -1 else None)
    def unflatten(self, dim, sizes) -> Tensor: ...
    def permute(self, *dims): return tensor(self, rank=rank(self))
    def transpose(self, dim0, dim1): return tensor(self, rank=rank(self))
    def swapaxes(self, axis0, axis1): return tensor(self, rank=rank(self))
    def movedim(self, source, destination): return tensor(self, rank=rank(self))
    def t(self): return tensor(self, rank=rank(self))
    def squeeze(self, *dim) -> Tensor: ...
    def unsqueeze(self, dim) -> Tensor: ...
    def expand(self, *size, implicit=False) -> Tensor: ...
    def expand_as(self, other): return tensor(self, features=features(other), rank=rank(other))
    def repeat(self, *repeats) -> Tensor: ...
    def repeat_interleave(self, repeats, dim=None, *, output_size=None) -> Tensor: ...
    def chunk(self, chunks, dim=0):
        if isinstance(chunks, int):
            return tuple([tensor(self) for _ in range(chunks)])
        return tensor(self)
    def split(self, split_size, dim=0) -> Tensor: ...
    def unbind(self, dim=0) -> Tensor: ...
    def narrow(self, dim, start, length) -> Tensor: ...
    def select(self, dim, index) -> Tensor: ...
    def index_select(self, dim, index) -> Tensor: ...
    def masked_select(self, mask) -> Tensor: ...
    def gather(self, dim, index, *, sparse_grad=False) -> Tensor: ...
    def scatter(self, dim, index, src) -> Tensor: ...
    def scatter_add(self, dim, index, src) -> Tensor: ...
    def index_add(self, dim, index, source, *, alpha=1) -> Tensor: ...
    def roll(self, shifts, dims=()) -> Same: ...
    def flip(self, *dims) -> Same: ...
    def tril(self, diagonal=0) -> Same: ...
    def triu(self, diagonal=0) -> Same: ...
    def diagonal(self, offset=0, dim1=0, dim2=1) -> Tensor: ...
    def contiguous(self, memory_format=...): return like(self)
    def clone(self, *, memory_format=None): return like(self)

    # Kind and place of the numbers.
    def to(self, *args, **kwargs): return like(self)
    def type(self, dtype=None, non_blocking=False, **kwargs): return like(self)
    def type_as(self, other): return like(self)
    def cuda(self, device=None, non_blocking=False, memory_format=...): return like(self)
    def cpu(self, memory_format=...): return like(self)
    def float(self): return like(self)
    def double(self): return like(self)
    def half(self): return like(self)
    def bfloat16(self): return like(self)
    @asks_shape
    def size(self, dim=None) -> Plain: ...
    @asks_shape
    def dim(self) -> int: ...
    @asks_shape
    def numel(self) -> int: ...
    @asks_shape
    def nelement(self) -> int: ...
    @asks_shape
    def is_contiguous(self, memory_format=...) -> bool: ...
    @asks_shape
    def get_device(self) -> int: ...

    # Reductions.
    def mean(self, dim=None, keepdim=False, *, dtype=None): return _reduced(self, dim, keepdim)
    def sum(self, dim=None, keepdim=False, *, dtype=None): return _reduced(self, dim, keepdim)
    def prod(self, dim=None, keepdim=False, *, dtype=None): return _reduced(self, dim, keepdim)
    def std(self, dim=None, unbiased=True, keepdim=False): return _reduced(self, dim, keepdim)
    def var(self, dim=None, unbiased=True, keepdim=False): return _reduced(self, dim, keepdim)
    def norm(self, p='fro', dim=None, keepdim=False, dtype=None): return _reduced(self, dim, keepdim)
    def logsumexp(self, dim, keepdim=False): return _reduced(self, dim, keepdim)
    def max(self, dim=None, keepdim=False): return _extreme(self, dim, keepdim)
    def min(self, dim=None, keepdim=False): return _extreme(self, dim, keepdim)
    def amax(self, dim=(), keepdim=False) -> Tensor: ...
    def amin(self, dim=(), keepdim=False) -> Tensor: ...
    def median(self, dim=None, keepdim=False): return _extreme(self, dim, keepdim)
    def topk(self, k, dim=-1, largest=True, sorted=True):
        return tensor(self, rank=rank(self)), cut(tensor(self), "argmax")
    def sort(self, dim=-1, descending=False): return like(self), cut(like(self), "argmax")
    def cumsum(self, dim, *, dtype=None): return tensor(self, features=features(self), rank=rank(self))
    def cumprod(self, dim, *, dtype=None): return tensor(self, features=features(self), rank=rank(self))
    def any(self, dim=None, keepdim=False): return cut(_reduced(self, dim, keepdim), "integer")
    def all(self, dim=None, keepdim=False): return cut(_reduced(self, dim, keepdim), "integer")

    # Element by element.
    def softmax(self, dim, dtype=None): return like(self, scale="probabilities")
    def log_softmax(self, dim, dtype=None): return like(self, scale="log_probabilities")
    def sigmoid(self): return like(self, scale="probabilities")
    def relu(self): return _shaped(self)
    def tanh(self): return _shaped(self)
    def exp(self): return _shaped(self)
    def log(self): return _shaped(self)
    def log1p(self): return _shaped(self)
    def sqrt(self): return _shaped(self)
    def rsqrt(self): return _shaped(self)
    def square(self): return _shaped(self)
    def abs(self): return _shaped(self)
    def neg(self): return _shaped(self)
    def sin(self): return _shaped(self)
    def cos(self): return _shaped(self)
    def reciprocal(self): return _shaped(self)
    def pow(self, exponent): return _shaped(self)
    def clamp(self, min=None, max=None): return like(self)
    def clip(self, min=None, max=None): return like(self)
    def masked_fill(self, mask: Mask, value) -> Same: ...
    def where(self, condition, other) -> Tensor: ...
    def lerp(self, end, weight) -> Tensor: ...
    def add(self, other, *, alpha=1, out=None) -> Tensor: ...
    def sub(self, other, *, alpha=1, out=None) -> Tensor: ...
    def mul(self, other, *, out=None) -> Tensor: ...
    def div(self, other, *, rounding_mode=None) -> Tensor: ...

    # Products.
    def matmul(self, other) -> Tensor: ...
    def mm(self, mat2) -> Tensor: ...
    def bmm(self, mat2) -> Tensor: ...
    def mv(self, vec) -> Tensor: ...
    def dot(self, tensor) -> Tensor: ...
    def addmm(self, mat1, mat2, *, beta=1, alpha=1) -> Tensor: ...
    def baddbmm(self, batch1, batch2, *, beta=1, alpha=1) -> Tensor: ...

    # In place.
    @in_place
    def zero_(self): return self
    @in_place
    def fill_(self, value): return self
    @in_place
    def copy_(self, other, non_blocking=False): return self
    @in_place
    def normal_(self, mean=0, std=1, *, generator=None): return self
    @in_place
    def uniform_(self, from_=0, to=1, *, generator=None): return self
    @in_place
    def add_(self, other, *, alpha=1): return self
    @in_place
    def sub_(self, other, *, alpha=1): return self
    @in_place
    def mul_(self, other): return self
    @in_place
    def div_(self, other, *, rounding_mode=None): return self
    @in_place
    def clamp_(self, min=None, max=None): return self
    @in_place
    def masked_fill_(self, mask: Mask, value): return self
    @in_place
    def relu_(self): return self
    @in_place
    def tanh_(self): return self
    @in_place
    def sigmoid_(self): return self
    @in_place
    def squeeze_(self, *dim): return self
    @in_place
    def unsqueeze_(self, dim): return self
    @in_place
    def scatter_(self, dim, index, src): return self
    @in_place
    def scatter_add_(self, dim, index, src): return self
    @in_place
    def index_add_(self, dim, index, source, *, alpha=1): return self


def _shaped(input):
    """A function of each element: the scale is lost, features and rank stay."""
    return tensor(input, features=features(input), rank=rank(input))


def _extreme(input, dim, keepdim):
    """The greatest or least element, with its index where `dim` is given."""
    if dim is None:
        return tensor(input, rank=0)
    if isinstance(dim, Tensor):
        return tensor(input, dim, features=features(input), rank=rank(input))
    return _reduced(input, dim, keepdim), cut(_reduced(input, dim, keepdim), "argmax")
