"""Variables and the scopes that name them."""

from backprobe.primitives import ambient, graph_variables, pop_scope, push_scope, variable
from backprobe.tensors import Plain
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
    def __exit__(self, *exception): pop_scope()


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
def Variable(initial_value=None, trainable=None, collections=None, validate_shape=True, caching_device=None, name=None, variable_def=None,
             dtype=None, expected_shape=None, import_scope=None, constraint=None, use_resource=None, synchronization=..., aggregation=...,
             shape=None):
    return variable((ambient("names") or "") + (name or "Variable"), trainable=trainable is None or trainable, fresh=True)
def trainable_variables(scope=None): return graph_variables(scope)
def global_variables(scope=None): return graph_variables(scope, trainable=None)
def model_variables(scope=None): return graph_variables(scope, trainable=None)
def all_variables(): return graph_variables(trainable=None)
def local_variables(scope=None): return []
def moving_average_variables(scope=None): return graph_variables(scope)


def make_template(name_, func_, create_scope_now_=False, unique_name_=None, custom_getter_=None, **kwargs):
    def templated(*args, **more):
        push_scope(name_, reuse=AUTO_REUSE)
        result = func_(*args, **kwargs, **more)
        pop_scope()
        return result
    return templated
