"""Variables and the scopes that name them."""

from backprobe.primitives import ambient, pop_scope, push_scope, variable
from tensorflow.python.framework.ops import Tensor

# Variables are made or found, as they are asked for.
AUTO_REUSE = "auto"


class variable_scope:
    def __init__(self, name_or_scope, default_name=None, values=None, initializer=None, regularizer=None, caching_device=None,
                 partitioner=None, custom_getter=None, reuse=None, dtype=None, use_resource=None, constraint=None,
                 auxiliary_name_scope=True):
        self.name_or_scope = name_or_scope
        self.default_name = default_name
        self.reuse = reuse
    def __enter__(self): return push_scope(self.name_or_scope, default=self.default_name, reuse=self.reuse)
    def __exit__(self, type_arg, value_arg, traceback_arg): pop_scope()


def variable_op_scope(values, name_or_scope, default_name=None, initializer=None, regularizer=None, caching_device=None, partitioner=None,
                      custom_getter=None, reuse=None, dtype=None, use_resource=None,
                      constraint=None): return variable_scope(name_or_scope, default_name, reuse=reuse)
def get_variable_scope(): return ambient("scope")
def get_variable(name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=None, collections=None, caching_device=None,
                 partitioner=None, validate_shape=True, use_resource=None, custom_getter=None, constraint=None, synchronization=...,
                 aggregation=...): return variable(name, trainable=trainable is None or trainable)
def get_local_variable(name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=False, collections=None,
                       caching_device=None, partitioner=None, validate_shape=True, use_resource=None, custom_getter=None, constraint=None,
                       synchronization=..., aggregation=...): return variable(name, trainable=False)
