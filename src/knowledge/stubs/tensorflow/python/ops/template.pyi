"""Functions that share the variables of their first call."""

from backprobe.primitives import pop_scope, push_scope
from tensorflow.python.ops.variable_scope import AUTO_REUSE


def make_template(name_, func_, create_scope_now_=False, unique_name_=None, custom_getter_=None, **kwargs):
    def templated(*args, **more):
        push_scope(name_, reuse=AUTO_REUSE)
        result = func_(*args, **kwargs, **more)
        pop_scope()
        return result
    return templated
