"""The library that lives on as `tf_slim`."""

from tf_slim.losses import *
