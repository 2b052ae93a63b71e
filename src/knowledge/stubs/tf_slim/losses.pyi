"""Losses that are collected, arguments in the order of the older versions."""

from backprobe.primitives import collect, collection, tensor
from backprobe.tensors import ClassIndex, Logits, Loss, Probabilities
from tensorflow.losses import _collected
from tensorflow.python.framework.ops import Tensor


def softmax_cross_entropy(logits: Logits, onehot_labels, weights=1.0, label_smoothing=0,
                          scope=None): return _collected("losses", logits, onehot_labels, weights)
def sparse_softmax_cross_entropy(logits: Logits, labels: ClassIndex, weights=1.0, scope=None):
    return _collected("losses", logits, labels, weights)
def sigmoid_cross_entropy(logits: Logits, multi_class_labels, weights=1.0, label_smoothing=0, scope=None):
    return _collected("losses", logits, multi_class_labels, weights)
def hinge_loss(logits: Logits, labels=None, scope=None): return _collected("losses", logits, labels)
def log_loss(predictions: Probabilities, labels=None, weights=1.0, epsilon=1e-07,
             scope=None): return _collected("losses", predictions, labels, weights)
def mean_squared_error(predictions, labels=None, weights=1.0, scope=None): return _collected("losses", predictions, labels, weights)
def mean_pairwise_squared_error(predictions, labels=None, weights=1.0,
                                scope=None): return _collected("losses", predictions, labels, weights)
def absolute_difference(predictions, labels=None, weights=1.0, scope=None): return _collected("losses", predictions, labels, weights)
def cosine_distance(predictions, labels=None, axis=None, weights=1.0, scope=None,
                    dim=None): return _collected("losses", predictions, labels, weights)
def compute_weighted_loss(losses, weights=1.0, scope=None): return _collected("losses", losses, weights)
def add_loss(loss, loss_collection='losses'): collect(loss_collection, loss)
def get_losses(scope=None, loss_collection='losses'): return collection(loss_collection)
def get_regularization_losses(scope=None): return collection("regularization_losses")
def get_total_loss(add_regularization_losses=True, name='total_loss'): return tensor(collection("losses"), rank=0, scale="loss")
