"""One call that trains."""

from backprobe.primitives import collection, event, graph_variables, like, parameter_set
from tensorflow.python.framework.ops import Tensor


def optimize_loss(loss, global_step, learning_rate, optimizer, gradient_noise_scale=None, gradient_multipliers=None, clip_gradients=None,
                  learning_rate_decay_fn=None, update_ops=None, variables=None, name=None, summaries=None,
                  colocate_gradients_with_ops=False, increment_global_step=True):
    explicit = variables is not None
    event("minimize", optimizer, loss=loss, parameters=parameter_set(variables) if explicit else graph_variables(), explicit=explicit)
    if update_ops is None:
        event("run", None, fetches=collection("update_ops"))
    return like(loss)
