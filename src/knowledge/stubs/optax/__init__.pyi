"""Losses, and transformations of gradients."""

from backprobe.primitives import tensor
from jax import Array as Tensor


def softmax_cross_entropy(logits, labels, axis=-1, where=None): return tensor(logits, labels, scale="loss")
def softmax_cross_entropy_with_integer_labels(logits, labels, axis=-1, where=None): return tensor(logits, labels, scale="loss")
def sigmoid_binary_cross_entropy(logits, labels): return tensor(logits, labels, scale="loss")
def l2_loss(predictions, targets=None): return tensor(predictions, targets, scale="loss")
def squared_error(predictions, targets=None): return tensor(predictions, targets, scale="loss")
def huber_loss(predictions, targets=None, *, delta=1.0): return tensor(predictions, targets, scale="loss")
def log_cosh(predictions, targets=None): return tensor(predictions, targets, scale="loss")
