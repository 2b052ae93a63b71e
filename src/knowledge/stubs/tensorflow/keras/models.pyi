"""The same, as part of TensorFlow."""

from keras.models import *
