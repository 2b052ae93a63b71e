"""Activations: functions, or names of functions."""

from backprobe.primitives import call, like
from tensorflow.nn import softmax as graph_softmax
from tensorflow.python.framework.ops import Tensor, _shaped


def elu(x, alpha=1.0): return _shaped(x)
def exponential(x): return _shaped(x)
def gelu(x, approximate=False): return _shaped(x)
def hard_sigmoid(x): return _shaped(x)
def leaky_relu(x, negative_slope=0.2): return _shaped(x)
def linear(x): return x
def log_softmax(x, axis=-1): return like(x, scale="log_probabilities")
def mish(x): return _shaped(x)
def relu(x, negative_slope=0.0, max_value=None, threshold=0.0): return _shaped(x)
def relu6(x): return _shaped(x)
def selu(x): return _shaped(x)
def sigmoid(x): return like(x, scale="probabilities")
def silu(x): return _shaped(x)
def softmax(x, axis=-1): return like(x, scale="probabilities")
def softplus(x): return _shaped(x)
def softsign(x): return _shaped(x)
def tanh(x): return _shaped(x)
swish = silu


def _activated(activation, output):
    """The output of a layer after its activation."""
    if activation is None or activation == "linear":
        return output
    if activation == "softmax" or activation == "sigmoid":
        return like(output, scale="probabilities")
    if isinstance(activation, str):
        return _shaped(output)
    if activation is softmax or activation is graph_softmax:
        return like(output, scale="probabilities")
    return call(activation, [output])
