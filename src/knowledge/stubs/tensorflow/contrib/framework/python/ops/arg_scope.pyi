"""The inside of the package, which older code imports.

Unverified: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from tf_slim.ops.arg_scope import *
