"""Keras 3, with the names of version 2 where they lived on for long.

Unverified: engine: removed in version 3.
"""

from keras import activations, backend, engine, layers, losses, models, ops, optimizers
from keras.engine.base_layer import InputSpec, Layer
from keras.layers.core import Input
from keras.losses import Loss
from keras.models import Model, Sequential
from keras.optimizers import Optimizer
