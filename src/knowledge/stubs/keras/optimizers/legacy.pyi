"""The same under the names of versions 2.11 to 2.15.

Unverified: removed in version 3.
"""

from keras.optimizers import *
