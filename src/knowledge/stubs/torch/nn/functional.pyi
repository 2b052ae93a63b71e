"""Layers and losses as functions."""

from backprobe.primitives import cut, draws_random, features, in_place, like, rank, tensor
from backprobe.tensors import ClassIndex, LogProbabilities, Logits, Loss, Mask, Probabilities, Same
from torch._tensor import Tensor, _shaped


# Functions that draw at random unless they are told that training is over. The default `training=True` of dropout and its kin is there
# since version 0.4; it was False before.

@draws_random
def dropout(input: Same, p=0.5, training=True, inplace=False) -> Same: ...
@draws_random
def dropout1d(input: Same, p=0.5, training=True, inplace=False) -> Same: ...
@draws_random
def dropout2d(input: Same, p=0.5, training=True, inplace=False) -> Same: ...
@draws_random
def dropout3d(input: Same, p=0.5, training=True, inplace=False) -> Same: ...
@draws_random
def alpha_dropout(input: Same, p=0.5, training=False, inplace=False) -> Same: ...
@draws_random
def feature_alpha_dropout(input: Same, p=0.5, training=False, inplace=False) -> Same: ...
@draws_random
def rrelu(input: Same, lower=0.125, upper=0.3333333333333333, training=False, inplace=False) -> Same: ...


# Normalisation.

def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05):
    return tensor(input, weight, bias, features=features(input), rank=rank(input))
def instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05):
    return tensor(input, weight, bias, features=features(input), rank=rank(input))
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05):
    return tensor(input, weight, bias, features=features(input), rank=rank(input))
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-05):
    return tensor(input, weight, bias, features=features(input), rank=rank(input))
def rms_norm(input, normalized_shape, weight=None, eps=None):
    return tensor(input, weight, features=features(input), rank=rank(input))
def local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0): return _shaped(input)
def normalize(input, p=2.0, dim=1, eps=1e-12, out=None): return _shaped(input)


# Products.

def linear(input, weight, bias=None): return tensor(input, weight, bias, rank=rank(input))
def bilinear(input1, input2, weight, bias=None): return tensor(input1, input2, weight, bias, rank=rank(input1))
def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1): return tensor(input, weight, bias, rank=3)
def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1): return tensor(input, weight, bias, rank=4)
def conv3d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1): return tensor(input, weight, bias, rank=5)
def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    return tensor(input, weight, bias, rank=3)
def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    return tensor(input, weight, bias, rank=4)
def conv_transpose3d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    return tensor(input, weight, bias, rank=5)
def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False,
              sparse=False): return tensor(input, weight)
def embedding_bag(input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', sparse=False,
                  per_sample_weights=None, include_last_offset=False,
                  padding_idx=None): return tensor(input, weight, per_sample_weights, rank=2)
def one_hot(tensor, num_classes=-1): return cut(like(tensor), "integer")
def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    return tensor(query, key, value, features=features(value), rank=rank(query))


# Pooling, resizing and padding: channels and rank stay.

def max_pool1d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    return _pooled(input, return_indices)
def max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    return _pooled(input, return_indices)
def max_pool3d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    return _pooled(input, return_indices)
def adaptive_max_pool1d(input, output_size, return_indices=False): return _pooled(input, return_indices)
def adaptive_max_pool2d(input, output_size, return_indices=False): return _pooled(input, return_indices)
def adaptive_max_pool3d(input, output_size, return_indices=False): return _pooled(input, return_indices)
def avg_pool1d(input, kernel_size, stride=(), padding=0, ceil_mode=False, count_include_pad=True): return _shaped(input)
def avg_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None):
    return _shaped(input)
def avg_pool3d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None):
    return _shaped(input)
def adaptive_avg_pool1d(input, output_size): return _shaped(input)
def adaptive_avg_pool2d(input, output_size): return _shaped(input)
def adaptive_avg_pool3d(input, output_size): return _shaped(input)
def lp_pool1d(input, norm_type, kernel_size, stride=None, ceil_mode=False): return _shaped(input)
def lp_pool2d(input, norm_type, kernel_size, stride=None, ceil_mode=False): return _shaped(input)
def interpolate(input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None,
                antialias=False): return _shaped(input)
def upsample(input, size=None, scale_factor=None, mode='nearest', align_corners=None): return _shaped(input)
def pad(input, pad, mode='constant', value=None): return tensor(input, rank=rank(input))
def pixel_shuffle(input, upscale_factor): return tensor(input, rank=rank(input))
def pixel_unshuffle(input, downscale_factor): return tensor(input, rank=rank(input))
def grid_sample(input, grid, mode='bilinear', padding_mode='zeros',
                align_corners=None): return tensor(input, grid, features=features(input), rank=rank(input))
def affine_grid(theta, size, align_corners=None) -> Tensor: ...
def unfold(input, kernel_size, dilation=1, padding=0, stride=1) -> Tensor: ...
def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1) -> Tensor: ...
def _pooled(input, return_indices):
    if return_indices:
        return _shaped(input), cut(_shaped(input), "argmax")
    return _shaped(input)


# Activations: features and rank stay, the scale does not.

def relu(input, inplace=False): return _shaped(input)
def relu6(input, inplace=False): return _shaped(input)
def leaky_relu(input, negative_slope=0.01, inplace=False): return _shaped(input)
def elu(input, alpha=1.0, inplace=False): return _shaped(input)
def celu(input, alpha=1.0, inplace=False): return _shaped(input)
def selu(input, inplace=False): return _shaped(input)
def silu(input, inplace=False): return _shaped(input)
def mish(input, inplace=False): return _shaped(input)
def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False): return _shaped(input)
def hardswish(input, inplace=False): return _shaped(input)
def softsign(input): return _shaped(input)
def tanhshrink(input): return _shaped(input)
def tanh(input): return _shaped(input)
def threshold(input, threshold, value, inplace=False): return _shaped(input)
def gelu(input, approximate='none'): return _shaped(input)
def softplus(input, beta=1, threshold=20): return _shaped(input)
def softshrink(input, lambd=0.5): return _shaped(input)
def hardshrink(input, lambd=0.5, *, out=None): return _shaped(input)
def logsigmoid(input): return like(input, scale="log_probabilities")
def prelu(input, weight): return tensor(input, weight, features=features(input), rank=rank(input))
def glu(input, dim=-1): return tensor(input, rank=rank(input))
@in_place
def relu_(input): return input
@in_place
def leaky_relu_(input, negative_slope=0.01): return input
@in_place
def elu_(input, alpha=1.0): return input
def sigmoid(input): return like(input, scale="probabilities")
def hardsigmoid(input, inplace=False): return like(input, scale="probabilities")
def softmax(input, dim=None, _stacklevel=3, dtype=None): return like(input, scale="probabilities")
def softmin(input, dim=None, _stacklevel=3, dtype=None): return like(input, scale="probabilities")
def log_softmax(input, dim=None, _stacklevel=3, dtype=None): return like(input, scale="log_probabilities")
@draws_random
def gumbel_softmax(logits: Logits, tau=1, hard=False, eps=1e-10, dim=-1): return like(logits, scale="probabilities")


# Losses: an annotation states the scale that is expected.

def cross_entropy(input: Logits, target: ClassIndex, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean',
                  label_smoothing=0.0) -> Loss: ...
def nll_loss(input: LogProbabilities, target: ClassIndex, weight=None, size_average=None, ignore_index=-100, reduce=None,
             reduction='mean') -> Loss: ...
def binary_cross_entropy(input: Probabilities, target, weight=None, size_average=None, reduce=None, reduction='mean') -> Loss: ...
def binary_cross_entropy_with_logits(input: Logits, target, weight=None, size_average=None, reduce=None, reduction='mean',
                                     pos_weight=None) -> Loss: ...
def kl_div(input: LogProbabilities, target, size_average=None, reduce=None, reduction='mean', log_target=False) -> Loss: ...
def multi_margin_loss(input, target: ClassIndex, p=1, margin=1.0, weight=None, size_average=None, reduce=None,
                      reduction='mean') -> Loss: ...
def multilabel_soft_margin_loss(input: Logits, target, weight=None, size_average=None, reduce=None, reduction='mean') -> Loss: ...
def ctc_loss(log_probs: LogProbabilities, targets, input_lengths, target_lengths, blank=0, reduction='mean',
             zero_infinity=False) -> Loss: ...
def mse_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None) -> Loss: ...
def l1_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None) -> Loss: ...
def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction='mean', beta=1.0) -> Loss: ...
def huber_loss(input, target, reduction='mean', delta=1.0, weight=None) -> Loss: ...
def gaussian_nll_loss(input, target, var, full=False, eps=1e-06, reduction='mean') -> Loss: ...
def poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean') -> Loss: ...
def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction='mean') -> Loss: ...
def margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean') -> Loss: ...
def cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean') -> Loss: ...
def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, size_average=None, reduce=None,
                        reduction='mean') -> Loss: ...
def triplet_margin_with_distance_loss(anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False,
                                      reduction='mean') -> Loss: ...
def multilabel_margin_loss(input, target, size_average=None, reduce=None, reduction='mean') -> Loss: ...
def soft_margin_loss(input, target, size_average=None, reduce=None, reduction='mean') -> Loss: ...
def cosine_similarity(x1, x2, dim=1, eps=1e-8) -> Tensor: ...
def pairwise_distance(x1, x2, p=2, eps=1e-06, keepdim=False) -> Tensor: ...
