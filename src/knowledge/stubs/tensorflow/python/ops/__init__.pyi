"""Operations."""

from tensorflow.python.ops import variable_scope
