"""The library that lives on as `tf_slim`."""

from tf_slim.learning import *
