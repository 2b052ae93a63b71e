"""Modules whose parameters live outside of them.

Unverified: vmap, scan: their types name no defaults that a stub can state.
"""

from backprobe.primitives import features, rank, tensor, unknown
from flax.linen.layers import (
    BatchNorm, Conv, ConvLocal, ConvTranspose, Dense, DenseGeneral, Dropout, Embed, GRUCell, GroupNorm, InstanceNorm, LSTMCell, LayerNorm,
    MGUCell, MultiHeadAttention, MultiHeadDotProductAttention, OptimizedLSTMCell, PReLU, RMSNorm, RNN, SelfAttention, Sequential,
    SimpleCell)
from flax.linen.module import Module
from jax import Array as Tensor
from jax.nn import (
    celu, elu, gelu, glu, hard_sigmoid, hard_silu, hard_swish, hard_tanh, leaky_relu, log_sigmoid, log_softmax, logsumexp, one_hot, relu,
    relu6, selu, sigmoid, silu, soft_sign, softmax, softplus, standardize, swish, tanh)


# What changes how methods run, and not what they compute.

def compact(fun): return fun
def nowrap(fun): return fun
def jit(target, variables=True, rngs=True, static_argnums=(), static_argnames=(), donate_argnums=(), device=None, backend=None,
        methods=None): return target
def remat(target, variables=True, rngs=True, concrete=False, prevent_cse=True, static_argnums=(), policy=None,
          methods=None): return target
def checkpoint(target, variables=True, rngs=True, concrete=False, prevent_cse=True, static_argnums=(), policy=None,
               methods=None): return target
def vmap(target, *args, **kwargs): return unknown(target)
def scan(target, *args, **kwargs): return unknown(target)


# Pooling and attention.

def avg_pool(inputs, window_shape, strides=None, padding='VALID',
             count_include_pad=True): return tensor(inputs, features=features(inputs), rank=rank(inputs))
def max_pool(inputs, window_shape, strides=None, padding='VALID'): return tensor(inputs, features=features(inputs), rank=rank(inputs))
def pool(inputs, init, reduce_fn, window_shape, strides, padding): return tensor(inputs, features=features(inputs), rank=rank(inputs))
def dot_product_attention(query, key, value, bias=None, mask=None, broadcast_dropout=True, dropout_rng=None, dropout_rate=0.0,
                          deterministic=False, dtype=None, precision=None, module=None, force_fp32_for_softmax=False,
                          einsum_dot_general=None, qk_attn_weights_einsum=None,
                          attn_weights_value_einsum=None): return tensor(query, key, value)
def make_attention_mask(query_input, key_input, pairwise_fn=..., extra_batch_dims=0, dtype=...): return tensor()
def make_causal_mask(x, extra_batch_dims=0, dtype=...): return tensor()
