"""Operations that train: gradients, updates and collected update operations in one."""

from backprobe.primitives import collection, event, graph_variables, like, parameter_set
from backprobe.tensors import Plain
from tensorflow.python.framework.ops import Tensor


def create_train_op(total_loss, optimizer, global_step=0, update_ops=None, variables_to_train=None, transform_grads_fn=None,
                    summarize_gradients=False, gate_gradients=1, aggregation_method=None, colocate_gradients_with_ops=False,
                    check_numerics=True):
    explicit = variables_to_train is not None
    held = parameter_set(variables_to_train) if explicit else graph_variables()
    event("minimize", optimizer, loss=total_loss, parameters=held, explicit=explicit)
    if update_ops is None:
        event("run", None, fetches=collection("update_ops"))
    return like(total_loss)
def train(train_op, logdir, master='', is_chief=True, scaffold=None, hooks=None, chief_only_hooks=None, save_checkpoint_secs=600,
          save_summaries_steps=100, config=None, max_wait_secs=7200, run_metadata=None):
    event("run", None, fetches=train_op)
