"""The inside of the package, which older code imports.

Unverified: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from tf_slim.ops.arg_scope import add_arg_scope, arg_scope, current_arg_scope
from tf_slim.ops import variables
