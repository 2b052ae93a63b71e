"""The bugs backprobe was built for, in tf.layers and slim: correct code passes, the planted bug is proved by the assertion its page
names."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
import tf_slim as slim
from outcomes import proved, undecided

import backprobe

tf.disable_eager_execution()


def images_and_labels():
    return tf.placeholder(tf.float32, [None, 7, 9, 3], "images"), tf.placeholder(tf.int64, [None], "labels")


def feed_of(images, labels):
    return {images: np.random.randn(8, 7, 9, 3), labels: np.random.randint(10, size=8)}


def slim_net(images, unstacked):
    first = slim.conv2d(images, 6, [3, 3], scope="first")
    second = slim.conv2d(images if unstacked else first, 5, [3, 3], scope="second")
    return slim.fully_connected(tf.reduce_mean(second, [1, 2]), 10, activation_fn=None, scope="classifier")


def layers_net(images, unstacked):
    first = tf.layers.conv2d(images, 6, 3, activation=tf.nn.relu, name="first")
    second = tf.layers.conv2d(images if unstacked else first, 5, 3, activation=tf.nn.relu, name="second")
    return tf.layers.dense(tf.reduce_mean(second, [1, 2]), 10, name="classifier")


def trained(net, unstacked, regularizer=None):
    backprobe.seed(0)
    images, labels = images_and_labels()
    with slim.arg_scope([slim.conv2d, slim.fully_connected], weights_regularizer=regularizer):
        logits = net(images, unstacked)
    tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer(0.01).minimize(tf.losses.get_total_loss())
    with backprobe.training_step() as step:
        step.run(train_op, feed_of(images, labels))
    return step


@pytest.mark.parametrize("net", [slim_net, layers_net])
def test_an_unstacked_layer_is_proved(net):
    trained(net, unstacked=False).assert_trained()
    step = trained(net, unstacked=True)
    with proved("assert_trained", "2 of 6", "first/", "absent gradient"):
        step.assert_trained()
    step.assert_trained(["second/", "classifier"])
    step.assert_trained(except_="first")


def test_the_line_that_creates_the_layer_is_named():
    step = trained(slim_net, unstacked=True)
    lines = Path(__file__).read_text().splitlines()
    line = 1 + next(number for number, text in enumerate(lines) if 'scope="first"' in text)
    with proved("assert_trained", f"test_four_bugs.py:{line}"):
        step.assert_trained("first/weights")


def test_a_regulariser_does_not_train_a_layer():
    regularizer = slim.l2_regularizer(1e-3)
    trained(slim_net, False, regularizer).assert_trained()
    step = trained(slim_net, True, regularizer)
    with proved("assert_trained", "first/weights: gradient of its own regulariser only", "first/biases: absent gradient"):
        step.assert_trained()


def normalised(images, normalise):
    hidden = normalise(slim.conv2d(images, 6, [3, 3], activation_fn=None, scope="conv"))
    return slim.fully_connected(tf.reduce_mean(tf.nn.relu(hidden), [1, 2]), 10, activation_fn=None, scope="classifier")


def minimized(loss, run_updates):
    optimizer = tf.train.GradientDescentOptimizer(0.01)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS) if run_updates else []
    with tf.control_dependencies(updates):
        return optimizer.minimize(loss)


def created_by_slim(loss):
    return slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.01))


NORMALISED = {
    "tf.layers": (lambda x: tf.layers.batch_normalization(x, training=True), lambda loss: minimized(loss, True), None),
    "tf.layers, training omitted": (lambda x: tf.layers.batch_normalization(x), lambda loss: minimized(loss, True), "inference mode"),
    "tf.layers, updates not run": (
        lambda x: tf.layers.batch_normalization(x, training=True),
        lambda loss: minimized(loss, False),
        "update ops exist",
    ),
    "slim": (lambda x: slim.batch_norm(x), lambda loss: minimized(loss, True), None),
    "slim, updates not run": (lambda x: slim.batch_norm(x), lambda loss: minimized(loss, False), "update ops exist"),
    "slim, create_train_op": (lambda x: slim.batch_norm(x), created_by_slim, None),
    "slim, updated in place": (lambda x: slim.batch_norm(x, updates_collections=None), lambda loss: minimized(loss, False), None),
    "slim, inference": (lambda x: slim.batch_norm(x, is_training=False), lambda loss: minimized(loss, True), "inference mode"),
}


@pytest.mark.parametrize("case", NORMALISED)
def test_batch_norm_learns_its_statistics(case):
    normalise, train, mentioned = NORMALISED[case]
    backprobe.seed(0)
    images, labels = images_and_labels()
    logits = normalised(images, normalise)
    train_op = train(tf.losses.sparse_softmax_cross_entropy(labels, logits))
    with backprobe.training_step() as step:
        step.run(train_op, feed_of(images, labels))
    step.assert_trained()
    if mentioned is None:
        step.assert_statistics_moved()
    else:
        with proved("assert_statistics_moved", "2 of 2", "moving_mean", "moving_variance", mentioned):
            step.assert_statistics_moved()


def test_slim_batch_norm_that_always_trains_couples_the_examples():
    for planted in (False, True):
        backprobe.seed(0)
        images, labels = images_and_labels()
        is_training = tf.placeholder_with_default(False, [])
        logits = normalised(images, lambda x: slim.batch_norm(x, is_training=True if planted else is_training))
        train_op = minimized(tf.losses.sparse_softmax_cross_entropy(labels, logits), True)
        with backprobe.training_step() as step:
            step.run(train_op, {**feed_of(images, labels), **({} if planted else {is_training: True})})
            feed = feed_of(images, labels)
            if planted:
                with proved("assert_examples_independent", "batch"):
                    step.assert_examples_independent(logits, images)
            else:
                step.assert_examples_independent(logits, images, feed)
                with pytest.raises(ValueError, match="a feed of its own"):
                    step.assert_examples_independent(logits, images)
        step.assert_statistics_moved()


def test_a_graph_without_statistics_is_undecided():
    step = trained(slim_net, unstacked=False)
    with undecided("assert_statistics_moved"):
        step.assert_statistics_moved()


DROPPED = {
    "tf.layers": (lambda x, is_training: tf.layers.dropout(x, training=is_training), None),
    "tf.layers, training omitted": (lambda x, is_training: tf.layers.dropout(x), "assert_random_in_training"),
    "slim": (lambda x, is_training: slim.dropout(x, is_training=is_training), None),
    "slim, is_training omitted": (lambda x, is_training: slim.dropout(x), "assert_deterministic"),
    "tf.nn, always on": (lambda x, is_training: tf.nn.dropout(x, rate=0.5), "assert_deterministic"),
}


@pytest.mark.parametrize("case", DROPPED)
def test_dropout_drops_in_training_only(case):
    drop, fails = DROPPED[case]
    backprobe.seed(0)
    images, is_training = tf.placeholder(tf.float32, [None, 5]), tf.placeholder(tf.bool, [])
    logits = tf.layers.dense(drop(tf.layers.dense(images, 6), is_training), 3)
    inputs = np.random.randn(8, 5)
    with backprobe.training_step():
        for assertion, training in (("assert_random_in_training", True), ("assert_deterministic", False)):
            check = getattr(backprobe, assertion)
            if assertion == fails:
                with proved(assertion):
                    check(logits, {images: inputs, is_training: training})
            else:
                check(logits, {images: inputs, is_training: training})


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_a_softmax_over_one_unit_does_not_depend_on_its_inputs(label):
    for units in (3, 1):
        backprobe.seed(0)
        images, labels = tf.placeholder(tf.float32, [None, 5]), tf.placeholder(tf.float32, [None, units])
        logits = tf.layers.dense(tf.layers.dense(images, 6, activation=tf.nn.tanh), units)
        loss = tf.losses.softmax_cross_entropy(labels, logits)
        feed = {images: np.random.randn(8, 5), labels: np.full((8, units), label)}
        if units > 1 and label:
            backprobe.assert_loss_depends_on(loss, images, feed)
            backprobe.assert_output_varies(tf.nn.softmax(logits), images, feed)
        elif units == 1:
            with proved("assert_loss_depends_on"):
                backprobe.assert_loss_depends_on(loss, images, feed)
            with proved("assert_output_varies"):
                backprobe.assert_output_varies(tf.nn.softmax(logits), images, feed)


class Gan:
    def __init__(self, generator_variables, discriminator_variables):
        self.noise, self.real = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.float32, [None, 5])
        real, fake = self.discriminator(self.real, False), self.discriminator(self.generator(self.noise), True)
        ones, zeros = tf.ones_like(fake), tf.zeros_like(fake)
        generator_loss = tf.losses.sigmoid_cross_entropy(ones, fake)
        discriminator_loss = tf.losses.sigmoid_cross_entropy(ones, real) + tf.losses.sigmoid_cross_entropy(zeros, fake)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            self.generator_step = tf.train.AdamOptimizer(name="of_generator").minimize(generator_loss, var_list=generator_variables())
            self.discriminator_step = tf.train.AdamOptimizer(name="of_discriminator").minimize(
                discriminator_loss, var_list=discriminator_variables()
            )

    def generator(self, noise):
        with tf.variable_scope("generator"):
            return tf.layers.dense(tf.layers.dense(noise, 6, tf.nn.tanh), 5)

    def discriminator(self, inputs, reuse):
        with tf.variable_scope("discriminator", reuse=reuse):
            hidden = tf.layers.batch_normalization(tf.layers.dense(inputs, 6), training=True)
            return tf.layers.dense(tf.nn.leaky_relu(hidden), 1)

    def feed(self):
        return {self.noise: np.random.randn(8, 4), self.real: np.random.randn(8, 5)}


def of(scope):
    return lambda: tf.trainable_variables(scope)


def everything():
    return None


def test_each_player_trains_itself_alone_although_the_others_statistics_move():
    backprobe.seed(0)
    gan = Gan(of("generator"), of("discriminator"))
    with backprobe.training_step() as step:
        step.run(gan.generator_step, gan.feed())
    step.assert_trained("generator/")
    step.assert_untouched("discriminator/")
    step.assert_untouched()
    step.assert_statistics_moved("discriminator")
    backprobe.seed(0)
    gan = Gan(of("generator"), of("discriminator"))
    with backprobe.training_step() as step:
        step.run(gan.discriminator_step, gan.feed())
    step.assert_trained("discriminator/")
    step.assert_untouched("generator/")


def test_minimize_without_variables_trains_the_other_player():
    backprobe.seed(0)
    gan = Gan(everything, of("discriminator"))
    with backprobe.training_step() as step:
        step.run(gan.generator_step, gan.feed())
    step.assert_trained("generator/")
    with proved("assert_untouched", "discriminator/dense/kernel: an optimizer applied a gradient", "6 of 6"):
        step.assert_untouched("discriminator/")


def test_an_optimizer_on_the_wrong_player_does_not_train_this_one():
    backprobe.seed(0)
    gan = Gan(of("generator"), of("generator"))
    with backprobe.training_step() as step:
        step.run(gan.discriminator_step, gan.feed())
    with proved("assert_trained", "discriminator/dense/kernel: no optimizer that ran updates it"):
        step.assert_trained("discriminator/")


def train(generator_variables, discriminator_variables):
    """A function that keeps its graph, train ops and session to itself."""
    gan = Gan(generator_variables, discriminator_variables)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(gan.discriminator_step, gan.feed())
        session.run([gan.generator_step, gan.discriminator_step], gan.feed())


def test_players_of_a_function_are_told_apart_by_their_optimizers():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        train(of("generator"), of("discriminator"))
    step.assert_trained()
    step.assert_untouched("discriminator/", by="generator/")
    step.assert_untouched("generator/", by="discriminator/")
    backprobe.seed(0)
    with backprobe.training_step() as step:
        train(everything, of("discriminator"))
    with proved("assert_untouched", "6 of 6", "discriminator/dense/kernel"):
        step.assert_untouched("discriminator/", by="generator/")
    backprobe.seed(0)
    with backprobe.training_step() as step:
        train(of("discriminator"), of("discriminator"))
    with undecided("assert_untouched", "no optimizer trains 'generator/'"):
        step.assert_untouched("discriminator/", by="generator/")
