"""Attention."""

from backprobe.primitives import features, layer, parameter, rank, tensor
from keras.engine.base_layer import Layer
from tensorflow.python.framework.ops import Tensor


class Attention(Layer):
    def __init__(self, use_scale=False, score_mode='dot', dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.scale = parameter(self._trainable) if use_scale else None
    def call(self, inputs, mask=None, training=False, return_attention_scores=False, use_causal_mask=False):
        output = layer(inputs, parameters=[self.scale]) if self.scale is not None else tensor(inputs)
        return (output, tensor(inputs)) if return_attention_scores else output


class AdditiveAttention(Layer):
    def __init__(self, use_scale=True, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.scale = parameter(self._trainable) if use_scale else None
    def call(self, inputs, mask=None, training=False, return_attention_scores=False, use_causal_mask=False):
        output = layer(inputs, parameters=[self.scale]) if self.scale is not None else tensor(inputs)
        return (output, tensor(inputs)) if return_attention_scores else output


class MultiHeadAttention(Layer):
    def __init__(self, num_heads, key_dim, value_dim=None, dropout=0.0, use_bias=True, output_shape=None, attention_axes=None,
                 sliding_window=None, flash_attention=None, kernel_initializer='glorot_uniform', bias_initializer='zeros',
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None,
                 use_gate=False, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.query_kernel = parameter(self._trainable)
        self.key_kernel = parameter(self._trainable)
        self.value_kernel = parameter(self._trainable)
        self.output_kernel = parameter(self._trainable)
    def call(self, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None,
             return_attention_scores=False, training=None, use_causal_mask=False):
        held = [self.query_kernel, self.key_kernel, self.value_kernel, self.output_kernel]
        output = layer(query, value, key, parameters=held, features=features(query), axis=-1, rank=rank(query))
        return (output, tensor(query, key)) if return_attention_scores else output
