"""NumPy's functions on arrays.

Unverified: maximum, minimum, negative: universal functions, which name no parameters.
"""

from backprobe.primitives import cut, features, like, rank, tensor
from jax import Array as Tensor, _reduced


def _shaped(input, *others):
    """A function of each element: the scale is lost, features and rank stay."""
    return tensor(input, *others, features=features(input), rank=rank(input))


def negative(x, /, out=None, where=None): return _shaped(x)
def maximum(x, y, /, out=None, where=None): return tensor(x, y)
def minimum(x, y, /, out=None, where=None): return tensor(x, y)
def exp(x, /): return _shaped(x)
def log(x, /): return _shaped(x)
def log1p(x, /): return _shaped(x)
def expm1(x, /): return _shaped(x)
def sqrt(x, /): return _shaped(x)
def square(x, /): return _shaped(x)
def abs(x, /): return _shaped(x)
def tanh(x, /): return _shaped(x)
def sin(x, /): return _shaped(x)
def cos(x, /): return _shaped(x)
def sign(x, /): return cut(_shaped(x), "integer")
def power(x1, x2, /): return tensor(x1, x2)
def where(condition, x=None, y=None, /, *, size=None, fill_value=None): return tensor(x, y)
def clip(arr=None, /, min=None, max=None): return _shaped(arr)
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None): return _shaped(x)
def cumsum(a, axis=None, dtype=None, out=None): return _shaped(a)
def round(a, decimals=0, out=None): return cut(_shaped(a), "integer")
def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None): return _reduced(a, axis, keepdims)
def sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None,
        promote_integers=True): return _reduced(a, axis, keepdims)
def max(a, axis=None, out=None, keepdims=False, initial=None, where=None): return _reduced(a, axis, keepdims)
def min(a, axis=None, out=None, keepdims=False, initial=None, where=None): return _reduced(a, axis, keepdims)
def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None,
         promote_integers=True): return _reduced(a, axis, keepdims)
def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None,
        correction=None): return _reduced(a, axis, keepdims)
def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None,
        correction=None): return _reduced(a, axis, keepdims)
def reshape(a, shape, order='C', *, copy=None, out_sharding=None): return tensor(a)
def ravel(a, order='C', *, out_sharding=None): return tensor(a)
def squeeze(a, axis=None): return tensor(a)
def expand_dims(a, axis): return tensor(a)
def concatenate(arrays, axis=0, dtype=None): return tensor(arrays)
def stack(arrays, axis=0, out=None, dtype=None): return tensor(arrays)
def take(a, indices, axis=None, out=None, mode=None, unique_indices=False, indices_are_sorted=False, fill_value=None): return tensor(a)
def dot(a, b, *, precision=None, preferred_element_type=None, out_sharding=None): return tensor(a, b)
def matmul(a, b, *, precision=None, preferred_element_type=None, out_sharding=None): return tensor(a, b)
def einsum(subscripts, /, *operands, out=None, optimize='auto', precision=None, preferred_element_type=None, _dot_general=...,
           out_sharding=None): return tensor(operands)
def tile(A, reps): return tensor(A)
def repeat(a, repeats, axis=None, *, total_repeat_length=None, out_sharding=None): return tensor(a)
def transpose(a, axes=None): return tensor(a, rank=rank(a))
def flip(m, axis=None): return tensor(m, rank=rank(m))
def roll(a, shift, axis=None): return tensor(a, rank=rank(a))
def argmax(a, axis=None, out=None, keepdims=None): return cut(tensor(a), "argmax")
def argmin(a, axis=None, out=None, keepdims=None): return cut(tensor(a), "argmax")
def array(object, dtype=None, *args, copy=True, order='K', ndmin=0, device=None, out_sharding=None): return tensor(object)
def asarray(a, dtype=None, order=None, *, copy=None, device=None, out_sharding=None): return tensor(a)
def zeros(shape, dtype=None, *, device=None, out_sharding=None): return tensor()
def ones(shape, dtype=None, *, device=None, out_sharding=None): return tensor()
def full(shape, fill_value, dtype=None, *, device=None, out_sharding=None): return tensor()
def zeros_like(a, dtype=None, shape=None, *, device=None, out_sharding=None): return tensor(features=features(a), rank=rank(a))
def ones_like(a, dtype=None, shape=None, *, device=None, out_sharding=None): return tensor(features=features(a), rank=rank(a))
