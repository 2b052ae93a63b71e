"""The same, as part of TensorFlow."""

from keras import *
from tensorflow.keras import activations, backend, layers, losses, models, optimizers
