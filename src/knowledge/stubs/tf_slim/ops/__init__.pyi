"""Arg scopes and variables."""

from tf_slim.ops import arg_scope, variables
