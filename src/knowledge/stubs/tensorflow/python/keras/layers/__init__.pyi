"""The same, as TensorFlow kept it.

Unverified: installed in no environment of the tests.
"""

from keras.layers import *
