"""How a step is observed that the test did not write itself: any session, any optimizer, finished graphs, and no trace afterwards."""

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from outcomes import proved, undecided
from tensorflow.python.eager import context

import backprobe

tf.disable_eager_execution()


class Net:
    def __init__(self, cut=False, optimizer=None):
        self.inputs = tf.placeholder(tf.float32, [None, 5])
        hidden = tf.layers.dense(self.inputs, 6, tf.nn.tanh, name="first")
        self.loss = backprobe.probe_loss(tf.layers.dense(tf.stop_gradient(hidden) if cut else hidden, 3, name="second"))
        self.train_op = (optimizer or tf.train.AdamOptimizer(0.01)).minimize(self.loss)

    def feed(self):
        return {self.inputs: np.random.randn(8, 5)}


def own_session(net):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run({"step": (net.train_op, net.loss)}, feed_dict=net.feed())


def run_of_the_operation(net):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        net.train_op.run(net.feed(), session)


def monitored_session(net):
    with tf.train.MonitoredTrainingSession() as session:
        session.run([net.train_op, net.loss], net.feed())


def by_name(net):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(net.train_op.name, net.feed())


@pytest.mark.parametrize("body", [own_session, run_of_the_operation, monitored_session, by_name])
def test_own_bodies(body):
    for cut in (False, True):
        backprobe.seed(0)
        net = Net(cut)
        with backprobe.training_step() as step:
            body(net)
        if cut:
            with proved("assert_trained", "2 of 4", "first/kernel: absent gradient"):
                step.assert_trained()
            step.assert_untouched("first")
        else:
            step.assert_trained()


def test_what_a_run_returns_is_what_was_fetched():
    backprobe.seed(0)
    net = Net()
    with backprobe.training_step() as step:
        fetched = step.run({"op": net.train_op, "more": [net.loss, (net.inputs,)]}, {net.inputs: np.ones((2, 5))})
        assert step.session.run(net.loss, net.feed()) == pytest.approx(net.loss.eval(net.feed()), abs=100)
    assert fetched["op"] is None
    np.testing.assert_array_equal(fetched["more"][1][0], np.ones((2, 5)))


GRAPHS = {}
for _cut in (False, True):
    GRAPHS[_cut] = tf.Graph()
    with GRAPHS[_cut].as_default():
        GRAPHS[_cut].net = Net(_cut)
        GRAPHS[_cut].finalize()


def test_graphs_built_before_and_final_are_observed_too():
    for cut, graph in GRAPHS.items():
        with graph.as_default():
            backprobe.seed(0)
            with backprobe.training_step() as step:
                step.run(graph.net.train_op, graph.net.feed())
        if cut:
            with proved("assert_trained", "2 of 4", "first/kernel: no optimizer that ran updates it"):
                step.assert_trained()
        else:
            step.assert_trained()


class WithoutKernels(tf.train.Optimizer):
    """An optimizer that overrides `apply_gradients` and assigns, as that of BERT does."""

    def __init__(self):
        super().__init__(False, "WithoutKernels")

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        return tf.group(*(variable.assign(variable - 0.01 * gradient) for gradient, variable in grads_and_vars if gradient is not None))


def test_optimizers_without_kernels():
    for cut in (False, True):
        backprobe.seed(0)
        net = Net(cut, WithoutKernels())
        with backprobe.training_step() as step:
            step.run(net.train_op, net.feed())
        if cut:
            with proved("assert_trained", "first/kernel: absent gradient"):
                step.assert_trained()
        else:
            step.assert_trained()


def test_updates_written_by_hand_are_judged_by_value():
    for cut in (False, True):
        backprobe.seed(0)
        net = Net(cut)
        variables = tf.trainable_variables()
        pairs = zip(tf.gradients(net.loss, variables), variables)
        by_hand = [tf.assign_sub(variable, 0.01 * gradient) for gradient, variable in pairs if gradient is not None]
        with backprobe.training_step() as step:
            step.run(by_hand, net.feed())
        step.assert_trained("second")
        if cut:
            with proved("assert_trained", "first/kernel: no optimizer that ran updates it"):
                step.assert_trained()


def accumulating(cut, times):
    """Accumulates gradients over several runs and applies them in one."""
    net = Net(cut)
    optimizer = tf.train.GradientDescentOptimizer(0.01)
    pairs = [(gradient, variable) for gradient, variable in optimizer.compute_gradients(net.loss) if gradient is not None]
    sums = [tf.Variable(tf.zeros_like(variable), trainable=False) for _, variable in pairs]
    add = [tf.assign_add(total, gradient) for total, (gradient, _) in zip(sums, pairs)]
    apply = optimizer.apply_gradients([(total, variable) for total, (_, variable) in zip(sums, pairs)])
    with backprobe.training_step() as step:
        for _ in range(times):
            step.run(add, net.feed())
        step.run(apply)
    return step


@pytest.mark.parametrize("times", [1, 2])
def test_accumulated_gradients_train(times):
    for cut in (False, True):
        backprobe.seed(0)
        step = accumulating(cut, times)
        if cut:
            with proved("assert_trained", "2 of 4", "first/kernel"):
                step.assert_trained()
        else:
            step.assert_trained()


def test_restoring_and_initialising_touch_nothing(tmp_path):
    backprobe.seed(0)
    net = Net()
    with tf.variable_scope("other"):
        other = tf.get_variable("weight", [3])
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        saved = saver.save(session, str(tmp_path / "model"))
    with backprobe.training_step() as step:
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            saver.restore(session, saved)
            session.run(net.train_op, net.feed())
            other.load(np.ones(3), session)
    step.assert_trained(except_="other")
    step.assert_untouched("other")


def test_variables_made_in_the_body_are_initialised():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        net = Net()
        step.run(net.train_op, net.feed())
        step.assert_trained()


def test_nothing_is_left_behind_even_by_a_body_that_fails():
    backprobe.seed(0)
    net = Net()
    run, default = tf.Session.run, tf.get_default_session()
    with pytest.raises(ZeroDivisionError), backprobe.training_step() as step:
        step.run(net.train_op, net.feed())
        assert tf.Session.run is not run
        raise ZeroDivisionError
    assert tf.Session.run is run
    assert tf.get_default_session() is default
    with pytest.raises(RuntimeError):
        step.session.run(net.loss, net.feed())


def test_the_checker_adds_nothing_to_the_graph():
    backprobe.seed(0)
    net = Net()
    tf.get_default_graph().finalize()
    with backprobe.training_step() as step:
        step.run(net.train_op, net.feed())
        step.assert_trained()
        backprobe.assert_loss_depends_on(net.loss, net.inputs)
        backprobe.assert_deterministic(net.loss)
        with pytest.raises(ValueError, match="without training"):
            backprobe.assert_deterministic([net.loss, net.train_op])


def test_randomness_without_a_seed_is_undecided():
    tf.reset_default_graph()
    inputs = tf.placeholder(tf.float32, [None, 5])
    noisy = inputs + tf.random_normal([8, 5])
    with undecided("assert_output_varies", "backprobe.seed"):
        backprobe.assert_output_varies(noisy, inputs, {inputs: np.ones((8, 5))})


def test_seed_starts_an_empty_graph_and_fixes_what_is_drawn():
    drawn = []
    for _ in range(2):
        tf.placeholder(tf.float32)
        backprobe.seed(3)
        assert not tf.get_default_graph().get_operations()
        with tf.Session() as session:
            drawn.append((session.run(tf.random_normal([])), np.random.rand()))
    assert drawn[0] == drawn[1]


def test_eager_code_is_told_to_build_a_graph():
    with tf.Graph().as_default(), backprobe.training_step():
        pass
    with context.eager_mode(), pytest.raises(TypeError, match="graph"), backprobe.training_step() as step:
        step.run(None)
