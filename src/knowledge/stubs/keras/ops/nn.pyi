"""The same, under the name that groups them."""

from keras.activations import log_softmax, softmax
