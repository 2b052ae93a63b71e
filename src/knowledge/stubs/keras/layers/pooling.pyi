"""Pooling."""

from backprobe.primitives import features, rank, tensor
from keras.engine.base_layer import Layer
from tensorflow.python.framework.ops import Tensor, _shaped


class MaxPooling1D(Layer):
    def __init__(self, pool_size=2, strides=None, padding='valid', data_format=None, name=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class MaxPooling2D(Layer):
    def __init__(self, pool_size=(2, 2), strides=None, padding='valid', data_format=None, name=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class MaxPooling3D(Layer):
    def __init__(self, pool_size=(2, 2, 2), strides=None, padding='valid', data_format=None, name=None,
                 **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class AveragePooling1D(Layer):
    def __init__(self, pool_size, strides=None, padding='valid', data_format=None, name=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class AveragePooling2D(Layer):
    def __init__(self, pool_size, strides=None, padding='valid', data_format=None, name=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class AveragePooling3D(Layer):
    def __init__(self, pool_size, strides=None, padding='valid', data_format=None, name=None, **kwargs): super().__init__(**kwargs)
    def call(self, inputs): return _shaped(inputs)


class GlobalMaxPooling1D(Layer):
    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.keepdims = keepdims
    def call(self, inputs): return tensor(inputs, features=features(inputs), rank=rank(inputs) if self.keepdims else 2)


class GlobalMaxPooling2D(Layer):
    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.keepdims = keepdims
    def call(self, inputs): return tensor(inputs, features=features(inputs), rank=rank(inputs) if self.keepdims else 2)


class GlobalMaxPooling3D(Layer):
    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.keepdims = keepdims
    def call(self, inputs): return tensor(inputs, features=features(inputs), rank=rank(inputs) if self.keepdims else 2)


class GlobalAveragePooling1D(Layer):
    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.keepdims = keepdims
    def call(self, inputs, mask=None): return tensor(inputs, features=features(inputs), rank=rank(inputs) if self.keepdims else 2)


class GlobalAveragePooling2D(Layer):
    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.keepdims = keepdims
    def call(self, inputs): return tensor(inputs, features=features(inputs), rank=rank(inputs) if self.keepdims else 2)


class GlobalAveragePooling3D(Layer):
    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.keepdims = keepdims
    def call(self, inputs): return tensor(inputs, features=features(inputs), rank=rank(inputs) if self.keepdims else 2)


MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
MaxPool3D = MaxPooling3D
AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
AvgPool3D = AveragePooling3D
GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
