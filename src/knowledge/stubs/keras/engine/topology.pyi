"""The same under its name in version 2.

Unverified: removed in version 3.
"""

from keras.engine.base_layer import InputSpec, Layer
from keras.layers.core import Input, InputLayer
