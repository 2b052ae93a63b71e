"""Rows of a table, by number."""

from backprobe.primitives import layer, parameter
from keras.engine.base_layer import Layer
from tensorflow.python.framework.ops import Tensor


class Embedding(Layer):
    def __init__(self, input_dim, output_dim, embeddings_initializer='uniform', embeddings_regularizer=None, embeddings_constraint=None,
                 mask_zero=False, weights=None, lora_rank=None, lora_alpha=None, quantization_config=None, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dim
        self.embeddings = parameter(self._trainable)
    def call(self, inputs): return layer(inputs, parameters=[self.embeddings], features=self.output_dim, axis=-1)
