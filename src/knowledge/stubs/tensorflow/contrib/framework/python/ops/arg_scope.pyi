"""The inside of the package, which older code imports."""

from tf_slim.ops.arg_scope import *
