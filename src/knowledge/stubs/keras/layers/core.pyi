"""Fully connected layers and what changes the layout."""

from backprobe.primitives import call, features, layer, like, observe, parameter, rank, tensor
from keras.activations import _activated
from keras.engine.base_layer import Layer
from keras.layers.regularization import Dropout, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D
from tensorflow.python.framework.ops import Tensor, _made, _shaped


class InputLayer(Layer):
    """What a model takes.

    Unverified: call: its own takes nothing.
    """
    def __init__(self, shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, input_tensor=None,
                 optional=False, name=None, **kwargs):
        super().__init__(**kwargs)
        self.output = Input(shape if shape is not None else kwargs.get("input_shape"), batch_shape=batch_shape)
    def call(self, inputs): return inputs


def _input_shape(shape, batch_shape):
    """The shape with the axis of the batch."""
    if batch_shape is not None:
        return batch_shape
    return [None] + list(shape) if isinstance(shape, (list, tuple)) else None


def Input(shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, name=None, tensor=None,
          optional=False): return _made(_input_shape(shape, batch_shape))


class Activation(Layer):
    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activation
    def call(self, inputs): return _activated(self.activation, inputs)


class Dense(Layer):
    def __init__(self, units, activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros',
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None,
                 lora_rank=None, lora_alpha=None, quantization_config=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation
        self.kernel = parameter(self._trainable)
        self.bias = parameter(self._trainable) if use_bias else None
    def call(self, inputs, training=None):
        output = layer(inputs, parameters=[self.kernel, self.bias], features=self.units, axis=-1, rank=rank(inputs))
        return _activated(self.activation, output)


class EinsumDense(Layer):
    def __init__(self, equation, output_shape, activation=None, bias_axes=None, kernel_initializer='glorot_uniform',
                 bias_initializer='zeros', kernel_regularizer=None, bias_regularizer=None, kernel_constraint=None, bias_constraint=None,
                 lora_rank=None, lora_alpha=None, gptq_unpacked_column_size=None, quantization_config=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = activation
        self.kernel = parameter(self._trainable)
        self.bias = parameter(self._trainable) if bias_axes is not None else None
    def call(self, inputs, training=None): return _activated(self.activation, layer(inputs, parameters=[self.kernel, self.bias]))


class Flatten(Layer):
    def __init__(self, data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return tensor(inputs, rank=2)


class Reshape(Layer):
    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = target_shape
    def call(self, inputs): return _made([None] + list(self.target_shape), inputs)


class Permute(Layer):
    def __init__(self, dims, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return tensor(inputs, rank=rank(inputs))


class RepeatVector(Layer):
    def __init__(self, n, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return tensor(inputs, features=features(inputs), rank=3)


class Masking(Layer):
    def __init__(self, mask_value=0.0, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return like(inputs)


class ActivityRegularization(Layer):
    def __init__(self, l1=0.0, l2=0.0, **kwargs): super().__init__(**kwargs)
    def call(self, inputs):
        observe(inputs)
        return like(inputs)


class Lambda(Layer):
    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        self.function = function
        self.arguments = arguments
    def call(self, inputs, mask=None, training=None):
        if self.arguments is not None:
            return call(self.function, [inputs], self.arguments)
        return call(self.function, [inputs])


class Wrapper(Layer):
    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer


class Identity(Layer):
    def __init__(self, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return inputs


class Rescaling(Layer):
    def __init__(self, scale, offset=0.0, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class Normalization(Layer):
    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)
