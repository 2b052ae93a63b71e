"""Variables of models."""

from backprobe.primitives import graph_variables
from backprobe.primitives import variable as _variable
from backprobe.tensors import Plain
from tensorflow.python.framework.ops import Tensor
from tensorflow.train import create_global_step, get_global_step, get_or_create_global_step


def variable(name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=True, collections=None, caching_device=None,
             device=None, partitioner=None, custom_getter=None, use_resource=None, synchronization=...,
             aggregation=...): return _variable(name, trainable=trainable)
def model_variable(name, shape=None, dtype=..., initializer=None, regularizer=None, trainable=True, collections=None, caching_device=None,
                   device=None, partitioner=None, custom_getter=None, use_resource=None, synchronization=...,
                   aggregation=...): return _variable(name, trainable=trainable)
def get_variables(scope=None, suffix=None, collection='variables'):
    found = graph_variables(scope, trainable=True if collection == "trainable_variables" else None)
    return found if suffix is None else [held for held in found if held.op.name.endswith(suffix)]
def get_model_variables(scope=None, suffix=None): return get_variables(scope, suffix)
def get_trainable_variables(scope=None, suffix=None): return get_variables(scope, suffix, "trainable_variables")
def get_variables_by_suffix(suffix, scope=None): return get_variables(scope, suffix)
def get_variables_by_name(given_name, scope=None): return get_variables(scope, given_name)
def get_variables_to_restore(include=None, exclude=None): return graph_variables(trainable=None)
def assign_from_checkpoint_fn(model_path, var_list, ignore_missing_vars=False, reshape_variables=False) -> Plain: ...
