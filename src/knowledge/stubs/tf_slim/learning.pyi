"""Training loops."""

from backprobe.primitives import event
from tensorflow.python.framework.ops import Tensor
from tf_slim.training import training


def create_train_op(total_loss, optimizer, global_step=0, update_ops=None, variables_to_train=None, clip_gradient_norm=0,
                    summarize_gradients=False, gate_gradients=1, aggregation_method=None, colocate_gradients_with_ops=False,
                    gradient_multipliers=None, check_numerics=True):
    return training.create_train_op(total_loss, optimizer, global_step, update_ops, variables_to_train)
def train(train_op, logdir, train_step_fn=..., train_step_kwargs=0, log_every_n_steps=1, graph=None, master='', is_chief=True,
          global_step=None, number_of_steps=None, init_op=0, init_feed_dict=None, local_init_op=0, init_fn=None, ready_op=0, summary_op=0,
          save_summaries_secs=600, summary_writer=0, startup_delay_steps=0, saver=None, save_interval_secs=600, sync_optimizer=None,
          session_config=None, session_wrapper=None, trace_every_n_steps=None,
          ignore_live_threads=False): event("run", None, fetches=train_op)
def clip_gradient_norms(gradients_to_variables, max_norm): return gradients_to_variables
def multiply_gradients(grads_and_vars, gradient_multipliers): return grads_and_vars
