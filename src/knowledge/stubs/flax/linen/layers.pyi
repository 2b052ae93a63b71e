"""Layers of linen; each makes its parameters where it is called first."""

from backprobe.primitives import features, layer, like, parameter, rank, tensor
from flax.linen.module import Module
from jax import Array as Tensor


class Dense(Module):
    def __init__(self, features, use_bias=True, dtype=None, param_dtype=..., precision=None, kernel_init=..., bias_init=...,
                 promote_dtype=..., dot_general=None, dot_general_cls=None, parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.bias = parameter() if use_bias else None
    def __call__(self, inputs):
        return layer(inputs, parameters=[self.kernel, self.bias], features=self.features, axis=-1, rank=rank(inputs))


class DenseGeneral(Module):
    def __init__(self, features, axis=-1, batch_dims=(), use_bias=True, dtype=None, param_dtype=..., kernel_init=..., bias_init=...,
                 precision=None, promote_dtype=..., dot_general=None, dot_general_cls=None, parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.bias = parameter() if use_bias else None
    def __call__(self, inputs):
        size = self.features if isinstance(self.features, int) else None
        return layer(inputs, parameters=[self.kernel, self.bias], features=size, axis=-1)


class Conv(Module):
    def __init__(self, features, kernel_size, strides=1, padding='SAME', input_dilation=1, kernel_dilation=1, feature_group_count=1,
                 use_bias=True, mask=None, dtype=None, param_dtype=..., precision=None, kernel_init=..., bias_init=..., promote_dtype=...,
                 conv_general_dilated=None, conv_general_dilated_cls=None, parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.bias = parameter() if use_bias else None
    def __call__(self, inputs):
        return layer(inputs, parameters=[self.kernel, self.bias], features=self.features, axis=-1, rank=rank(inputs))


class ConvTranspose(Module):
    def __init__(self, features, kernel_size, strides=None, padding='SAME', kernel_dilation=None, use_bias=True, mask=None, dtype=None,
                 param_dtype=..., precision=None, kernel_init=..., bias_init=..., transpose_kernel=False, promote_dtype=...,
                 preferred_element_type=None, parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.bias = parameter() if use_bias else None
    def __call__(self, inputs):
        return layer(inputs, parameters=[self.kernel, self.bias], features=self.features, axis=-1, rank=rank(inputs))


class ConvLocal(Module):
    def __init__(self, features, kernel_size, strides=1, padding='SAME', input_dilation=1, kernel_dilation=1, feature_group_count=1,
                 use_bias=True, mask=None, dtype=None, param_dtype=..., precision=None, kernel_init=..., bias_init=..., promote_dtype=...,
                 conv_general_dilated=None, conv_general_dilated_cls=None, parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.bias = parameter() if use_bias else None
    def __call__(self, inputs):
        return layer(inputs, parameters=[self.kernel, self.bias], features=self.features, axis=-1, rank=rank(inputs))


class Embed(Module):
    def __init__(self, num_embeddings, features, dtype=None, param_dtype=..., embedding_init=..., promote_dtype=..., parent=..., name=None):
        self.features = features
        self.embedding = parameter()
    def __call__(self, inputs): return layer(inputs, parameters=[self.embedding], features=self.features, axis=-1)


class BatchNorm(Module):
    def __init__(self, use_running_average=None, axis=-1, momentum=0.99, epsilon=1e-05, dtype=None, param_dtype=..., use_bias=True,
                 use_scale=True, bias_init=..., scale_init=..., axis_name=None, axis_index_groups=None, use_fast_variance=True,
                 force_float32_reductions=True, parent=..., name=None):
        self.use_running_average = use_running_average
        self.scale = parameter() if use_scale else None
        self.bias = parameter() if use_bias else None
    def __call__(self, x, use_running_average=None, *, mask=None):
        return layer(x, parameters=[self.scale, self.bias], features=features(x), rank=rank(x))


class LayerNorm(Module):
    def __init__(self, epsilon=1e-06, dtype=None, param_dtype=..., use_bias=True, use_scale=True, bias_init=..., scale_init=...,
                 reduction_axes=-1, feature_axes=-1, axis_name=None, axis_index_groups=None, use_fast_variance=True,
                 force_float32_reductions=True, parent=..., name=None):
        self.scale = parameter() if use_scale else None
        self.bias = parameter() if use_bias else None
    def __call__(self, x, *, mask=None): return layer(x, parameters=[self.scale, self.bias], features=features(x), rank=rank(x))


class GroupNorm(Module):
    def __init__(self, num_groups=32, group_size=None, epsilon=1e-06, dtype=None, param_dtype=..., use_bias=True, use_scale=True,
                 bias_init=..., scale_init=..., reduction_axes=None, axis_name=None, axis_index_groups=None, use_fast_variance=True,
                 force_float32_reductions=True, parent=..., name=None):
        self.scale = parameter() if use_scale else None
        self.bias = parameter() if use_bias else None
    def __call__(self, x, *, mask=None): return layer(x, parameters=[self.scale, self.bias], features=features(x), rank=rank(x))


class InstanceNorm(Module):
    def __init__(self, epsilon=1e-06, dtype=None, param_dtype=..., use_bias=True, use_scale=True, bias_init=..., scale_init=...,
                 feature_axes=-1, axis_name=None, axis_index_groups=None, use_fast_variance=True, force_float32_reductions=True, parent=...,
                 name=None):
        self.scale = parameter() if use_scale else None
        self.bias = parameter() if use_bias else None
    def __call__(self, x, *, mask=None): return layer(x, parameters=[self.scale, self.bias], features=features(x), rank=rank(x))


class RMSNorm(Module):
    def __init__(self, epsilon=1e-06, dtype=None, param_dtype=..., use_scale=True, scale_init=..., reduction_axes=-1, feature_axes=-1,
                 axis_name=None, axis_index_groups=None, use_fast_variance=True, force_float32_reductions=True, parent=..., name=None):
        self.scale = parameter() if use_scale else None
    def __call__(self, x, *, mask=None): return layer(x, parameters=[self.scale], features=features(x), rank=rank(x))


class Dropout(Module):
    def __init__(self, rate, broadcast_dims=(), deterministic=None, rng_collection='dropout', parent=..., name=None):
        self.rate = rate
        self.deterministic = deterministic
    def __call__(self, inputs, deterministic=None, rng=None): return like(inputs)


class PReLU(Module):
    def __init__(self, param_dtype=..., negative_slope_init=0.01, parent=..., name=None): self.negative_slope = parameter()
    def __call__(self, inputs): return layer(inputs, parameters=[self.negative_slope], features=features(inputs), rank=rank(inputs))


class Sequential(Module):
    """Unverified: __call__: any parameters."""
    def __init__(self, layers, parent=..., name=None): self.layers = layers
    def __call__(self, *args, **kwargs):
        value = args[0]
        for held in self.layers:
            value = held(value)
        return value


class MultiHeadDotProductAttention(Module):
    def __init__(self, num_heads, dtype=None, param_dtype=..., qkv_features=None, out_features=None, broadcast_dropout=True,
                 dropout_rate=0.0, deterministic=None, precision=None, kernel_init=..., out_kernel_init=None, bias_init=...,
                 out_bias_init=None, use_bias=True, attention_fn=..., decode=False, normalize_qk=False, force_fp32_for_softmax=False,
                 qkv_dot_general=None, out_dot_general=None, qkv_dot_general_cls=None, out_dot_general_cls=None,
                 qk_attn_weights_einsum_cls=None, attn_weights_value_einsum_cls=None, parent=..., name=None):
        self.query = parameter()
        self.key = parameter()
        self.value = parameter()
        self.out = parameter()
    def __call__(self, inputs_q, inputs_k=None, inputs_v=None, *, inputs_kv=None, mask=None, deterministic=None, dropout_rng=None,
                 sow_weights=False):
        held = [self.query, self.key, self.value, self.out]
        return layer(inputs_q, inputs_k, inputs_v, parameters=held, features=features(inputs_q), axis=-1, rank=rank(inputs_q))


class MultiHeadAttention(Module):
    def __init__(self, num_heads, dtype=None, param_dtype=..., qkv_features=None, out_features=None, broadcast_dropout=True,
                 dropout_rate=0.0, deterministic=None, precision=None, kernel_init=..., out_kernel_init=None, bias_init=...,
                 out_bias_init=None, use_bias=True, attention_fn=..., decode=False, normalize_qk=False, force_fp32_for_softmax=False,
                 qkv_dot_general=None, out_dot_general=None, qkv_dot_general_cls=None, out_dot_general_cls=None,
                 qk_attn_weights_einsum_cls=None, attn_weights_value_einsum_cls=None, parent=..., name=None):
        self.query = parameter()
        self.key = parameter()
        self.value = parameter()
        self.out = parameter()
    def __call__(self, inputs_q, inputs_k=None, inputs_v=None, *, inputs_kv=None, mask=None, deterministic=None, dropout_rng=None,
                 sow_weights=False):
        held = [self.query, self.key, self.value, self.out]
        return layer(inputs_q, inputs_k, inputs_v, parameters=held, features=features(inputs_q), axis=-1, rank=rank(inputs_q))


class SelfAttention(Module):
    def __init__(self, num_heads, dtype=None, param_dtype=..., qkv_features=None, out_features=None, broadcast_dropout=True,
                 dropout_rate=0.0, deterministic=None, precision=None, kernel_init=..., out_kernel_init=None, bias_init=...,
                 out_bias_init=None, use_bias=True, attention_fn=..., decode=False, normalize_qk=False, force_fp32_for_softmax=False,
                 qkv_dot_general=None, out_dot_general=None, qkv_dot_general_cls=None, out_dot_general_cls=None,
                 qk_attn_weights_einsum_cls=None, attn_weights_value_einsum_cls=None, parent=..., name=None):
        self.query = parameter()
        self.key = parameter()
        self.value = parameter()
        self.out = parameter()
    def __call__(self, inputs_q, mask=None, deterministic=None, dropout_rng=None, sow_weights=False):
        held = [self.query, self.key, self.value, self.out]
        return layer(inputs_q, parameters=held, features=features(inputs_q), axis=-1, rank=rank(inputs_q))


class LSTMCell(Module):
    def __init__(self, features, gate_fn=..., activation_fn=..., kernel_init=..., recurrent_kernel_init=..., bias_init=..., dtype=None,
                 param_dtype=..., carry_init=..., parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.recurrent_kernel = parameter()
    def __call__(self, carry, inputs):
        output = layer(inputs, carry, parameters=[self.kernel, self.recurrent_kernel], features=self.features, axis=-1)
        return tensor(output), output
    def initialize_carry(self, rng, input_shape): return tensor()


class OptimizedLSTMCell(Module):
    def __init__(self, features, gate_fn=..., activation_fn=..., kernel_init=..., recurrent_kernel_init=..., bias_init=..., dtype=None,
                 param_dtype=..., carry_init=..., parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.recurrent_kernel = parameter()
    def __call__(self, carry, inputs):
        output = layer(inputs, carry, parameters=[self.kernel, self.recurrent_kernel], features=self.features, axis=-1)
        return tensor(output), output
    def initialize_carry(self, rng, input_shape): return tensor()


class GRUCell(Module):
    def __init__(self, features, gate_fn=..., activation_fn=..., kernel_init=..., recurrent_kernel_init=..., bias_init=..., dtype=None,
                 param_dtype=..., carry_init=..., parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.recurrent_kernel = parameter()
    def __call__(self, carry, inputs):
        output = layer(inputs, carry, parameters=[self.kernel, self.recurrent_kernel], features=self.features, axis=-1)
        return tensor(output), output
    def initialize_carry(self, rng, input_shape): return tensor()


class SimpleCell(Module):
    def __init__(self, features, activation_fn=..., kernel_init=..., recurrent_kernel_init=..., bias_init=..., dtype=None, param_dtype=...,
                 carry_init=..., residual=False, parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.recurrent_kernel = parameter()
    def __call__(self, carry, inputs):
        output = layer(inputs, carry, parameters=[self.kernel, self.recurrent_kernel], features=self.features, axis=-1)
        return tensor(output), output
    def initialize_carry(self, rng, input_shape): return tensor()


class MGUCell(Module):
    def __init__(self, features, gate_fn=..., activation_fn=..., kernel_init=..., recurrent_kernel_init=..., forget_bias_init=...,
                 activation_bias_init=..., dtype=None, param_dtype=..., carry_init=..., reset_gate=True, parent=..., name=None):
        self.features = features
        self.kernel = parameter()
        self.recurrent_kernel = parameter()
    def __call__(self, carry, inputs):
        output = layer(inputs, carry, parameters=[self.kernel, self.recurrent_kernel], features=self.features, axis=-1)
        return tensor(output), output
    def initialize_carry(self, rng, input_shape): return tensor()


class RNN(Module):
    def __init__(self, cell, time_major=False, return_carry=False, reverse=False, keep_order=False, unroll=1, variable_axes=...,
                 variable_broadcast='params', variable_carry=False, split_rngs=..., parent=..., name=None):
        self.cell = cell
        self.return_carry = return_carry
    def __call__(self, inputs, *, initial_carry=None, init_key=None, seq_lengths=None, return_carry=None, time_major=None, reverse=None,
                 keep_order=None):
        carry, output = self.cell(initial_carry, inputs)
        return (carry, output) if self.return_carry else output
