"""Assertions on what comes out of JAX functions: finite, in a range, logits, of a shape, and reached by every input."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen as nn
from outcomes import proved, undecided

import backprobe

INPUTS = jnp.asarray(np.random.RandomState(0).randn(8, 5), jnp.float32)


class Net(nn.Module):
    units: int = 3

    @nn.compact
    def __call__(self, inputs, between=None):
        hidden = nn.Dense(6, name="first")(inputs)
        hidden = hidden if between is None else between(hidden)
        return nn.Dense(self.units, name="second")(hidden)


def net(between=None, last=lambda logits: logits, units=3):
    model = Net(units)
    variables = model.init(jax.random.key(0), INPUTS)
    return jax.jit(lambda inputs: last(model.apply(variables, inputs, between)))


def test_the_first_operation_that_is_not_finite_is_named_with_its_line():
    backprobe.assert_finite(net(jnp.tanh), INPUTS)
    backprobe.assert_finite(net(lambda hidden: jnp.where(hidden > 0, jnp.log(hidden), 0.0)), INPUTS)
    backprobe.assert_finite(net(lambda hidden: jax.nn.softmax(jnp.where(hidden > 0, hidden, -jnp.inf))), jnp.abs(INPUTS))
    with proved("assert_finite", "log in Net", "test_checks.py:"):
        backprobe.assert_finite(net(lambda hidden: jnp.log(hidden)), INPUTS)
    with undecided("assert_finite", "inputs"):
        backprobe.assert_finite(net(), INPUTS * jnp.nan)


def test_the_range_of_an_output():
    backprobe.assert_output_range(net(last=jnp.tanh), INPUTS, low=-1, high=1)
    with proved("assert_output_range", "from 0 to 1"):
        backprobe.assert_output_range(net(last=jnp.tanh), INPUTS, 0, 1)


@pytest.mark.parametrize("units", [1, 3])
def test_probabilities_are_no_logits(units):
    backprobe.assert_logits(net(units=units), INPUTS)
    with proved("assert_logits", "whatever the inputs are"):
        backprobe.assert_logits(net(units=units, last=jax.nn.sigmoid), INPUTS)
    if units > 1:
        with proved("assert_logits", "adds up to 1"):
            backprobe.assert_logits(net(units=units, last=jax.nn.softmax), INPUTS)


def test_the_shape_of_the_target():
    backprobe.assert_same_shape(net(units=3), INPUTS, np.ones((8, 3)))
    with proved("assert_same_shape", "(8, 1)", "(8,)", "(8, 8)"):
        backprobe.assert_same_shape(net(units=1), INPUTS, jnp.ones(8))


@pytest.mark.parametrize("ignored", ["", "tokens", "image"])
def test_every_input_reaches_the_output(ignored):
    table = jax.random.normal(jax.random.key(0), (10, 3))
    model = net()

    def merged(tokens, image):
        words = table[tokens * 0 if ignored == "tokens" else tokens].mean(1)
        return words + model(jax.lax.stop_gradient(image) if ignored == "image" else image)

    inputs = {"tokens": jnp.asarray(np.random.RandomState(0).randint(10, size=(8, 4))), "image": INPUTS}
    if ignored:
        with proved("assert_reaches", "1 of 2", ignored):
            backprobe.assert_reaches(merged, inputs)
    else:
        backprobe.assert_reaches(merged, inputs)


def test_one_array_that_is_given_twice_is_two_inputs():
    backprobe.assert_reaches(lambda first, second: first * second, (INPUTS, INPUTS))
    with proved("assert_reaches", "1 of 2", "[1]"):
        backprobe.assert_reaches(lambda first, second: first + second.sum() * 0, (INPUTS, INPUTS))
