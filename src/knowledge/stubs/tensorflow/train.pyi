"""Optimizers train all trainable variables of the graph unless they are told which."""

from backprobe.primitives import ambient, event, graph_variables, parameter_set, tensor, unknown
from backprobe.tensors import Plain
from tensorflow.python.framework.ops import Operation, Tensor


class Optimizer:
    def __init__(self, use_locking, name): self.name = name
    def minimize(self, loss, global_step=None, var_list=None, gate_gradients=1, aggregation_method=None, colocate_gradients_with_ops=False,
                 name=None, grad_loss=None):
        explicit = var_list is not None
        event("minimize", self, loss=loss, parameters=parameter_set(var_list) if explicit else graph_variables(), explicit=explicit)
        return Operation()
    def compute_gradients(self, loss, var_list=None, gate_gradients=1, aggregation_method=None, colocate_gradients_with_ops=False,
                          grad_loss=None):
        explicit = var_list is not None
        held = parameter_set(var_list) if explicit else graph_variables()
        event("minimize", self, loss=loss, parameters=held, explicit=explicit)
        return [(tensor(loss), variable) for variable in held]
    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        event("step", self)
        return Operation()
    def get_name(self): return self.name
    def get_slot(self, var, name) -> Plain: ...
    def get_slot_names(self) -> Plain: ...
    def variables(self): return []


class AdadeltaOptimizer(Optimizer):
    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-08, use_locking=False,
                 name='Adadelta'): super().__init__(use_locking, name)


class AdagradOptimizer(Optimizer):
    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name='Adagrad'): super().__init__(use_locking, name)


class AdagradDAOptimizer(Optimizer):
    def __init__(self, learning_rate, global_step, initial_gradient_squared_accumulator_value=0.1, l1_regularization_strength=0.0,
                 l2_regularization_strength=0.0, use_locking=False, name='AdagradDA'): super().__init__(use_locking, name)


class AdamOptimizer(Optimizer):
    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08, use_locking=False,
                 name='Adam'): super().__init__(use_locking, name)


class FtrlOptimizer(Optimizer):
    def __init__(self, learning_rate, learning_rate_power=-0.5, initial_accumulator_value=0.1, l1_regularization_strength=0.0,
                 l2_regularization_strength=0.0, use_locking=False, name='Ftrl', accum_name=None, linear_name=None,
                 l2_shrinkage_regularization_strength=0.0, beta=None): super().__init__(use_locking, name)


class GradientDescentOptimizer(Optimizer):
    def __init__(self, learning_rate, use_locking=False, name='GradientDescent'): super().__init__(use_locking, name)


class MomentumOptimizer(Optimizer):
    def __init__(self, learning_rate, momentum, use_locking=False, name='Momentum', use_nesterov=False): super().__init__(use_locking, name)


class ProximalAdagradOptimizer(Optimizer):
    def __init__(self, learning_rate, initial_accumulator_value=0.1, l1_regularization_strength=0.0, l2_regularization_strength=0.0,
                 use_locking=False, name='ProximalAdagrad'): super().__init__(use_locking, name)


class ProximalGradientDescentOptimizer(Optimizer):
    def __init__(self, learning_rate, l1_regularization_strength=0.0, l2_regularization_strength=0.0, use_locking=False,
                 name='ProximalGradientDescent'): super().__init__(use_locking, name)


class RMSPropOptimizer(Optimizer):
    def __init__(self, learning_rate, decay=0.9, momentum=0.0, epsilon=1e-10, use_locking=False, centered=False,
                 name='RMSProp'): super().__init__(use_locking, name)


class SyncReplicasOptimizer(Optimizer):
    def __init__(self, opt, replicas_to_aggregate, total_num_replicas=None, variable_averages=None, variables_to_average=None,
                 use_locking=False, name='sync_replicas'): super().__init__(use_locking, name)


class ExponentialMovingAverage:
    def __init__(self, decay, num_updates=None, zero_debias=False, name='ExponentialMovingAverage'): self.name = name
    def apply(self, var_list=None): return Operation()
    def average(self, var): return tensor()
    def average_name(self, var) -> str: ...
    def variables_to_restore(self, moving_avg_variables=None) -> Plain: ...


class Saver:
    def __init__(self, var_list=None, reshape=False, sharded=False, max_to_keep=5, keep_checkpoint_every_n_hours=10000.0, name=None,
                 restore_sequentially=False, saver_def=None, builder=None, defer_build=False, allow_empty=False, write_version=2,
                 pad_step_number=False, save_relative_paths=False, filename=None): ...
    def save(self, sess, save_path, global_step=None, latest_filename=None, meta_graph_suffix='meta', write_meta_graph=True,
             write_state=True, strip_default_attrs=False, save_debug_info=False) -> str: ...
    def restore(self, sess, save_path) -> None: ...


class Coordinator:
    def __init__(self, clean_stop_exception_types=None): ...
    def should_stop(self) -> bool: ...
    def request_stop(self, ex=None) -> None: ...
    def join(self, threads=None, stop_grace_period_secs=120, ignore_live_threads=False) -> None: ...


def exponential_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None) -> Plain: ...
def natural_exp_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None) -> Plain: ...
def polynomial_decay(learning_rate, global_step, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False, name=None) -> Plain: ...
def cosine_decay(learning_rate, global_step, decay_steps, alpha=0.0, name=None) -> Plain: ...
def piecewise_constant(x, boundaries, values, name=None) -> Plain: ...
def piecewise_constant_decay(x, boundaries, values, name=None) -> Plain: ...
def cosine_decay_restarts(learning_rate, global_step, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None) -> Plain: ...
def inverse_time_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None) -> Plain: ...
def get_global_step(graph=None) -> Plain: ...
def get_or_create_global_step(graph=None) -> Plain: ...
def create_global_step(graph=None) -> Plain: ...
def global_step(sess, global_step_tensor) -> int: ...
def latest_checkpoint(checkpoint_dir, latest_filename=None) -> str: ...
def start_queue_runners(sess=None, coord=None, daemon=True, start=True, collection='queue_runners') -> Plain: ...
def batch(tensors, batch_size, num_threads=1, capacity=32, enqueue_many=False, shapes=None, dynamic_pad=False,
          allow_smaller_final_batch=False, shared_name=None, name=None): return tensors
def shuffle_batch(tensors, batch_size, capacity, min_after_dequeue, num_threads=1, seed=None, enqueue_many=False, shapes=None,
                  allow_smaller_final_batch=False, shared_name=None, name=None): return tensors


class MonitoredSession:
    def __init__(self, session_creator=None, hooks=None, stop_grace_period_secs=120): ...
    def __enter__(self): return self
    def __exit__(self, exception_type, exception_value, traceback): ...
    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        event("run", self, fetches=fetches)
        return unknown()
    def should_stop(self) -> bool: ...
    def close(self) -> None: ...


def MonitoredTrainingSession(master='', is_chief=True, checkpoint_dir=None, scaffold=None, hooks=None, chief_only_hooks=None,
                             save_checkpoint_secs=..., save_summaries_steps=..., save_summaries_secs=..., config=None,
                             stop_grace_period_secs=120, log_step_count_steps=100, max_wait_secs=7200, save_checkpoint_steps=...,
                             summary_dir=None, save_graph_def=True) -> MonitoredSession: ...
