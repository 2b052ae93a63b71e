"""The same, as part of TensorFlow."""

from keras.activations import *
