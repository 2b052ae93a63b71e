"""The inside of the package, which older code imports."""

from tf_slim.ops.arg_scope import add_arg_scope, arg_scope, current_arg_scope
from tf_slim.ops import variables
