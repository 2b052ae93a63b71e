"""The same, under the name that groups them."""

from backprobe.primitives import tensor
from keras.activations import log_softmax, softmax
from keras.losses import (
    categorical_crossentropy as _categorical_crossentropy, sparse_categorical_crossentropy as _sparse_categorical_crossentropy)
from tensorflow.python.framework.ops import Tensor


def binary_crossentropy(target, output, from_logits=False): return tensor(target, output, scale="loss")
def categorical_crossentropy(target, output, from_logits=False, axis=-1): return _categorical_crossentropy(target, output, from_logits, axis=axis)
def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    return _sparse_categorical_crossentropy(target, output, from_logits, axis=axis)
