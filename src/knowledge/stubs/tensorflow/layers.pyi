"""Layers that make their variables in the current scope."""

from backprobe.primitives import call, collect, features, layer, like, pop_scope, push_scope, rank, tensor, variable
from backprobe.tensors import Same
from tensorflow.nn import sigmoid, softmax
from tensorflow.python.framework.ops import Operation, Tensor, _shaped


def _activated(activation, output):
    """Activations are functions or names of functions."""
    if activation == "softmax":
        return softmax(output)
    if activation == "sigmoid":
        return sigmoid(output)
    if isinstance(activation, str):
        return _shaped(output)
    return call(activation, [output])


def _last(channels, data_format):
    """Size of the last axis, which is that of the channels unless they come first."""
    return channels if data_format == "channels_last" else None


def _weighted(inputs, default, names, size, axes, activation, use_bias, trainable, name, reuse):
    """A layer with its weights in a scope of its own."""
    push_scope(name, default=default, reuse=reuse)
    held = [variable(own, trainable=trainable) for own in (names + ["bias"] if use_bias else names)]
    output = _activated(activation, layer(inputs, parameters=held, features=size, rank=axes))
    pop_scope()
    return output


def _normalized(inputs, center, scale, training, trainable, name, reuse):
    """Batch normalization: its statistics move when somebody runs the update operations that it collects."""
    push_scope(name, default="batch_normalization", reuse=reuse)
    held = [variable("gamma", trainable=trainable)] if scale else []
    if center:
        held = held + [variable("beta", trainable=trainable)]
    for own in ["moving_mean", "moving_variance"]:
        variable(own, trainable=False, buffer=True)
    if training:
        collect("update_ops", Operation())
    output = layer(inputs, parameters=held, features=features(inputs), rank=rank(inputs))
    pop_scope()
    return output


def dense(inputs, units, activation=None, use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None,
          bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None,
          reuse=None):
    return _weighted(inputs, "dense", ["kernel"], units, rank(inputs), activation, use_bias, trainable, name, reuse)


def conv1d(inputs, filters, kernel_size, strides=1, padding='valid', data_format='channels_last', dilation_rate=1, activation=None,
           use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None, bias_regularizer=None,
           activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None, reuse=None):
    return _weighted(inputs, "conv1d", ["kernel"], _last(filters, data_format), 3, activation, use_bias, trainable, name, reuse)


def conv2d(inputs, filters, kernel_size, strides=(1, 1), padding='valid', data_format='channels_last', dilation_rate=(1, 1),
           activation=None, use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None, bias_regularizer=None,
           activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None, reuse=None):
    return _weighted(inputs, "conv2d", ["kernel"], _last(filters, data_format), 4, activation, use_bias, trainable, name, reuse)


def conv3d(inputs, filters, kernel_size, strides=(1, 1, 1), padding='valid', data_format='channels_last', dilation_rate=(1, 1, 1),
           activation=None, use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None, bias_regularizer=None,
           activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None, reuse=None):
    return _weighted(inputs, "conv3d", ["kernel"], _last(filters, data_format), 5, activation, use_bias, trainable, name, reuse)


def conv2d_transpose(inputs, filters, kernel_size, strides=(1, 1), padding='valid', data_format='channels_last', activation=None,
                     use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None, bias_regularizer=None,
                     activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None, reuse=None):
    return _weighted(inputs, "conv2d_transpose", ["kernel"], _last(filters, data_format), 4, activation, use_bias, trainable, name, reuse)


def conv3d_transpose(inputs, filters, kernel_size, strides=(1, 1, 1), padding='valid', data_format='channels_last', activation=None,
                     use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None, bias_regularizer=None,
                     activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None, reuse=None):
    return _weighted(inputs, "conv3d_transpose", ["kernel"], _last(filters, data_format), 5, activation, use_bias, trainable, name, reuse)


def separable_conv1d(inputs, filters, kernel_size, strides=1, padding='valid', data_format='channels_last', dilation_rate=1,
                     depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer=None, pointwise_initializer=None,
                     bias_initializer=..., depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
                     activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None, trainable=True,
                     name=None, reuse=None):
    return _weighted(inputs, "separable_conv1d", ["depthwise_kernel", "pointwise_kernel"], _last(filters, data_format), 3, activation,
                     use_bias, trainable, name, reuse)


def separable_conv2d(inputs, filters, kernel_size, strides=(1, 1), padding='valid', data_format='channels_last', dilation_rate=(1, 1),
                     depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer=None, pointwise_initializer=None,
                     bias_initializer=..., depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
                     activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None, trainable=True,
                     name=None, reuse=None):
    return _weighted(inputs, "separable_conv2d", ["depthwise_kernel", "pointwise_kernel"], _last(filters, data_format), 4, activation,
                     use_bias, trainable, name, reuse)


def batch_normalization(inputs, axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer=..., gamma_initializer=...,
                        moving_mean_initializer=..., moving_variance_initializer=..., beta_regularizer=None, gamma_regularizer=None,
                        beta_constraint=None, gamma_constraint=None, training=False, trainable=True, name=None, reuse=None, renorm=False,
                        renorm_clipping=None, renorm_momentum=0.99, fused=None, virtual_batch_size=None, adjustment=None):
    return _normalized(inputs, center, scale, training, trainable, name, reuse)


def dropout(inputs: Same, rate=0.5, noise_shape=None, seed=None, training=False, name=None) -> Same: ...
def flatten(inputs, name=None, data_format='channels_last'): return tensor(inputs, rank=2)
def max_pooling1d(inputs, pool_size, strides, padding='valid', data_format='channels_last', name=None): return _shaped(inputs)
def max_pooling2d(inputs, pool_size, strides, padding='valid', data_format='channels_last', name=None): return _shaped(inputs)
def max_pooling3d(inputs, pool_size, strides, padding='valid', data_format='channels_last', name=None): return _shaped(inputs)
def average_pooling1d(inputs, pool_size, strides, padding='valid', data_format='channels_last', name=None): return _shaped(inputs)
def average_pooling2d(inputs, pool_size, strides, padding='valid', data_format='channels_last', name=None): return _shaped(inputs)
def average_pooling3d(inputs, pool_size, strides, padding='valid', data_format='channels_last', name=None): return _shaped(inputs)


class Layer:
    """Variables are made when the object is called first, in the scope of that call, and used again afterwards."""
    def __init__(self, trainable=True, name=None, dtype=None, **kwargs):
        self.trainable = trainable
        self.name = name
        self.scope = None
    def __call__(self, inputs, *args, **kwargs):
        first = self.scope is None
        scope = push_scope(self.name if first else self.scope, default=self.default, reuse=None if first else True)
        self.scope = scope
        outputs = self.call(inputs, *args, **kwargs)
        pop_scope()
        return outputs
    def apply(self, *args, **kwargs): return self(*args, **kwargs)
    def call(self, inputs, **kwargs): return inputs
    default = "layer"


class _Weighted(Layer):
    def _hold(self, names, size, axes, activation, use_bias, trainable, name):
        self.names = names + ["bias"] if use_bias else names
        self.size = size
        self.axes = axes
        self.activation = activation
        self.trainable = trainable
        self.name = name
        self.scope = None
    def call(self, inputs):
        held = [variable(own, trainable=self.trainable) for own in self.names]
        axes = self.axes if self.axes is not None else rank(inputs)
        return _activated(self.activation, layer(inputs, parameters=held, features=self.size, rank=axes))


class Dense(_Weighted):
    default = "dense"
    def __init__(self, units, activation=None, use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None,
                 **kwargs):
        self.units = units
        self._hold(["kernel"], units, None, activation, use_bias, trainable, name)


class Conv1D(_Weighted):
    default = "conv1d"
    def __init__(self, filters, kernel_size, strides=1, padding='valid', data_format='channels_last', dilation_rate=1, activation=None,
                 use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None, **kwargs):
        self._hold(["kernel"], _last(filters, data_format), 3, activation, use_bias, trainable, name)


class Conv2D(_Weighted):
    default = "conv2d"
    def __init__(self, filters, kernel_size, strides=(1, 1), padding='valid', data_format='channels_last', dilation_rate=(1, 1),
                 activation=None, use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None,
                 **kwargs):
        self._hold(["kernel"], _last(filters, data_format), 4, activation, use_bias, trainable, name)


class Conv3D(_Weighted):
    default = "conv3d"
    def __init__(self, filters, kernel_size, strides=(1, 1, 1), padding='valid', data_format='channels_last', dilation_rate=(1, 1, 1),
                 activation=None, use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None,
                 **kwargs):
        self._hold(["kernel"], _last(filters, data_format), 5, activation, use_bias, trainable, name)


class Conv2DTranspose(_Weighted):
    default = "conv2d_transpose"
    def __init__(self, filters, kernel_size, strides=(1, 1), padding='valid', data_format='channels_last', activation=None, use_bias=True,
                 kernel_initializer=None, bias_initializer=..., kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, bias_constraint=None, trainable=True, name=None, **kwargs):
        self._hold(["kernel"], _last(filters, data_format), 4, activation, use_bias, trainable, name)


class Conv3DTranspose(_Weighted):
    default = "conv3d_transpose"
    def __init__(self, filters, kernel_size, strides=(1, 1, 1), padding='valid', data_format='channels_last', activation=None,
                 use_bias=True, kernel_initializer=None, bias_initializer=..., kernel_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None, **kwargs):
        self._hold(["kernel"], _last(filters, data_format), 5, activation, use_bias, trainable, name)


class SeparableConv1D(_Weighted):
    default = "separable_conv1d"
    def __init__(self, filters, kernel_size, strides=1, padding='valid', data_format='channels_last', dilation_rate=1, depth_multiplier=1,
                 activation=None, use_bias=True, depthwise_initializer=None, pointwise_initializer=None, bias_initializer=...,
                 depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None, trainable=True, name=None, **kwargs):
        self._hold(["depthwise_kernel", "pointwise_kernel"], _last(filters, data_format), 3, activation, use_bias, trainable, name)


class SeparableConv2D(_Weighted):
    default = "separable_conv2d"
    def __init__(self, filters, kernel_size, strides=(1, 1), padding='valid', data_format='channels_last', dilation_rate=(1, 1),
                 depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer=None, pointwise_initializer=None,
                 bias_initializer=..., depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None, trainable=True,
                 name=None, **kwargs):
        self._hold(["depthwise_kernel", "pointwise_kernel"], _last(filters, data_format), 4, activation, use_bias, trainable, name)


class BatchNormalization(Layer):
    def __init__(self, axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer=..., gamma_initializer=...,
                 moving_mean_initializer=..., moving_variance_initializer=..., beta_regularizer=None, gamma_regularizer=None,
                 beta_constraint=None, gamma_constraint=None, renorm=False, renorm_clipping=None, renorm_momentum=0.99, fused=None,
                 trainable=True, virtual_batch_size=None, adjustment=None, name=None, **kwargs):
        self.center = center
        self.scale = scale
        self.trainable = trainable
        self.name = name
        self.path = None
    def __call__(self, inputs, training=False, mask=None):
        if self.path is None:
            self.path = push_scope(self.name, default="batch_normalization")
            pop_scope()
            return _normalized(inputs, self.center, self.scale, training, self.trainable, self.path, None)
        return _normalized(inputs, self.center, self.scale, training, self.trainable, self.path, True)
    apply = __call__


class Dropout(Layer):
    def __init__(self, rate=0.5, noise_shape=None, seed=None, name=None, **kwargs): self.rate = rate
    def __call__(self, inputs, training=False): return like(inputs)
    apply = __call__


class Flatten(Layer):
    def __init__(self, data_format=None, **kwargs): ...
    def __call__(self, inputs): return tensor(inputs, rank=2)


class MaxPooling1D(Layer):
    def __init__(self, pool_size, strides, padding='valid', data_format='channels_last', name=None, **kwargs): ...
    def __call__(self, inputs): return _shaped(inputs)


class MaxPooling2D(Layer):
    def __init__(self, pool_size, strides, padding='valid', data_format='channels_last', name=None, **kwargs): ...
    def __call__(self, inputs): return _shaped(inputs)


class MaxPooling3D(Layer):
    def __init__(self, pool_size, strides, padding='valid', data_format='channels_last', name=None, **kwargs): ...
    def __call__(self, inputs): return _shaped(inputs)


class AveragePooling1D(Layer):
    def __init__(self, pool_size, strides, padding='valid', data_format='channels_last', name=None, **kwargs): ...
    def __call__(self, inputs): return _shaped(inputs)


class AveragePooling2D(Layer):
    def __init__(self, pool_size, strides, padding='valid', data_format='channels_last', name=None, **kwargs): ...
    def __call__(self, inputs): return _shaped(inputs)


class AveragePooling3D(Layer):
    def __init__(self, pool_size, strides, padding='valid', data_format='channels_last', name=None, **kwargs): ...
    def __call__(self, inputs): return _shaped(inputs)
