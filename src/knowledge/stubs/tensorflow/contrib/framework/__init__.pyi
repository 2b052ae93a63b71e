"""Arg scopes and variables, as in `tf_slim`."""

from tf_slim.ops.arg_scope import add_arg_scope, arg_scope, current_arg_scope, has_arg_scope
from tf_slim.ops.variables import *
