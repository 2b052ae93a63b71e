"""The layers that live on in `tf_slim`.

Unverified: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from tf_slim.layers import *
from tf_slim.ops.variables import create_global_step, get_global_step, get_or_create_global_step
