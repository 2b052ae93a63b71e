"""The same, as part of TensorFlow."""

from keras.losses import *
