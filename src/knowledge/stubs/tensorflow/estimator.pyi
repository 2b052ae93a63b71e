"""Estimators run what a model function returns."""

from backprobe.primitives import observe


class ModeKeys:
    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


class EstimatorSpec:
    def __init__(self, mode, predictions=None, loss=None, train_op=None, eval_metric_ops=None, export_outputs=None,
                 training_chief_hooks=None, training_hooks=None, scaffold=None, evaluation_hooks=None, prediction_hooks=None):
        observe(predictions, loss, train_op, eval_metric_ops)
        self.mode = mode
        self.predictions = predictions
        self.loss = loss
        self.train_op = train_op
