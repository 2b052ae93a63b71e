"""Operations on tensors, of version 3."""

from keras.activations import log_softmax, softmax
from keras.ops import nn
from keras.ops.nn import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy
