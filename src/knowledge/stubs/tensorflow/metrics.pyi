"""Metrics look at predictions: a value and the operation that updates it."""

from backprobe.primitives import cut, observe, tensor
from tensorflow.python.framework.ops import Operation, Tensor


def _measured(*values):
    observe(*values)
    return cut(tensor(), "integer"), Operation()


def accuracy(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
             name=None): return _measured(labels, predictions)
def auc(labels, predictions, weights=None, num_thresholds=200, metrics_collections=None, updates_collections=None, curve='ROC', name=None,
        summation_method='trapezoidal', thresholds=None): return _measured(labels, predictions)
def mean(values, weights=None, metrics_collections=None, updates_collections=None, name=None): return _measured(values)
def mean_absolute_error(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
                        name=None): return _measured(labels, predictions)
def mean_squared_error(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
                       name=None): return _measured(labels, predictions)
def precision(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
              name=None): return _measured(labels, predictions)
def recall(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
           name=None): return _measured(labels, predictions)
def root_mean_squared_error(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
                            name=None): return _measured(labels, predictions)
def mean_iou(labels, predictions, num_classes, weights=None, metrics_collections=None, updates_collections=None,
             name=None): return _measured(labels, predictions)
def false_positives(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
                    name=None): return _measured(labels, predictions)
def true_positives(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
                   name=None): return _measured(labels, predictions)
def false_negatives(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
                    name=None): return _measured(labels, predictions)
def true_negatives(labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
                   name=None): return _measured(labels, predictions)
