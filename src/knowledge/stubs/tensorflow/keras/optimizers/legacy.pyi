"""The same, as part of TensorFlow."""

from keras.optimizers import *
