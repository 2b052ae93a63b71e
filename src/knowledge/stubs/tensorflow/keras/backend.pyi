"""The same, as part of TensorFlow."""

from keras.backend import *
