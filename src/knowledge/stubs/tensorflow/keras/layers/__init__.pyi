"""The same, as part of TensorFlow."""

from keras.layers import *
