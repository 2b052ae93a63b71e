"""Assertions on what is fetched: finite, in a range, logits, of a shape."""

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from outcomes import proved, undecided

import backprobe

tf.disable_eager_execution()
INPUTS = np.random.RandomState(0).randn(8, 5)


def net(between=tf.identity, last=tf.identity, units=3):
    inputs = tf.placeholder(tf.float32, [None, 5])
    weights = tf.get_variable("weights", [5, 6], initializer=tf.random_normal_initializer(seed=1))
    head = tf.get_variable("head", [6, units], initializer=tf.random_normal_initializer(seed=2))
    return last(tf.matmul(between(tf.matmul(inputs, weights)), head)), {inputs: INPUTS}


def test_the_first_operation_that_is_not_finite_is_named():
    backprobe.seed(0)
    backprobe.assert_finite(*net(lambda hidden: tf.where(hidden > 0, tf.log(hidden), tf.zeros_like(hidden))))
    backprobe.seed(0)
    output, feed = net(lambda hidden: tf.log(hidden, name="logarithm"))
    with proved("assert_finite", "logarithm (Log)"):
        backprobe.assert_finite(output, feed)


def test_the_range_of_an_output():
    backprobe.seed(0)
    output, feed = net(last=tf.tanh)
    backprobe.assert_output_range(output, feed, low=-1, high=1)
    with proved("assert_output_range", "from 0 to 1"):
        backprobe.assert_output_range(output, feed, 0, 1)
    with backprobe.training_step() as step:
        step.run(output, feed)
        backprobe.assert_output_range(output, low=-1, high=1)


@pytest.mark.parametrize("units", [1, 3])
def test_probabilities_are_no_logits(units):
    for last, mentioned in ((tf.identity, None), (tf.sigmoid, "whatever the inputs are"), (tf.nn.softmax, "adds up to 1")):
        backprobe.seed(0)
        output, feed = net(last=last, units=units)
        inputs = list(feed)
        if mentioned is None:
            backprobe.assert_logits(output, inputs, feed)
        else:
            with proved("assert_logits", mentioned):
                backprobe.assert_logits(output, inputs, feed)


def test_the_shape_of_the_target():
    backprobe.seed(0)
    output, feed = net(units=1)
    backprobe.assert_same_shape(output, feed, np.ones((8, 1)))
    with proved("assert_same_shape", "(8, 1)", "(8,)", "(8, 8)"):
        backprobe.assert_same_shape(output, feed, np.ones(8))
    with undecided("assert_same_shape"):
        backprobe.assert_same_shape([output, output], feed, np.ones(8))


def test_gradients_of_inputs_would_change_the_graph():
    backprobe.seed(0)
    output, feed = net()
    with pytest.raises(TypeError, match="graph"):
        backprobe.assert_reaches(output, feed)


@pytest.mark.parametrize("is_clipped", [True, False])
def test_gradients_are_clipped_before_they_are_applied(is_clipped):
    backprobe.seed(0)
    output, feed = net()
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    gradients, variables = zip(*optimizer.compute_gradients(tf.reduce_sum(output**2)))
    if is_clipped:
        gradients, _ = tf.clip_by_global_norm(gradients, 0.5)
    train_op = optimizer.apply_gradients(zip(gradients, variables))
    with backprobe.training_step() as step:
        step.run(train_op, feed)
    if is_clipped:
        step.assert_clipped(0.5)
    else:
        with proved("assert_clipped", "step 1 of 1", "above 0.5"):
            step.assert_clipped(0.5)
