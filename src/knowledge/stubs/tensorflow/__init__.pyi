"""The graph API of version 1; `tensorflow.compat.v1` is the same. What both versions have is here too.

Unverified: mul, sub, neg, pack, unpack, batch_matmul, scalar_summary: removed in version 1.0, taken from its release notes.
Unverified: histogram_summary, image_summary, merge_summary, merge_all_summaries: removed in version 1.0 as well.
Unverified: ConfigProto: a message of the extension module.
Unverified: contrib: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from backprobe.primitives import ambient, asks_shape, cut, draws_random, event, features, like, observe, pop, push, unknown, variable
from backprobe.primitives import rank as axes
from backprobe.primitives import tensor as _tensor
from backprobe.tensors import Plain, Same
from tensorflow.python.framework.ops import (
    Graph, GraphKeys, Operation, Tensor, add_to_collection, add_to_collections, colocate_with, control_dependencies, device,
    get_collection, get_collection_ref, get_default_graph, _made, _numbers, _reduced, reset_default_graph, _shaped)
from tensorflow.python.ops.template import make_template
from tensorflow.python.ops.variable_scope import (
    AUTO_REUSE, get_local_variable, get_variable, get_variable_scope, variable_op_scope, variable_scope)
from tensorflow.python.ops.variables import (
    all_variables, global_variables, local_variables, model_variables, moving_average_variables, trainable_variables)
from tensorflow import (
    compat, contrib, estimator, gfile, image, initializers, keras, layers, linalg, logging, losses, math, metrics, nest, nn, random, summary,
    train)


# Variables and names.

def Variable(initial_value=None, trainable=None, collections=None, validate_shape=True, caching_device=None, name=None, variable_def=None,
             dtype=None, expected_shape=None, import_scope=None, constraint=None, use_resource=None, synchronization=..., aggregation=...,
             shape=None):
    return variable((ambient("names") or "") + (name or "Variable"), trainable=trainable is None or trainable, fresh=True)


class name_scope:
    def __init__(self, name, default_name=None, values=None): self.scope = name if name is not None else default_name
    def __enter__(self):
        path = (ambient("names") or "") + self.scope + "/"
        push("names", path)
        return path
    def __exit__(self, *exc_info): pop("names")


# Inputs, constants, sessions.

def placeholder(dtype, shape=None, name=None): return _made(shape)
def placeholder_with_default(input, shape, name=None): return _made(shape, input)
def constant(value, dtype=None, shape=None, name='Const', verify_shape=False): return _made(shape)
def convert_to_tensor(value, dtype=None, name=None, preferred_dtype=None, dtype_hint=None): return _tensor(value)
def zeros(shape, dtype=..., name=None): return _made(shape)
def ones(shape, dtype=..., name=None): return _made(shape)
def fill(dims, value, name=None): return _made(dims)
def zeros_like(tensor, dtype=None, name=None, optimize=True): return _copied(tensor)
def ones_like(tensor, dtype=None, name=None, optimize=True): return _copied(tensor)
def eye(num_rows, num_columns=None, batch_shape=None, dtype=..., name=None): return _made([num_rows, num_rows])
def range(start, limit=None, delta=1, dtype=None, name='range') -> Plain: ...
def linspace(start, stop, num, name=None, axis=0) -> Tensor: ...
@draws_random
def random_normal(shape, mean=0.0, stddev=1.0, dtype=..., seed=None, name=None): return _made(shape)
@draws_random
def random_uniform(shape, minval=0, maxval=None, dtype=..., seed=None, name=None): return _made(shape)
@draws_random
def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=..., seed=None, name=None): return _made(shape)
@draws_random
def random_shuffle(value, seed=None, name=None): return like(value)
@draws_random
def multinomial(logits, num_samples, seed=None, name=None, output_dtype=None): return cut(_tensor(logits), "integer")
def set_random_seed(seed) -> None: ...


def _copied(input):
    """A tensor of the size of `input` that does not depend on it."""
    return _tensor(features=features(input), rank=axes(input))


class Session:
    def __init__(self, target='', graph=None, config=None): ...
    def __enter__(self): return self
    def __exit__(self, exec_type, exec_value, exec_tb): ...
    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        event("run", self, fetches=fetches)
        return unknown()
    def as_default(self): return self
    def close(self) -> None: ...


class InteractiveSession(Session):
    def __init__(self, target='', graph=None, config=None): ...


def global_variables_initializer() -> Operation: ...
def local_variables_initializer() -> Operation: ...
def initialize_all_variables() -> Operation: ...
def variables_initializer(var_list, name='init') -> Operation: ...
def no_op(name=None) -> Operation: ...
def group(*inputs, **kwargs):
    observe(inputs)
    return Operation()
def tuple(tensors, name=None, control_inputs=None): return tensors
def assign(ref, value, validate_shape=None, use_locking=None, name=None) -> Operation: ...
def assign_add(ref, value, use_locking=None, name=None) -> Operation: ...
def assign_sub(ref, value, use_locking=None, name=None) -> Operation: ...
def Print(input_, data, message=None, first_n=None, summarize=None, name=None):
    observe(data)
    return input_
def Assert(condition, data, summarize=None, name=None) -> Operation: ...
def disable_v2_behavior() -> None: ...
def disable_eager_execution() -> None: ...
def executing_eagerly() -> bool: ...
def enable_resource_variables() -> None: ...
def get_default_session() -> Session: ...
def tables_initializer(name='init_all_tables') -> Operation: ...
def scatter_update(ref, indices, updates, use_locking=True, name=None) -> Operation: ...
def TensorShape(dims) -> Plain: ...
def ConfigProto(*args, **kwargs) -> Plain: ...
def assert_equal(x, y, data=None, summarize=None, message=None, name=None) -> Operation: ...
def assert_greater(x, y, data=None, summarize=None, message=None, name=None) -> Operation: ...
def assert_less_equal(x, y, data=None, summarize=None, message=None, name=None) -> Operation: ...
@asks_shape
def is_tensor(x) -> bool: ...


# Initial values.

class constant_initializer:
    def __init__(self, value=0, dtype=..., verify_shape=False): ...


class zeros_initializer:
    def __init__(self, dtype=...): ...


class ones_initializer:
    def __init__(self, dtype=...): ...


class random_normal_initializer:
    def __init__(self, mean=0.0, stddev=1.0, seed=None, dtype=...): ...


class random_uniform_initializer:
    def __init__(self, minval=0.0, maxval=None, seed=None, dtype=...): ...


class truncated_normal_initializer:
    def __init__(self, mean=0.0, stddev=1.0, seed=None, dtype=...): ...


class glorot_uniform_initializer:
    def __init__(self, seed=None, dtype=...): ...


class orthogonal_initializer:
    def __init__(self, gain=1.0, seed=None, dtype=...): ...


class variance_scaling_initializer:
    def __init__(self, scale=1.0, mode='fan_in', distribution='truncated_normal', seed=None, dtype=...): ...


class glorot_normal_initializer:
    def __init__(self, seed=None, dtype=...): ...


class uniform_unit_scaling_initializer:
    def __init__(self, factor=1.0, seed=None, dtype=...): ...


# Gradients.

def gradients(ys, xs, grad_ys=None, name='gradients', colocate_gradients_with_ops=False, gate_gradients=False, aggregation_method=None,
              stop_gradients=None, unconnected_gradients=...): return [_tensor(ys) for _ in xs] if isinstance(xs, list) else _tensor(ys)
def stop_gradient(input, name=None): return cut(like(input), "stop_gradient")
def clip_by_value(t, clip_value_min, clip_value_max, name=None): return like(t)
def clip_by_norm(t, clip_norm, axes=None, name=None): return like(t)
def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None): return t_list, _tensor()
def global_norm(t_list, name=None) -> Plain: ...


def function(func=None, input_signature=None, autograph=True, jit_compile=None, reduce_retracing=False,
             experimental_implements=None, experimental_autograph_options=None, experimental_attributes=None,
             experimental_relax_shapes=None, experimental_compile=None, experimental_follow_type_hints=None):
    return func if func is not None else function


class GradientTape:
    """Records what happens inside, so that it can be differentiated."""
    def __init__(self, persistent=False, watch_accessed_variables=True): ...
    def __enter__(self):
        push("tape", self)
        return self
    def __exit__(self, typ, value, traceback): pop("tape")
    def watch(self, tensor) -> None: ...
    def stop_recording(self): return _Paused()
    def reset(self) -> None: ...
    def gradient(self, target, sources, output_gradients=None, unconnected_gradients=...):
        gradients = _differentiated(target, sources)
        event("backward", target, gradients=_tensor(gradients), sources=sources)
        return gradients
    def jacobian(self, target, sources, unconnected_gradients=..., parallel_iterations=None, experimental_use_pfor=True):
        return _differentiated(target, sources)
    def batch_jacobian(self, target, source, unconnected_gradients=..., parallel_iterations=None, experimental_use_pfor=True):
        return _tensor(target, source)


class _Paused:
    def __enter__(self): push("tape", None)
    def __exit__(self, *exception): pop("tape")


def _differentiated(target, sources):
    """For each source a gradient, which depends on both; for a set of parameters one that stands for all."""
    return [_tensor(target, source) for source in sources] if isinstance(sources, list) else _tensor(target, sources)


# Where the gradient ends.

def argmax(input, axis=None, name=None, dimension=None, output_type=...): return cut(_tensor(input), "argmax")
def argmin(input, axis=None, name=None, dimension=None, output_type=...): return cut(_tensor(input), "argmax")
def one_hot(indices, depth, on_value=None, off_value=None, axis=None, dtype=None,
            name=None): return cut(_tensor(indices, features=depth), "integer")
def equal(x, y, name=None): return cut(_shaped(x, y), "integer")
def not_equal(x, y, name=None): return cut(_shaped(x, y), "integer")
def greater(x, y, name=None): return cut(_shaped(x, y), "integer")
def greater_equal(x, y, name=None): return cut(_shaped(x, y), "integer")
def less(x, y, name=None): return cut(_shaped(x, y), "integer")
def less_equal(x, y, name=None): return cut(_shaped(x, y), "integer")
def logical_and(x, y, name=None): return cut(_shaped(x, y), "integer")
def logical_or(x, y, name=None): return cut(_shaped(x, y), "integer")
def logical_not(x, name=None): return cut(_shaped(x), "integer")
def is_nan(x, name=None): return cut(_shaped(x), "integer")
def sign(x, name=None): return cut(_shaped(x), "integer")
def round(x, name=None): return cut(_shaped(x), "integer")
def floor(x, name=None): return cut(_shaped(x), "integer")
def to_int32(x, name='ToInt32'): return cut(_shaped(x), "integer")
def to_int64(x, name='ToInt64'): return cut(_shaped(x), "integer")
def py_function(func, inp, Tout, name=None): return cut(_tensor(inp), "numpy")
def count_nonzero(input_tensor=None, axis=None, keepdims=None, dtype=..., name=None, reduction_indices=None, keep_dims=None,
                  input=None): return cut(_tensor(input_tensor, input), "integer")
def py_func(func, inp, Tout, stateful=True, name=None): return cut(_tensor(inp), "numpy")
def sequence_mask(lengths, maxlen=None, dtype=..., name=None): return _tensor()
@asks_shape
def shape(input, name=None, out_type=...) -> Plain: ...
@asks_shape
def size(input, name=None, out_type=...) -> Plain: ...
@asks_shape
def rank(input, name=None) -> Plain: ...


# Reductions.

def reduce_mean(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
                keep_dims=None): return _reduced(input_tensor, _first(axis, reduction_indices), keepdims or keep_dims)
def reduce_sum(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None): return _reduced(input_tensor, _first(axis, reduction_indices), keepdims or keep_dims)
def reduce_max(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None): return _reduced(input_tensor, _first(axis, reduction_indices), keepdims or keep_dims)
def reduce_min(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None): return _reduced(input_tensor, _first(axis, reduction_indices), keepdims or keep_dims)
def reduce_prod(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
                keep_dims=None): return _reduced(input_tensor, _first(axis, reduction_indices), keepdims or keep_dims)
def reduce_logsumexp(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
                     keep_dims=None): return _reduced(input_tensor, _first(axis, reduction_indices), keepdims or keep_dims)
def reduce_all(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None): return cut(_reduced(input_tensor, _first(axis, reduction_indices), keepdims or keep_dims), "integer")
def reduce_any(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,
               keep_dims=None): return cut(_reduced(input_tensor, _first(axis, reduction_indices), keepdims or keep_dims), "integer")
def norm(tensor, ord='euclidean', axis=None, keepdims=None, name=None, keep_dims=None): return _reduced(tensor, axis, keepdims or keep_dims)
def cumsum(x, axis=0, exclusive=False, reverse=False, name=None): return _shaped(x)
def _first(value, older): return value if value is not None else older


# Layout.

def concat(values, axis, name='concat') -> Tensor: ...
def stack(values, axis=0, name='stack') -> Tensor: ...
def unstack(value, num=None, axis=0, name='unstack') -> Tensor: ...
def split(value, num_or_size_splits, axis=0, num=None, name='split'):
    if isinstance(num_or_size_splits, int):
        return [_tensor(value, rank=axes(value)) for _ in _numbers(num_or_size_splits)]
    return _tensor(value)
def reshape(tensor, shape, name=None): return _made(shape, tensor)
def transpose(a, perm=None, name='transpose', conjugate=False): return _tensor(a, rank=axes(a))
def expand_dims(input, axis=None, name=None, dim=None) -> Tensor: ...
def squeeze(input, axis=None, name=None, squeeze_dims=None) -> Tensor: ...
def tile(input, multiples, name=None): return _tensor(input, rank=axes(input))
def pad(tensor, paddings, mode='CONSTANT', name=None, constant_values=0): return _tensor(tensor, rank=axes(tensor))
def slice(input_, begin, size, name=None) -> Tensor: ...
def strided_slice(input_, begin, end, strides=None, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0,
                  var=None, name=None) -> Tensor: ...
def gather(params, indices, validate_indices=None, name=None, axis=None, batch_dims=0) -> Tensor: ...
def gather_nd(params, indices, name=None, batch_dims=0) -> Tensor: ...
def boolean_mask(tensor, mask, name='boolean_mask', axis=None) -> Tensor: ...
def reverse(tensor: Same, axis, name=None) -> Same: ...
def where(condition, x=None, y=None, name=None): return _tensor(x, y)
def depth_to_space(input, block_size, name=None, data_format='NHWC'): return _tensor(input, rank=4)
def space_to_depth(input, block_size, name=None, data_format='NHWC'): return _tensor(input, rank=4)
def roll(input, shift, axis, name=None): return like(input)
def ensure_shape(x, shape, name=None): return like(x)
def scatter_nd(indices, updates, shape, name=None): return _made(shape, updates)
def diag(diagonal, name=None) -> Tensor: ...
def diag_part(input, name=None) -> Tensor: ...
def matrix_diag(diagonal, name='diag', k=0, num_rows=-1, num_cols=-1, padding_value=0, align='RIGHT_LEFT') -> Tensor: ...
def matrix_diag_part(input, name='diag_part', k=0, padding_value=0, align='RIGHT_LEFT') -> Tensor: ...
def matrix_band_part(input: Same, num_lower, num_upper, name=None) -> Same: ...
def matrix_transpose(a, name='matrix_transpose', conjugate=False): return _tensor(a, rank=axes(a))
def dynamic_partition(data, partitions, num_partitions, name=None): return [_tensor(data) for _ in _numbers(num_partitions)]
def batch_gather(params, indices, name=None) -> Tensor: ...
def broadcast_to(input, shape, name=None): return _made(shape, input)
def identity(input, name=None): return like(input)
def cast(x, dtype, name=None): return like(x)
def to_float(x, name='ToFloat'): return like(x)
def check_numerics(tensor, message, name=None): return like(tensor)


# Element by element, and products.

def square(x, name=None): return _shaped(x)
def sqrt(x, name=None): return _shaped(x)
def rsqrt(x, name=None): return _shaped(x)
def exp(x, name=None): return _shaped(x)
def log(x, name=None): return _shaped(x)
def abs(x, name=None): return _shaped(x)
def negative(x, name=None): return _shaped(x)
def erf(x, name=None): return _shaped(x)
def sin(x, name=None): return _shaped(x)
def cos(x, name=None): return _shaped(x)
def lgamma(x, name=None): return _shaped(x)
def digamma(x, name=None): return _shaped(x)
def log1p(x, name=None): return _shaped(x)
def ceil(x, name=None): return _shaped(x)
def pow(x, y, name=None): return _shaped(x, y)
def add(x, y, name=None) -> Tensor: ...
def subtract(x, y, name=None) -> Tensor: ...
def multiply(x, y, name=None) -> Tensor: ...
def divide(x, y, name=None) -> Tensor: ...
def div(x, y, name=None) -> Tensor: ...
def truediv(x, y, name=None) -> Tensor: ...
def realdiv(x, y, name=None) -> Tensor: ...
def maximum(x, y, name=None) -> Tensor: ...
def minimum(x, y, name=None) -> Tensor: ...
def squared_difference(x, y, name=None) -> Tensor: ...
def add_n(inputs, name=None): return _tensor(inputs)
def tanh(x, name=None): return _shaped(x)
def sigmoid(x, name=None): return like(x, scale="probabilities")
def matmul(a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, a_is_sparse=False, b_is_sparse=False,
           output_type=None, name=None): return _tensor(a, b, rank=axes(a))
def einsum(equation, *inputs, **kwargs): return _tensor(*inputs)
def cholesky(input, name=None): return _shaped(input)
def matrix_inverse(input, adjoint=False, name=None): return _shaped(input)
def matrix_triangular_solve(matrix, rhs, lower=True, adjoint=False, name=None): return _shaped(rhs, matrix)
def trace(x, name=None) -> Tensor: ...
def tensordot(a, b, axes, name=None) -> Tensor: ...
def sparse_tensor_dense_matmul(sp_a, b, adjoint_a=False, adjoint_b=False, name=None) -> Tensor: ...
def segment_sum(data, segment_ids, name=None) -> Tensor: ...
def unsorted_segment_sum(data, segment_ids, num_segments, name=None) -> Tensor: ...


# Control flow: both branches are made, a body is made once.

def cond(pred, true_fn=None, false_fn=None, strict=False, name=None, fn1=None, fn2=None):
    if pred:
        return _first(true_fn, fn1)()
    return _first(false_fn, fn2)()
def while_loop(cond, body, loop_vars, shape_invariants=None, parallel_iterations=10, back_prop=True, swap_memory=False, name=None,
               maximum_iterations=None, return_same_structure=False): return body(*loop_vars)
def map_fn(fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False, infer_shape=True, name=None,
           fn_output_signature=None): return fn(elems)
def scan(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, infer_shape=True, reverse=False,
         name=None): return fn(initializer, elems)
def foldl(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, name=None): return fn(initializer, elems)


# Names before version 1.0.

def mul(x, y, name=None) -> Tensor: ...
def sub(x, y, name=None) -> Tensor: ...
def neg(x, name=None): return _shaped(x)
def pack(values, axis=0, name='pack') -> Tensor: ...
def unpack(value, num=None, axis=0, name='unpack') -> Tensor: ...
def batch_matmul(x, y, adj_x=None, adj_y=None, name=None) -> Tensor: ...
def scalar_summary(tags, values, collections=None, name=None): observe(values)
def histogram_summary(tag, values, collections=None, name=None): observe(values)
def image_summary(tag, tensor, max_images=3, collections=None, name=None): observe(tensor)
def merge_summary(inputs, collections=None, name=None) -> Plain: ...
def merge_all_summaries(key='summaries') -> Plain: ...
