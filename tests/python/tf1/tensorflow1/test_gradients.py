"""What makes "a gradient that is not zero, from an optimizer that ran" true of correct code and false of its planted bug."""

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from outcomes import proved, undecided

import backprobe

tf.disable_eager_execution()


def inputs_placeholder():
    return tf.placeholder(tf.float32, [None, 5], "inputs")


def ran(train_op, feed):
    with backprobe.training_step() as step:
        step.run(train_op, feed)
    return step


def minimized(build, optimizer=None, inputs=None):
    """One step of `build(inputs)` under `probe_loss`."""
    backprobe.seed(0)
    placeholder = inputs_placeholder() if inputs is None else tf.placeholder(tf.as_dtype(inputs.dtype), [None, *inputs.shape[1:]])
    loss = backprobe.probe_loss(build(placeholder))
    optimizer = optimizer or tf.train.GradientDescentOptimizer
    return ran(optimizer(0.01).minimize(loss), {placeholder: np.random.randn(8, 5) if inputs is None else inputs})


def chain(between=lambda hidden: hidden):
    return lambda inputs: tf.layers.dense(between(tf.layers.dense(inputs, 6, name="first")), 3, name="second")


class Decaying(tf.train.AdamOptimizer):
    """Decoupled weight decay, as contrib had it: it moves what gets no gradient."""

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        pairs = list(grads_and_vars)
        decay = [tf.assign_sub(variable, 0.1 * variable) for _, variable in pairs]
        with tf.control_dependencies(decay):
            return super().apply_gradients(pairs, global_step, name)


@pytest.mark.parametrize("optimizer", [Decaying, tf.train.GradientDescentOptimizer])
def test_weight_decay_is_no_training(optimizer):
    minimized(chain(), optimizer).assert_trained()
    with proved("assert_trained", "first/kernel: zero gradient", "first/bias: zero gradient"):
        minimized(chain(lambda hidden: hidden * 0.0), optimizer).assert_trained()
    with proved("assert_trained", "first/kernel: absent gradient"):
        minimized(chain(tf.stop_gradient), optimizer).assert_trained()


def test_tiny_gradients_train_although_values_stay():
    step = minimized(chain(), lambda rate: tf.train.GradientDescentOptimizer(1e-30))
    step.assert_trained()
    with proved("assert_trained", "first/kernel: absent gradient"):
        minimized(chain(tf.stop_gradient), lambda rate: tf.train.GradientDescentOptimizer(1e-30)).assert_trained()


def residual(cut):
    def build(inputs):
        branch = tf.layers.dense(inputs, 5, name="branch")
        gamma = tf.get_variable("gamma", [5], initializer=tf.zeros_initializer())
        hidden = inputs + gamma * (tf.stop_gradient(branch) if cut else branch)
        return tf.layers.dense(hidden, 3, kernel_initializer=tf.zeros_initializer(), name="head")

    return build


def test_zero_initialised_gamma_and_head_train_at_the_third_step():
    minimized(residual(cut=False)).assert_trained()
    with proved("assert_trained", "2 of 5", "branch/kernel: absent gradient"):
        minimized(residual(cut=True)).assert_trained()


def normalised(cut):
    def build(inputs):
        hidden = tf.layers.dense(inputs, 6, name="first")
        mean, variance = tf.nn.moments(tf.stop_gradient(hidden) if cut else hidden, [1], keepdims=True)
        return ((tf.stop_gradient(hidden) if cut else hidden) - mean) / tf.sqrt(variance + 1e-6) * tf.get_variable("gamma", [6])

    return build


def test_normalised_outputs_give_a_gradient_with_probe_loss():
    minimized(normalised(cut=False)).assert_trained()
    with proved("assert_trained", "first/kernel: absent gradient"):
        minimized(normalised(cut=True)).assert_trained()


def rectified(bias):
    def build(inputs):
        hidden = tf.layers.dense(inputs, 6, tf.nn.relu, bias_initializer=tf.constant_initializer(bias), name="first")
        return tf.layers.dense(hidden, 3, name="second")

    return build


def test_a_dead_rectifier_is_undecided():
    minimized(rectified(1.0)).assert_trained()
    with undecided("assert_trained", "first/Relu"):
        minimized(rectified(-100.0)).assert_trained()


def test_outputs_of_a_dead_net_are_undecided():
    backprobe.seed(0)
    inputs = inputs_placeholder()
    output = rectified(-100.0)(inputs)
    feed = {inputs: np.random.randn(8, 5)}
    with undecided("assert_output_varies", "first/Relu"):
        backprobe.assert_output_varies(output, inputs, feed)
    with undecided("assert_loss_depends_on", "first/Relu"):
        backprobe.assert_loss_depends_on(backprobe.probe_loss(output), inputs, feed)


def attention(key_of_query):
    def build(sequence):
        query = tf.layers.dense(sequence, 6, use_bias=False, name="query")
        key = tf.layers.dense(sequence, 6, use_bias=False, name="key")
        scores = tf.matmul(query, query if key_of_query else key, transpose_b=True)
        return tf.matmul(tf.nn.softmax(scores), tf.layers.dense(sequence, 6, use_bias=False, name="value"))

    return build


def test_attention_over_several_positions_trains_query_and_key():
    sequence = np.random.RandomState(0).randn(8, 4, 5).astype("float32")
    minimized(attention(False), inputs=sequence).assert_trained()
    with proved("assert_trained", "1 of 3", "key/kernel: absent gradient"):
        minimized(attention(True), inputs=sequence).assert_trained()


def test_frozen_variables_are_left_out_and_named_if_asserted():
    def build(trainable):
        return lambda inputs: tf.layers.dense(tf.layers.dense(inputs, 6, trainable=trainable, name="first"), 3, name="second")

    minimized(build(True)).assert_trained("first")
    step = minimized(build(False))
    step.assert_trained()
    with proved("assert_trained", "first/kernel: frozen"):
        step.assert_trained("first")


def test_an_unused_head_is_excepted_by_name():
    def build(inputs):
        hidden = tf.layers.dense(inputs, 6, name="body")
        tf.layers.dense(hidden, 2, name="unused")
        return tf.layers.dense(hidden, 3, name="used")

    step = minimized(build)
    step.assert_trained(except_=["unused"])
    with proved("assert_trained", "2 of 6", "unused/kernel"):
        step.assert_trained()


def words(factor=1.0, cut=False, tied=False):
    def build(tokens):
        table = tf.get_variable("embedding", [50, 6])
        embedded = tf.nn.embedding_lookup(table, tokens) * factor
        embedded = tf.stop_gradient(embedded) if cut else embedded
        return tf.tensordot(embedded, table, [[2], [1]]) if tied else tf.layers.dense(embedded, 7, name="head")

    return build


@pytest.mark.parametrize("resource", [False, True])
@pytest.mark.parametrize("optimizer", [tf.train.GradientDescentOptimizer, tf.train.AdamOptimizer, tf.train.AdagradOptimizer])
def test_any_touched_row_of_an_embedding_counts(optimizer, resource):
    tokens = np.random.RandomState(0).randint(50, size=(8, 4))
    (tf.enable_resource_variables if resource else tf.disable_resource_variables)()
    try:
        minimized(words(), optimizer, tokens).assert_trained()
        with proved("assert_trained", "embedding: zero gradient"):
            minimized(words(factor=0.0), optimizer, tokens).assert_trained("embedding")
        with proved("assert_trained", "embedding: absent gradient"):
            minimized(words(cut=True), optimizer, tokens).assert_trained()
    finally:
        tf.enable_resource_variables()


def test_a_variable_used_twice_counts_once():
    tokens = np.random.RandomState(0).randint(50, size=(8, 4))
    minimized(words(tied=True), inputs=tokens).assert_trained("embedding")
    with proved("assert_trained", "1 of 1"):
        minimized(words(factor=0.0, tied=True), inputs=tokens).assert_trained()


def test_gradients_that_are_not_finite_are_undecided():
    with undecided("assert_trained", "not finite"):
        minimized(chain(lambda hidden: hidden * float("nan"))).assert_trained(except_="second")


def test_a_step_without_optimizer_is_undecided():
    backprobe.seed(0)
    inputs = inputs_placeholder()
    output = chain()(inputs)
    step = ran(output, {inputs: np.ones((2, 5))})
    with undecided("assert_trained", "no optimizer was seen"):
        step.assert_trained()
    with undecided("assert_untouched", "no optimizer was seen"):
        step.assert_untouched()


def test_a_scope_that_selects_nothing_is_an_error_and_no_proof():
    with pytest.raises(LookupError, match="first/kernel"):
        minimized(chain()).assert_trained("encoder")


def test_probe_loss_reaches_every_float_of_an_output():
    def build(cut):
        def forward(inputs):
            first, second = tf.layers.dense(inputs, 3, name="a"), tf.layers.dense(inputs, 2, name="b")
            return {"a": first, "rest": (tf.stop_gradient(second) if cut else second, tf.constant([1, 2]))}

        return forward

    minimized(build(cut=False)).assert_trained()
    with proved("assert_trained", "b/kernel: absent gradient"):
        minimized(build(cut=True)).assert_trained()
    with pytest.raises(TypeError, match="float tensor"):
        backprobe.probe_loss(tf.constant([1, 2]))


def test_a_regulariser_is_told_from_a_layer_without_data():
    """A gradient that depends on other variables, or on no variable, is no regulariser's."""

    def build(inputs):
        constant = tf.get_variable("constant", [1, 6])
        return tf.layers.dense(constant, 3, name="first") + tf.layers.dense(inputs, 3, name="second")

    minimized(build).assert_trained()


def test_what_cannot_be_varied_or_compared_is_undecided():
    backprobe.seed(0)
    inputs = tf.placeholder(tf.float32, [None, 5])
    output = tf.layers.dense(inputs, 3)
    ids = tf.placeholder(tf.int64, [None])
    rows = tf.nn.embedding_lookup(tf.get_variable("table", [4, 3]), ids)
    feed = {inputs: np.random.randn(8, 5), ids: np.zeros(8, dtype=int)}
    with undecided("assert_output_varies", "nothing to vary"):
        backprobe.assert_output_varies(rows, ids, feed)
    with undecided("assert_output_varies", "no"):
        backprobe.assert_output_varies(tf.argmax(output, 1), inputs, feed)
    with undecided("assert_deterministic", "no"):
        backprobe.assert_deterministic(tf.argmax(output, 1), feed)


def test_a_bias_that_cancels_in_a_difference_is_not_judged():
    def critic(between):
        def build(inputs):
            with tf.variable_scope("critic", reuse=tf.AUTO_REUSE):
                return tf.reduce_sum(chain(between)(inputs)) - tf.reduce_sum(chain(between)(inputs * 2))

        backprobe.seed(0)
        inputs = inputs_placeholder()
        return ran(tf.train.AdamOptimizer().minimize(build(inputs)), {inputs: np.random.randn(8, 5)})

    step = critic(tf.tanh)
    step.assert_trained()
    with undecided("assert_trained", "critic/second/bias: its gradient is exactly zero and its layer trains"):
        step.assert_trained("critic/second/bias")
    with proved("assert_trained", "4 of 4", "critic/first/kernel: zero gradient", "critic/second/bias: zero gradient"):
        critic(lambda hidden: hidden * 0.0).assert_trained()
