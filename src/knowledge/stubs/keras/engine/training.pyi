"""The same under its name in version 2.

Unverified: removed in version 3.
"""

from keras.models import Model
