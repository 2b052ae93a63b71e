"""The library that lives on as `tf_slim`."""

from tf_slim import *
from tf_slim import layers, learning, losses, ops, summaries, training
