"""Losses."""

from backprobe.primitives import called_by_framework, tensor
from tensorflow.nn import softmax_cross_entropy_with_logits, sparse_softmax_cross_entropy_with_logits
from tensorflow.python.framework.ops import Tensor


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1): return tensor(y_true, y_pred, scale="loss")
def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    if from_logits == True:
        return softmax_cross_entropy_with_logits(y_true, y_pred, axis=axis)
    return tensor(y_true, y_pred, scale="loss")
def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    if from_logits == True:
        return sparse_softmax_cross_entropy_with_logits(y_true, y_pred)
    return tensor(y_true, y_pred, scale="loss")
def mean_squared_error(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def mean_absolute_error(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def mean_absolute_percentage_error(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def mean_squared_logarithmic_error(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def binary_focal_crossentropy(y_true, y_pred, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0,
                              axis=-1): return tensor(y_true, y_pred, scale="loss")
def categorical_focal_crossentropy(y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0,
                                   axis=-1): return tensor(y_true, y_pred, scale="loss")
def categorical_hinge(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def cosine_similarity(y_true, y_pred, axis=-1): return tensor(y_true, y_pred, scale="loss")
def hinge(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def huber(y_true, y_pred, delta=1.0): return tensor(y_true, y_pred, scale="loss")
def kl_divergence(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def log_cosh(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def poisson(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
def squared_hinge(y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
mse = mean_squared_error
mae = mean_absolute_error
mape = mean_absolute_percentage_error
msle = mean_squared_logarithmic_error
MSE = mean_squared_error
MAE = mean_absolute_error


class Loss:
    def __init__(self, name=None, reduction='sum_over_batch_size', dtype=None): self.name = name
    @called_by_framework
    def call(self, y_true, y_pred): return tensor(y_true, y_pred, scale="loss")
    def __call__(self, y_true, y_pred, sample_weight=None): return tensor(self.call(y_true, y_pred), sample_weight, scale="loss")


class BinaryCrossentropy(Loss):
    def __init__(self, from_logits=False, label_smoothing=0.0, axis=-1, reduction='sum_over_batch_size', name='binary_crossentropy',
                 dtype=None): super().__init__(name)


class CategoricalCrossentropy(Loss):
    def __init__(self, from_logits=False, label_smoothing=0.0, axis=-1, reduction='sum_over_batch_size', name='categorical_crossentropy',
                 dtype=None):
        super().__init__(name)
        self.from_logits = from_logits
    def call(self, y_true, y_pred): return categorical_crossentropy(y_true, y_pred, from_logits=self.from_logits)


class SparseCategoricalCrossentropy(Loss):
    def __init__(self, from_logits=False, ignore_class=None, reduction='sum_over_batch_size', axis=-1,
                 name='sparse_categorical_crossentropy', dtype=None):
        super().__init__(name)
        self.from_logits = from_logits
    def call(self, y_true, y_pred): return sparse_categorical_crossentropy(y_true, y_pred, from_logits=self.from_logits)


class MeanSquaredError(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='mean_squared_error', dtype=None): super().__init__(name)


class MeanAbsoluteError(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='mean_absolute_error', dtype=None): super().__init__(name)


class MeanAbsolutePercentageError(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='mean_absolute_percentage_error', dtype=None): super().__init__(name)


class MeanSquaredLogarithmicError(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='mean_squared_logarithmic_error', dtype=None): super().__init__(name)


class BinaryFocalCrossentropy(Loss):
    def __init__(self, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1,
                 reduction='sum_over_batch_size', name='binary_focal_crossentropy', dtype=None): super().__init__(name)


class CategoricalHinge(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='categorical_hinge', dtype=None): super().__init__(name)


class CosineSimilarity(Loss):
    def __init__(self, axis=-1, reduction='sum_over_batch_size', name='cosine_similarity', dtype=None): super().__init__(name)


class Hinge(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='hinge', dtype=None): super().__init__(name)


class Huber(Loss):
    def __init__(self, delta=1.0, reduction='sum_over_batch_size', name='huber_loss', dtype=None): super().__init__(name)


class KLDivergence(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='kl_divergence', dtype=None): super().__init__(name)


class LogCosh(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='log_cosh', dtype=None): super().__init__(name)


class Poisson(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='poisson', dtype=None): super().__init__(name)


class SquaredHinge(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='squared_hinge', dtype=None): super().__init__(name)
