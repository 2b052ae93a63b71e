"""The same, as TensorFlow kept it.

Unverified: installed in no environment of the tests.
"""

from keras import *
from tensorflow.python.keras import activations, backend, layers, losses, models, optimizers
