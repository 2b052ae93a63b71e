"""Several tensors become one."""

from backprobe.primitives import features, rank, tensor
from keras.engine.base_layer import Layer
from tensorflow.python.framework.ops import Tensor


def _merged(inputs):
    """One tensor of several: features that all of them have, since smaller ones are broadcast."""
    if not isinstance(inputs, (list, tuple)):
        return tensor(inputs)
    size = features(inputs[0])
    for other in inputs:
        if features(other) != size:
            size = None
    return tensor(inputs, features=size, rank=rank(inputs[0]))


class Add(Layer):
    def __init__(self, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _merged(inputs)


class Subtract(Layer):
    def __init__(self, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _merged(inputs)


class Multiply(Layer):
    def __init__(self, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _merged(inputs)


class Average(Layer):
    def __init__(self, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _merged(inputs)


class Maximum(Layer):
    def __init__(self, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _merged(inputs)


class Minimum(Layer):
    def __init__(self, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _merged(inputs)


class Concatenate(Layer):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis
    def call(self, inputs): return tensor(inputs)


class Dot(Layer):
    def __init__(self, axes, normalize=False, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return tensor(inputs)


def add(inputs, **kwargs): return _merged(inputs)
def subtract(inputs, **kwargs): return _merged(inputs)
def multiply(inputs, **kwargs): return _merged(inputs)
def average(inputs, **kwargs): return _merged(inputs)
def maximum(inputs, **kwargs): return _merged(inputs)
def minimum(inputs, **kwargs): return _merged(inputs)
def concatenate(inputs, axis=-1, **kwargs): return tensor(inputs)
def dot(inputs, axes=-1, **kwargs): return tensor(inputs)
