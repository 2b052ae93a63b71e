"""What changes images before the network sees them."""

from keras.engine.base_layer import Layer
from tensorflow.python.framework.ops import Tensor, _shaped


class RandomFlip(Layer):
    def __init__(self, mode='horizontal_and_vertical', seed=None, data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)


class RandomRotation(Layer):
    def __init__(self, factor, fill_mode='reflect', interpolation='bilinear', seed=None, fill_value=0.0, data_format=None,
                 **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)


class RandomZoom(Layer):
    def __init__(self, height_factor, width_factor=None, fill_mode='reflect', interpolation='bilinear', seed=None, fill_value=0.0,
                 data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)


class RandomCrop(Layer):
    def __init__(self, height, width, seed=None, data_format=None, name=None, **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)


class RandomContrast(Layer):
    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)


class RandomTranslation(Layer):
    def __init__(self, height_factor, width_factor, fill_mode='reflect', interpolation='bilinear', seed=None, fill_value=0.0,
                 data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)


class RandomBrightness(Layer):
    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)


class Resizing(Layer):
    def __init__(self, height, width, interpolation='bilinear', crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, fill_mode='constant',
                 fill_value=0.0, antialias=False, data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)


class CenterCrop(Layer):
    def __init__(self, height, width, data_format=None, **kwargs): super().__init__(**kwargs)
    def call(self, data, training=True): return _shaped(data)
