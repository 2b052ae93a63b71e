"""What is random in training, and the identity otherwise."""

from backprobe.primitives import ambient, like
from keras.engine.base_layer import Layer
from tensorflow.python.framework.ops import Tensor


class Dropout(Layer):
    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
    def call(self, inputs, training=False): return self._ran(like(inputs), ambient("training"), ambient("tape"))


class SpatialDropout1D(Layer):
    def __init__(self, rate, seed=None, name=None, dtype=None):
        super().__init__(name=name)
        self.rate = rate
    def call(self, inputs, training=False): return self._ran(like(inputs), ambient("training"), ambient("tape"))


class SpatialDropout2D(Layer):
    def __init__(self, rate, data_format=None, seed=None, name=None, dtype=None):
        super().__init__(name=name)
        self.rate = rate
    def call(self, inputs, training=False): return self._ran(like(inputs), ambient("training"), ambient("tape"))


class SpatialDropout3D(Layer):
    def __init__(self, rate, data_format=None, seed=None, name=None, dtype=None):
        super().__init__(name=name)
        self.rate = rate
    def call(self, inputs, training=False): return self._ran(like(inputs), ambient("training"), ambient("tape"))


class AlphaDropout(Layer):
    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
    def call(self, inputs, training=False): return self._ran(like(inputs), ambient("training"), ambient("tape"))


class GaussianDropout(Layer):
    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
    def call(self, inputs, training=False): return self._ran(like(inputs), ambient("training"), ambient("tape"))


class GaussianNoise(Layer):
    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev
    def call(self, inputs, training=False): return self._ran(like(inputs), ambient("training"), ambient("tape"))
