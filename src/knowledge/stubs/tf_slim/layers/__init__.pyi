"""Layers, regularizers, initial values."""

from tf_slim.layers import initializers, layers, normalization, optimizers, regularizers, utils
from tf_slim.layers.initializers import *
from tf_slim.layers.layers import *
from tf_slim.layers.normalization import *
from tf_slim.layers.optimizers import *
from tf_slim.layers.regularizers import *
