"""Assertions on what comes out of Keras models: finite, in a range, logits, of a shape, and reached by every input."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from outcomes import proved, undecided

import backprobe

INPUTS = np.random.RandomState(0).randn(8, 5).astype("float32")


def net(between=lambda hidden: hidden, last=lambda hidden: hidden, units=3):
    inputs = keras.Input((5,))
    hidden = layers.Lambda(between, name="between")(layers.Dense(6, name="first")(inputs))
    hidden = layers.Dense(units, name="second")(layers.BatchNormalization()(hidden))
    return keras.Model(inputs, layers.Lambda(last, name="last")(hidden))


def test_the_first_layer_that_is_not_finite_is_named():
    backprobe.seed(0)
    backprobe.assert_finite(net(ops.tanh), INPUTS)
    with proved("assert_finite", "between (Lambda)"):
        backprobe.assert_finite(net(ops.log), INPUTS)
    with proved("assert_finite", "last (Lambda)"):
        backprobe.assert_finite(net(last=lambda hidden: ops.log(-ops.abs(hidden))), INPUTS)
    with undecided("assert_finite", "inputs"):
        backprobe.assert_finite(net(), INPUTS * np.nan)


def test_the_range_of_an_output():
    backprobe.seed(0)
    backprobe.assert_output_range(net(last=ops.tanh), INPUTS, low=-1, high=1)
    with proved("assert_output_range", "from 0 to 1"):
        backprobe.assert_output_range(net(last=ops.tanh), INPUTS, 0, 1)


@pytest.mark.parametrize("units", [1, 3])
def test_probabilities_are_no_logits(units):
    backprobe.seed(0)
    backprobe.assert_logits(net(units=units), INPUTS)
    with proved("assert_logits", "whatever the inputs are"):
        backprobe.assert_logits(net(units=units, last=ops.sigmoid), INPUTS)
    if units > 1:
        with proved("assert_logits", "adds up to 1"):
            backprobe.assert_logits(net(units=units, last=ops.softmax), INPUTS)


def test_the_shape_of_the_target():
    backprobe.seed(0)
    backprobe.assert_same_shape(net(units=3), INPUTS, np.ones((8, 3)))
    with proved("assert_same_shape", "(8, 1)", "(8,)", "(8, 8)"):
        backprobe.assert_same_shape(net(units=1), INPUTS, np.ones(8))


@pytest.mark.parametrize("ignored", ["", "tokens", "image"])
def test_every_input_reaches_the_output(ignored):
    backprobe.seed(0)
    embedding, dense = layers.Embedding(10, 6), layers.Dense(6)

    def merged(tokens, image):
        words = ops.mean(embedding(tokens * 0 if ignored == "tokens" else tokens), 1)
        return words + dense(ops.stop_gradient(ops.convert_to_tensor(image)) if ignored == "image" else image)

    inputs = {"tokens": np.random.randint(10, size=(8, 4)), "image": INPUTS}
    if ignored:
        with proved("assert_reaches", "1 of 2", ignored):
            backprobe.assert_reaches(merged, inputs)
    else:
        backprobe.assert_reaches(merged, inputs)
        backprobe.assert_reaches(net(), INPUTS)


def test_one_tensor_that_is_given_twice_is_two_inputs():
    backprobe.seed(0)
    inputs, layer = ops.convert_to_tensor(INPUTS), layers.Dense(3)
    backprobe.assert_reaches(lambda first, second: layer(first * second), (inputs, inputs))
    with proved("assert_reaches", "1 of 2", "[1]"):
        backprobe.assert_reaches(lambda first, second: layer(first) + ops.sum(second) * 0, (inputs, inputs))


def test_inputs_may_all_be_tokens():
    backprobe.seed(0)
    tokens, embedding = np.random.randint(10, size=(8, 4)), layers.Embedding(10, 6)
    backprobe.assert_reaches(embedding, tokens)
    with proved("assert_reaches", "1 of 1"):
        backprobe.assert_reaches(lambda tokens: embedding(tokens * 0), tokens)
