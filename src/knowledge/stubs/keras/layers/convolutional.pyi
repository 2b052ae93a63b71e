"""Convolutions, and what changes the size of images."""

from backprobe.primitives import layer, parameter
from keras.activations import _activated
from keras.engine.base_layer import Layer
from tensorflow.python.framework.ops import Tensor, _shaped


class _Convolution(Layer):
    """What all convolutions do: channels are the last axis, or the second."""
    def _hold(self, filters, axes, data_format, activation, use_bias):
        self.filters = filters
        self.rank = axes
        self.data_format = data_format
        self.activation = activation
        self.kernel = parameter(self._trainable)
        self.bias = parameter(self._trainable) if use_bias else None
    def call(self, inputs):
        axis = 1 if self.data_format == "channels_first" else -1
        held = [self.kernel, self.bias]
        return _activated(self.activation, layer(inputs, parameters=held, features=self.filters, axis=axis, rank=self.rank))


class Conv1D(_Convolution):
    def __init__(self, filters, kernel_size, strides=1, padding='valid', data_format=None, dilation_rate=1, groups=1, activation=None,
                 use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 3, data_format, activation, use_bias)


class Conv2D(_Convolution):
    def __init__(self, filters, kernel_size, strides=(1, 1), padding='valid', data_format=None, dilation_rate=(1, 1), groups=1,
                 activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 4, data_format, activation, use_bias)


class Conv3D(_Convolution):
    def __init__(self, filters, kernel_size, strides=(1, 1, 1), padding='valid', data_format=None, dilation_rate=(1, 1, 1), groups=1,
                 activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 5, data_format, activation, use_bias)


class Conv1DTranspose(_Convolution):
    def __init__(self, filters, kernel_size, strides=1, padding='valid', output_padding=None, data_format=None, dilation_rate=1,
                 activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 3, data_format, activation, use_bias)


class Conv2DTranspose(_Convolution):
    def __init__(self, filters, kernel_size, strides=(1, 1), padding='valid', output_padding=None, data_format=None, dilation_rate=(1, 1),
                 activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 4, data_format, activation, use_bias)


class Conv3DTranspose(_Convolution):
    def __init__(self, filters, kernel_size, strides=(1, 1, 1), padding='valid', data_format=None, output_padding=None,
                 dilation_rate=(1, 1, 1), activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros',
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None,
                 **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 5, data_format, activation, use_bias)


class SeparableConv1D(_Convolution):
    def __init__(self, filters, kernel_size, strides=1, padding='valid', data_format=None, dilation_rate=1, depth_multiplier=1,
                 activation=None, use_bias=True, depthwise_initializer='glorot_uniform', pointwise_initializer='glorot_uniform',
                 bias_initializer='zeros', depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 3, data_format, activation, use_bias)


class SeparableConv2D(_Convolution):
    def __init__(self, filters, kernel_size, strides=(1, 1), padding='valid', data_format=None, dilation_rate=(1, 1), depth_multiplier=1,
                 activation=None, use_bias=True, depthwise_initializer='glorot_uniform', pointwise_initializer='glorot_uniform',
                 bias_initializer='zeros', depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 4, data_format, activation, use_bias)


class DepthwiseConv1D(_Convolution):
    def __init__(self, kernel_size, strides=1, padding='valid', depth_multiplier=1, data_format=None, dilation_rate=1, activation=None,
                 use_bias=True, depthwise_initializer='glorot_uniform', bias_initializer='zeros', depthwise_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None, bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(None, 3, data_format, activation, use_bias)


class DepthwiseConv2D(_Convolution):
    def __init__(self, kernel_size, strides=(1, 1), padding='valid', depth_multiplier=1, data_format=None, dilation_rate=(1, 1),
                 activation=None, use_bias=True, depthwise_initializer='glorot_uniform', bias_initializer='zeros',
                 depthwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None,
                 bias_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(None, 4, data_format, activation, use_bias)


Convolution1D = Conv1D
Convolution2D = Conv2D
Convolution3D = Conv3D
Convolution2DTranspose = Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D


class UpSampling1D(Layer):
    def __init__(self, size=2, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class UpSampling2D(Layer):
    def __init__(self, size=(2, 2), data_format=None, interpolation='nearest', **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class UpSampling3D(Layer):
    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class ZeroPadding1D(Layer):
    def __init__(self, padding=1, data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class ZeroPadding2D(Layer):
    def __init__(self, padding=(1, 1), data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class ZeroPadding3D(Layer):
    def __init__(self, padding=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class Cropping1D(Layer):
    def __init__(self, cropping=(1, 1), **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class Cropping2D(Layer):
    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class Cropping3D(Layer):
    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)
