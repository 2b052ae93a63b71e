"""Normalization over one example."""

from backprobe.primitives import accepts_arg_scope
from tensorflow.python.framework.ops import Tensor
from tf_slim.layers.layers import _scaled


@accepts_arg_scope
def instance_norm(inputs, center=True, scale=True, epsilon=1e-06, activation_fn=None, param_initializers=None, reuse=None,
                  variables_collections=None, outputs_collections=None, trainable=True, data_format='NHWC', scope=None):
    return _scaled(inputs, "InstanceNorm", center, scale, activation_fn, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def group_norm(inputs, groups=32, channels_axis=-1, reduction_axes=(-3, -2), center=True, scale=True, epsilon=1e-06, activation_fn=None,
               param_initializers=None, reuse=None, variables_collections=None, outputs_collections=None, trainable=True, scope=None,
               mean_close_to_zero=False):
    return _scaled(inputs, "GroupNorm", center, scale, activation_fn, reuse, outputs_collections, trainable, scope)
