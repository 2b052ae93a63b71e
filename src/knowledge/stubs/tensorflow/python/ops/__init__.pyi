"""Operations."""

from tensorflow.python.ops import template, variable_scope, variables
