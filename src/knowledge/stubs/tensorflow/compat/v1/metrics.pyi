"""The same module under its name in version 2."""

from tensorflow.metrics import *
