"""The layers that live on in `tf_slim`."""

from tf_slim.layers import *
from tf_slim.ops.variables import create_global_step, get_global_step, get_or_create_global_step
