"""Normalization; batch normalization learns its statistics in training."""

from backprobe.primitives import ambient, features, layer, parameter, rank
from keras.engine.base_layer import Layer
from keras.layers.core import Wrapper
from tensorflow.python.framework.ops import Tensor, _shaped


class BatchNormalization(Layer):
    def __init__(self, axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', gamma_initializer='ones',
                 moving_mean_initializer='zeros', moving_variance_initializer='ones', beta_regularizer=None, gamma_regularizer=None,
                 beta_constraint=None, gamma_constraint=None, renorm=False, renorm_clipping=None, renorm_momentum=0.99, synchronized=False,
                 **kwargs):
        super().__init__(**kwargs)
        self.gamma = parameter(self._trainable) if scale else None
        self.beta = parameter(self._trainable) if center else None
    def call(self, inputs, training=None, mask=None):
        output = layer(inputs, parameters=[self.gamma, self.beta], features=features(inputs), rank=rank(inputs))
        return self._ran(output, ambient("training"), ambient("tape"))


class LayerNormalization(Layer):
    def __init__(self, axis=-1, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', gamma_initializer='ones',
                 beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self.gamma = parameter(self._trainable) if scale else None
        self.beta = parameter(self._trainable) if center else None
    def call(self, inputs): return layer(inputs, parameters=[self.gamma, self.beta], features=features(inputs), rank=rank(inputs))


class GroupNormalization(Layer):
    def __init__(self, groups=32, axis=-1, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', gamma_initializer='ones',
                 beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self.gamma = parameter(self._trainable) if scale else None
        self.beta = parameter(self._trainable) if center else None
    def call(self, inputs): return layer(inputs, parameters=[self.gamma, self.beta], features=features(inputs), rank=rank(inputs))


class RMSNormalization(Layer):
    def __init__(self, axis=-1, epsilon=1e-06, **kwargs):
        super().__init__(**kwargs)
        self.gamma = parameter(self._trainable)
    def call(self, x): return layer(x, parameters=[self.gamma], features=features(x), rank=rank(x))


class UnitNormalization(Layer):
    def __init__(self, axis=-1, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class SpectralNormalization(Wrapper):
    def __init__(self, layer, power_iterations=1, **kwargs):
        super().__init__(layer, **kwargs)
    def call(self, inputs, training=False): return self.layer(inputs)
