"""Layers that make their variables in the current scope, take arguments from arg scopes, and train unless told otherwise."""

from backprobe.primitives import accepts_arg_scope, call, collect, features, like, pop_scope, push_scope, rank, tensor, variable
from backprobe.primitives import layer as weighted
from backprobe.tensors import Same
from tensorflow.nn import relu
from tensorflow.nn import softmax as _softmax
from tensorflow.python.framework.ops import Operation, Tensor, _shaped


# A layer has biases unless their initial value is None.
_ZEROS = "zeros"


def _held(names, biases_initializer, normalizer_fn, trainable):
    """Weights, and biases unless the normalizer has its own."""
    if normalizer_fn is None and biases_initializer is not None:
        names = names + ["biases"]
    return [variable(own, trainable=trainable) for own in names]


def _finished(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections):
    """Normalizer, activation, and the collections in which the result is found again."""
    if normalizer_fn is not None:
        outputs = call(normalizer_fn, [outputs], normalizer_params or {})
    outputs = call(activation_fn, [outputs])
    if outputs_collections is not None:
        collect(outputs_collections, outputs)
    return outputs


def _last(channels, data_format):
    """Size of the last axis, which is that of the channels unless they come first."""
    return None if data_format is not None and data_format.startswith("NC") else channels


def _layer(inputs, default, names, size, axes, activation_fn, normalizer_fn, normalizer_params, biases_initializer, reuse,
           outputs_collections, trainable, scope):
    push_scope(scope, default=default, reuse=reuse)
    held = _held(names, biases_initializer, normalizer_fn, trainable)
    outputs = weighted(inputs, parameters=held, features=size, rank=axes)
    outputs = _finished(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections)
    pop_scope()
    return outputs


def _scaled(inputs, default, center, scale, activation_fn, reuse, outputs_collections, trainable, scope):
    """A normalization with an offset (`beta`) and a factor (`gamma`)."""
    push_scope(scope, default=default, reuse=reuse)
    names = (["beta"] if center else []) + (["gamma"] if scale else [])
    held = [variable(own, trainable=trainable) for own in names]
    outputs = weighted(inputs, parameters=held, features=features(inputs), rank=rank(inputs))
    outputs = _finished(outputs, None, None, activation_fn, outputs_collections)
    pop_scope()
    return outputs


@accepts_arg_scope
def batch_norm(inputs, decay=0.999, center=True, scale=False, epsilon=0.001, activation_fn=None, param_initializers=None,
               param_regularizers=None, updates_collections='update_ops', is_training=True, reuse=None, variables_collections=None,
               outputs_collections=None, trainable=True, batch_weights=None, fused=None, data_format='NHWC', zero_debias_moving_mean=False,
               scope=None, renorm=False, renorm_clipping=None, renorm_decay=0.99, adjustment=None):
    push_scope(scope, default="BatchNorm", reuse=reuse)
    for own in ["moving_mean", "moving_variance"]:
        variable(own, trainable=False, buffer=True)
    if is_training and updates_collections is not None:
        collect(updates_collections, Operation())
    names = (["beta"] if center else []) + (["gamma"] if scale else [])
    held = [variable(own, trainable=trainable) for own in names]
    outputs = weighted(inputs, parameters=held, features=features(inputs), rank=rank(inputs))
    outputs = _finished(outputs, None, None, activation_fn, outputs_collections)
    pop_scope()
    return outputs


@accepts_arg_scope
def dropout(inputs: Same, keep_prob=0.5, noise_shape=None, is_training=True, outputs_collections=None, scope=None, seed=None) -> Same: ...


@accepts_arg_scope
def convolution(inputs, num_outputs, kernel_size, stride=1, padding='SAME', data_format=None, rate=1, activation_fn=relu,
                normalizer_fn=None, normalizer_params=None, weights_initializer=..., weights_regularizer=None, biases_initializer=_ZEROS,
                biases_regularizer=None, reuse=None, variables_collections=None, outputs_collections=None, trainable=True, scope=None,
                conv_dims=None):
    return _layer(inputs, "Conv", ["weights"], _last(num_outputs, data_format), rank(inputs), activation_fn, normalizer_fn,
                  normalizer_params, biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def conv1d(inputs, num_outputs, kernel_size, stride=1, padding='SAME', data_format=None, rate=1, activation_fn=relu, normalizer_fn=None,
           normalizer_params=None, weights_initializer=..., weights_regularizer=None, biases_initializer=_ZEROS, biases_regularizer=None,
           reuse=None, variables_collections=None, outputs_collections=None, trainable=True, scope=None):
    return _layer(inputs, "Conv", ["weights"], _last(num_outputs, data_format), 3, activation_fn, normalizer_fn, normalizer_params,
                  biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def conv2d(inputs, num_outputs, kernel_size, stride=1, padding='SAME', data_format=None, rate=1, activation_fn=relu, normalizer_fn=None,
           normalizer_params=None, weights_initializer=..., weights_regularizer=None, biases_initializer=_ZEROS, biases_regularizer=None,
           reuse=None, variables_collections=None, outputs_collections=None, trainable=True, scope=None):
    return _layer(inputs, "Conv", ["weights"], _last(num_outputs, data_format), 4, activation_fn, normalizer_fn, normalizer_params,
                  biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def conv3d(inputs, num_outputs, kernel_size, stride=1, padding='SAME', data_format=None, rate=1, activation_fn=relu, normalizer_fn=None,
           normalizer_params=None, weights_initializer=..., weights_regularizer=None, biases_initializer=_ZEROS, biases_regularizer=None,
           reuse=None, variables_collections=None, outputs_collections=None, trainable=True, scope=None):
    return _layer(inputs, "Conv", ["weights"], _last(num_outputs, data_format), 5, activation_fn, normalizer_fn, normalizer_params,
                  biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def conv2d_transpose(inputs, num_outputs, kernel_size, stride=1, padding='SAME', data_format='NHWC', activation_fn=relu, normalizer_fn=None,
                     normalizer_params=None, weights_initializer=..., weights_regularizer=None, biases_initializer=_ZEROS,
                     biases_regularizer=None, reuse=None, variables_collections=None, outputs_collections=None, trainable=True, scope=None):
    return _layer(inputs, "Conv2d_transpose", ["weights"], _last(num_outputs, data_format), 4, activation_fn, normalizer_fn,
                  normalizer_params, biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def conv3d_transpose(inputs, num_outputs, kernel_size, stride=1, padding='SAME', data_format='NDHWC', activation_fn=relu,
                     normalizer_fn=None, normalizer_params=None, weights_initializer=..., weights_regularizer=None,
                     biases_initializer=_ZEROS,
                     biases_regularizer=None, reuse=None, variables_collections=None, outputs_collections=None, trainable=True, scope=None):
    return _layer(inputs, "Conv3d_transpose", ["weights"], _last(num_outputs, data_format), 5, activation_fn, normalizer_fn,
                  normalizer_params, biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def separable_conv2d(inputs, num_outputs, kernel_size, depth_multiplier=1, stride=1, padding='SAME', data_format='NHWC', rate=1,
                     activation_fn=relu, normalizer_fn=None, normalizer_params=None, weights_initializer=..., pointwise_initializer=None,
                     weights_regularizer=None, biases_initializer=_ZEROS, biases_regularizer=None, reuse=None, variables_collections=None,
                     outputs_collections=None, trainable=True, scope=None):
    return _layer(inputs, "SeparableConv2d", ["depthwise_weights", "pointwise_weights"], _last(num_outputs, data_format), 4, activation_fn,
                  normalizer_fn, normalizer_params, biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def conv2d_in_plane(inputs, kernel_size, stride=1, padding='SAME', activation_fn=relu, normalizer_fn=None, normalizer_params=None,
                    weights_initializer=..., weights_regularizer=None, biases_initializer=_ZEROS, biases_regularizer=None, reuse=None,
                    variables_collections=None, outputs_collections=None, trainable=True, scope=None):
    return _layer(inputs, "ConvInPlane", ["weights"], features(inputs), 4, activation_fn, normalizer_fn, normalizer_params,
                  biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def fully_connected(inputs, num_outputs, activation_fn=relu, normalizer_fn=None, normalizer_params=None, weights_initializer=...,
                    weights_regularizer=None, biases_initializer=_ZEROS, biases_regularizer=None, reuse=None, variables_collections=None,
                    outputs_collections=None, trainable=True, scope=None):
    return _layer(inputs, "fully_connected", ["weights"], num_outputs, rank(inputs), activation_fn, normalizer_fn, normalizer_params,
                  biases_initializer, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def layer_norm(inputs, center=True, scale=True, activation_fn=None, reuse=None, variables_collections=None, outputs_collections=None,
               trainable=True, begin_norm_axis=1, begin_params_axis=-1, scope=None):
    return _scaled(inputs, "LayerNorm", center, scale, activation_fn, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def bias_add(inputs, activation_fn=None, initializer=..., regularizer=None, reuse=None, variables_collections=None,
             outputs_collections=None, trainable=True, data_format='NHWC', scope=None):
    return _scaled(inputs, "BiasAdd", True, False, activation_fn, reuse, outputs_collections, trainable, scope)


@accepts_arg_scope
def max_pool2d(inputs, kernel_size, stride=2, padding='VALID', data_format='NHWC', outputs_collections=None,
               scope=None): return _finished(_shaped(inputs), None, None, None, outputs_collections)
@accepts_arg_scope
def max_pool3d(inputs, kernel_size, stride=2, padding='VALID', data_format='NDHWC', outputs_collections=None,
               scope=None): return _finished(_shaped(inputs), None, None, None, outputs_collections)
@accepts_arg_scope
def avg_pool2d(inputs, kernel_size, stride=2, padding='VALID', data_format='NHWC', outputs_collections=None,
               scope=None): return _finished(_shaped(inputs), None, None, None, outputs_collections)
@accepts_arg_scope
def avg_pool3d(inputs, kernel_size, stride=2, padding='VALID', data_format='NDHWC', outputs_collections=None,
               scope=None): return _finished(_shaped(inputs), None, None, None, outputs_collections)
@accepts_arg_scope
def pool(inputs, kernel_size, pooling_type, padding='VALID', data_format=None, dilation_rate=1, stride=1, outputs_collections=None,
         scope=None): return _finished(_shaped(inputs), None, None, None, outputs_collections)
@accepts_arg_scope
def flatten(inputs, outputs_collections=None, scope=None): return _finished(tensor(inputs, rank=2), None, None, None, outputs_collections)
@accepts_arg_scope
def softmax(logits, scope=None): return _softmax(logits)
@accepts_arg_scope
def one_hot_encoding(labels, num_classes, on_value=1.0, off_value=0.0, outputs_collections=None,
                     scope=None): return tensor(features=num_classes)
@accepts_arg_scope
def unit_norm(inputs: Same, dim, epsilon=1e-07, scope=None) -> Same: ...
@accepts_arg_scope
def maxout(inputs, num_units, axis=-1, scope=None): return tensor(inputs, features=num_units, rank=rank(inputs))
def spatial_softmax(features, temperature=None, name=None, variables_collections=None, trainable=True, data_format='NHWC') -> Tensor: ...
def scale_gradient(inputs, gradient_multiplier): return like(inputs)


def repeat(inputs, repetitions, layer, *args, **kwargs):
    scope = kwargs.get("scope")
    push_scope(scope, default="Repeat")
    own = scope if scope is not None else layer.__name__
    for number in range(repetitions):
        inputs = call(layer, [inputs] + list(args), {**kwargs, "scope": own + "_" + str(number + 1)})
    pop_scope()
    return inputs


def stack(inputs, layer, stack_args, **kwargs):
    scope = kwargs.get("scope")
    push_scope(scope, default="Stack")
    own = scope if scope is not None else layer.__name__
    for number, given in enumerate(stack_args):
        positional = list(given) if isinstance(given, (list, tuple)) else [given]
        inputs = call(layer, [inputs] + positional, {**kwargs, "scope": own + "_" + str(number + 1)})
    pop_scope()
    return inputs


# Fully connected, with the activation in the name.

def linear(inputs, num_outputs, *, activation_fn=None, normalizer_fn=None, normalizer_params=None, weights_initializer=...,
           weights_regularizer=None, biases_initializer=_ZEROS, biases_regularizer=None, reuse=None, variables_collections=None,
           outputs_collections=None, trainable=True, scope=None):
    return fully_connected(inputs, num_outputs, activation_fn, normalizer_fn, normalizer_params, biases_initializer=biases_initializer,
                           reuse=reuse, outputs_collections=outputs_collections, trainable=trainable, scope=scope)


# Older names.

convolution1d = conv1d
convolution2d = conv2d
convolution3d = conv3d
convolution2d_in_plane = conv2d_in_plane
convolution2d_transpose = conv2d_transpose
convolution3d_transpose = conv3d_transpose
separable_convolution2d = separable_conv2d
