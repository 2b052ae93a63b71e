"""Activations that are layers."""

from backprobe.primitives import features, layer, like, parameter, rank
from keras.engine.base_layer import Layer
from tensorflow.python.framework.ops import Tensor, _shaped


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.3, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class ELU(Layer):
    def __init__(self, alpha=1.0, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class ReLU(Layer):
    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class PReLU(Layer):
    def __init__(self, alpha_initializer='Zeros', alpha_regularizer=None, alpha_constraint=None, shared_axes=None, **kwargs):
        super().__init__(**kwargs)
        self.alpha = parameter(self._trainable)
    def call(self, inputs): return layer(inputs, parameters=[self.alpha], features=features(inputs), rank=rank(inputs))


class Softmax(Layer):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis
    def call(self, inputs, mask=None): return like(inputs, scale="probabilities")
