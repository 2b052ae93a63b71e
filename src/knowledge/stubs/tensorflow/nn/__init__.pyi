"""Operations of networks: activations, products with given weights, losses of logits."""

from backprobe.primitives import call, cut, draws_random, like, pop_scope, push_scope, tensor
from backprobe.primitives import features as size
from backprobe.primitives import rank as axes
from backprobe.tensors import ClassIndex, Logits, Loss, Probabilities, Same
from tensorflow.nn import rnn_cell
from tensorflow.python.framework.ops import Tensor, _shaped

def relu(features, name=None): return _shaped(features)
def relu6(features, name=None): return _shaped(features)
def elu(features, name=None): return _shaped(features)
def selu(features, name=None): return _shaped(features)
def leaky_relu(features, alpha=0.2, name=None): return _shaped(features)
def softplus(features, name=None): return _shaped(features)
def softsign(features, name=None): return _shaped(features)
def swish(features, beta=1.0): return _shaped(features)
def silu(features, beta=1.0): return _shaped(features)
def crelu(features, name=None, axis=-1): return tensor(features, rank=axes(features))
def tanh(x, name=None): return _shaped(x)
def sigmoid(x, name=None): return like(x, scale="probabilities")
def softmax(logits, axis=None, name=None, dim=None): return like(logits, scale="probabilities")
def log_softmax(logits, axis=None, name=None, dim=None): return like(logits, scale="log_probabilities")


# Products with weights that are given.

def conv1d(value=None, filters=None, stride=None, padding=None, use_cudnn_on_gpu=None, data_format=None, name=None, input=None,
           dilations=None): return tensor(value, input, filters, rank=3)
def conv2d(input, filter=None, strides=None, padding=None, use_cudnn_on_gpu=True, data_format='NHWC', dilations=[1, 1, 1, 1], name=None,
           filters=None): return tensor(input, filter, filters, rank=4)
def conv3d(input, filter=None, strides=None, padding=None, data_format='NDHWC', dilations=[1, 1, 1, 1, 1], name=None,
           filters=None): return tensor(input, filter, filters, rank=5)
def conv2d_transpose(value=None, filter=None, output_shape=None, strides=None, padding='SAME', data_format='NHWC', name=None, input=None,
                     filters=None, dilations=None): return tensor(value, input, filter, filters, rank=4)
def conv3d_transpose(value, filter=None, output_shape=None, strides=None, padding='SAME', data_format='NDHWC', name=None, input=None,
                     filters=None, dilations=None): return tensor(value, input, filter, filters, rank=5)
def depthwise_conv2d(input, filter, strides, padding, rate=None, name=None, data_format=None,
                     dilations=None): return tensor(input, filter, rank=4)
def separable_conv2d(input, depthwise_filter, pointwise_filter, strides, padding, rate=None, name=None, data_format=None,
                     dilations=None): return tensor(input, depthwise_filter, pointwise_filter, rank=4)
def atrous_conv2d(value, filters, rate, padding, name=None): return tensor(value, filters, rank=4)
def convolution(input, filter, padding, strides=None, dilation_rate=None, name=None, data_format=None, filters=None,
                dilations=None): return tensor(input, filter, filters, rank=axes(input))
def bias_add(value, bias, data_format=None, name=None): return _shaped(value, bias)
def xw_plus_b(x, weights, biases, name=None): return tensor(x, weights, biases, rank=2)
def relu_layer(x, weights, biases, name=None): return tensor(x, weights, biases, rank=2)
def embedding_lookup(params, ids, partition_strategy='mod', name=None, validate_indices=True, max_norm=None): return tensor(params, ids)


# Pooling, normalization, dropout.

def max_pool(value, ksize, strides, padding, data_format='NHWC', name=None, input=None): return _shaped(value, input)
def avg_pool(value, ksize, strides, padding, data_format='NHWC', name=None, input=None): return _shaped(value, input)
def max_pool2d(input, ksize, strides, padding, data_format='NHWC', name=None): return _shaped(input)
def max_pool3d(input, ksize, strides, padding, data_format='NDHWC', name=None): return _shaped(input)
def avg_pool3d(input, ksize, strides, padding, data_format='NDHWC', name=None): return _shaped(input)
def pool(input, window_shape, pooling_type, padding, dilation_rate=None, strides=None, name=None, data_format=None,
         dilations=None): return _shaped(input)
def moments(x, axes, shift=None, name=None, keep_dims=None, keepdims=None): return tensor(x), tensor(x)
def batch_normalization(x, mean, variance, offset, scale, variance_epsilon, name=None): return _shaped(x, mean, variance, offset, scale)
def fused_batch_norm(x, scale, offset, mean=None, variance=None, epsilon=0.001, data_format='NHWC', is_training=True, name=None,
                     exponential_avg_factor=1.0): return _shaped(x, scale, offset), tensor(x), tensor(x)
def lrn(input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None): return _shaped(input)
def local_response_normalization(input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None): return _shaped(input)
def l2_normalize(x, axis=None, epsilon=1e-12, name=None, dim=None): return _shaped(x)
@draws_random
def dropout(x: Same, keep_prob=None, noise_shape=None, seed=None, name=None, rate=None) -> Same: ...


# Losses.

def softmax_cross_entropy_with_logits(labels=None, logits: Logits = None, dim=-1, name=None, axis=None) -> Loss: ...
def softmax_cross_entropy_with_logits_v2(labels, logits: Logits, axis=None, name=None, dim=None) -> Loss: ...
def sparse_softmax_cross_entropy_with_logits(labels: ClassIndex = None, logits: Logits = None, name=None) -> Loss: ...
def sigmoid_cross_entropy_with_logits(labels=None, logits: Logits = None, name=None) -> Loss: ...
def weighted_cross_entropy_with_logits(labels=None, logits: Logits = None, pos_weight=None, name=None, targets=None) -> Loss: ...
def l2_loss(t, name=None) -> Loss: ...
def nce_loss(weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None, remove_accidental_hits=False,
             partition_strategy='mod', name='nce_loss') -> Loss: ...
def sampled_softmax_loss(weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None,
                         remove_accidental_hits=True, partition_strategy='mod', name='sampled_softmax_loss', seed=None) -> Loss: ...
def log_poisson_loss(targets, log_input, compute_full_loss=False, name=None) -> Loss: ...
def ctc_loss(labels, inputs=None, sequence_length=None, preprocess_collapse_repeated=False, ctc_merge_repeated=True,
             ignore_longer_outputs_than_inputs=False, time_major=True, logits=None) -> Loss: ...


# Where the gradient ends.

def in_top_k(predictions, targets, k, name=None): return cut(tensor(predictions), "integer")
def top_k(input, k=1, sorted=True, name=None): return tensor(input), cut(tensor(input), "argmax")
def zero_fraction(value, name=None): return cut(tensor(value), "integer")


# Recurrent networks: what one call of the cell makes stands for all.

def dynamic_rnn(cell, inputs, sequence_length=None, initial_state=None, dtype=None, parallel_iterations=None, swap_memory=False,
                time_major=False, scope=None):
    push_scope(scope, default="rnn")
    output, state = cell(inputs, initial_state)
    pop_scope()
    return output, state
def static_rnn(cell, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
    push_scope(scope, default="rnn")
    output, state = cell(tensor(inputs), initial_state)
    pop_scope()
    return [output for _ in inputs], state
def bidirectional_dynamic_rnn(cell_fw, cell_bw, inputs, sequence_length=None, initial_state_fw=None, initial_state_bw=None, dtype=None,
                              parallel_iterations=None, swap_memory=False, time_major=False, scope=None):
    push_scope(scope, default="bidirectional_rnn")
    forward, forward_state = dynamic_rnn(cell_fw, inputs, scope="fw")
    backward, backward_state = dynamic_rnn(cell_bw, inputs, scope="bw")
    pop_scope()
    return (forward, backward), (forward_state, backward_state)
