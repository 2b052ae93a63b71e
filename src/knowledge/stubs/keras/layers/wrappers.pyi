"""The same under its name in version 2."""

from keras.layers.core import Wrapper
from keras.layers.recurrent import Bidirectional, TimeDistributed
