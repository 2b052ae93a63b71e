"""The inside of the package, which older code imports."""

from tensorflow.contrib.framework.python import ops
