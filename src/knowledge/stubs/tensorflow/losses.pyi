"""Losses that are collected, so that `get_total_loss` finds them."""

from backprobe.primitives import collect, collection, tensor
from backprobe.tensors import ClassIndex, Logits, Loss, Probabilities
from tensorflow.python.framework.ops import Tensor


def _collected(loss_collection, *inputs):
    loss = tensor(*inputs, rank=0, scale="loss")
    if loss_collection is not None:
        collect(loss_collection, loss)
    return loss


def softmax_cross_entropy(onehot_labels, logits: Logits, weights=1.0, label_smoothing=0, scope=None, loss_collection='losses',
                          reduction='weighted_sum_by_nonzero_weights'): return _collected(loss_collection, onehot_labels, logits, weights)
def sparse_softmax_cross_entropy(labels: ClassIndex, logits: Logits, weights=1.0, scope=None, loss_collection='losses',
                                 reduction='weighted_sum_by_nonzero_weights'): return _collected(loss_collection, labels, logits, weights)
def sigmoid_cross_entropy(multi_class_labels, logits: Logits, weights=1.0, label_smoothing=0, scope=None, loss_collection='losses',
                          reduction='weighted_sum_by_nonzero_weights'):
    return _collected(loss_collection, multi_class_labels, logits, weights)
def hinge_loss(labels, logits: Logits, weights=1.0, scope=None, loss_collection='losses',
               reduction='weighted_sum_by_nonzero_weights'): return _collected(loss_collection, labels, logits, weights)
def log_loss(labels, predictions: Probabilities, weights=1.0, epsilon=1e-07, scope=None, loss_collection='losses',
             reduction='weighted_sum_by_nonzero_weights'): return _collected(loss_collection, labels, predictions, weights)
def absolute_difference(labels, predictions, weights=1.0, scope=None, loss_collection='losses',
                        reduction='weighted_sum_by_nonzero_weights'): return _collected(loss_collection, labels, predictions, weights)
def cosine_distance(labels, predictions, axis=None, weights=1.0, scope=None, loss_collection='losses',
                    reduction='weighted_sum_by_nonzero_weights', dim=None): return _collected(loss_collection, labels, predictions, weights)
def huber_loss(labels, predictions, weights=1.0, delta=1.0, scope=None, loss_collection='losses',
               reduction='weighted_sum_by_nonzero_weights'): return _collected(loss_collection, labels, predictions, weights)
def mean_pairwise_squared_error(labels, predictions, weights=1.0, scope=None,
                                loss_collection='losses'): return _collected(loss_collection, labels, predictions, weights)
def mean_squared_error(labels, predictions, weights=1.0, scope=None, loss_collection='losses',
                       reduction='weighted_sum_by_nonzero_weights'): return _collected(loss_collection, labels, predictions, weights)
def compute_weighted_loss(losses, weights=1.0, scope=None, loss_collection='losses',
                          reduction='weighted_sum_by_nonzero_weights'): return _collected(loss_collection, losses, weights)
def add_loss(loss, loss_collection='losses'): collect(loss_collection, loss)
def get_losses(scope=None, loss_collection='losses'): return collection(loss_collection)
def get_regularization_losses(scope=None): return collection("regularization_losses")
def get_regularization_loss(scope=None,
                            name='total_regularization_loss'): return tensor(collection("regularization_losses"), rank=0, scale="loss")
def get_total_loss(add_regularization_losses=True, name='total_loss', scope=None): return tensor(collection("losses"), rank=0, scale="loss")


class Reduction:
    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_OVER_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
