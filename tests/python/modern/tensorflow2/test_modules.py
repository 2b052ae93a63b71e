"""Models of plain TensorFlow 2: `tf.Module`, a tape, and updates by hand or by any optimizer."""

import numpy as np
import pytest
import tensorflow as tf
from outcomes import proved, undecided

import backprobe
from backprobe.on_tensorflow2 import modules

INPUTS = tf.constant(np.random.RandomState(0).randn(8, 5), tf.float32)
LABELS = tf.constant(np.random.RandomState(0).randint(3, size=8))


class Dense(tf.Module):
    def __init__(self, inputs, units, name=None):
        super().__init__(name)
        self.w = tf.Variable(tf.random.normal((inputs, units)) * 0.5)
        self.bias = tf.Variable(tf.zeros(units))

    def __call__(self, inputs):
        return inputs @ self.w + self.bias


class Normalised(tf.Module):
    def __init__(self, units):
        super().__init__()
        self.scale = tf.Variable(tf.ones(units))
        self.moving_mean = tf.Variable(tf.zeros(units), trainable=False)

    def __call__(self, inputs, training):
        mean = tf.reduce_mean(inputs, 0) if training else self.moving_mean
        if training:
            self.moving_mean.assign_add(0.1 * (mean - self.moving_mean))
        return (inputs - mean) * self.scale


class Net(tf.Module):
    def __init__(self, between=tf.identity):
        super().__init__()
        self.between = between
        self.layers = [Dense(5, 6), Dense(6, 3)]
        self.normalised = Normalised(6)

    def __call__(self, inputs, training=False):
        hidden = self.between(tf.tanh(self.layers[0](inputs)))
        return self.layers[1](self.normalised(hidden, training))


def loss_of(model, training=True):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, model(INPUTS, training=training)))


def by_hand(gradients, variables):
    for gradient, variable in zip(gradients, variables):
        if gradient is not None:
            variable.assign_sub(0.1 * gradient)


def by_v1(gradients, variables):
    tf.compat.v1.train.AdamOptimizer(0.1).apply_gradients(zip(gradients, variables))


def by_keras(gradients, variables):
    tf.keras.optimizers.Adam(0.1).apply_gradients(zip(gradients, variables))


def one_step(model, apply, training=True, variables=None):
    with tf.GradientTape() as tape:
        loss = loss_of(model, training)
    variables = model.trainable_variables if variables is None else variables
    apply(tape.gradient(loss, variables), variables)


def eager(function):
    return function


@pytest.mark.parametrize("compiled", [eager, tf.function])
@pytest.mark.parametrize("apply", [by_hand, by_v1, by_keras])
def test_a_loop_with_a_tape(apply, compiled):
    backprobe.seed(0)
    for planted in (False, True):
        model, step_of = Net(tf.stop_gradient if planted else tf.identity), compiled(one_step)
        with backprobe.training_step(model) as step:
            step_of(model, apply)
        step.assert_statistics_moved()
        if planted:
            with proved("assert_trained", "2 of 5", "layers/0/w: absent gradient", "test_modules.py:"):
                step.assert_trained()
            step.assert_untouched(model.layers[0])
        else:
            step.assert_trained()
            step.assert_trained([model.layers[0].w, "normalised", "layers/*"])
            with proved("assert_untouched", "5 of 5", "an optimizer applied a gradient"):
                step.assert_untouched("*")


def test_minimize_is_a_loop_of_its_own():
    backprobe.seed(0)
    for optimizer in (None, tf.keras.optimizers.Adam(0.1)):
        for planted in (False, True):
            model = Net(tf.stop_gradient if planted else tf.identity)
            for given in (model, None):
                with backprobe.training_step(given, optimizer if given is model and not planted else None) as step:
                    step.minimize(lambda: loss_of(model))
                if planted:
                    with proved("assert_trained", "2 of 5", "layers/0/w: absent gradient"):
                        step.assert_trained()
                else:
                    step.assert_trained()
    with pytest.raises(TypeError, match="one element, got a tensor of shape"), backprobe.training_step(model) as step:
        step.minimize(lambda: model(INPUTS))


def test_variables_that_the_loop_leaves_out_are_proved():
    backprobe.seed(0)
    model = Net()
    with backprobe.training_step(model) as step:
        one_step(model, by_hand, variables=model.layers[1].trainable_variables)
    with proved("assert_trained", "3 of 5", "layers/0/w: not held", "normalised/scale: not held"):
        step.assert_trained()


def test_gradients_that_nobody_applies_are_undecided():
    backprobe.seed(0)
    model = Net()
    with backprobe.training_step(model) as step:
        one_step(model, lambda gradients, variables: None)
    with undecided("assert_trained", "no variable was written behind a gradient"):
        step.assert_trained()


def test_statistics_that_nothing_updates_are_proved():
    backprobe.seed(0)
    model = Net()
    with backprobe.training_step(model) as step:
        one_step(model, by_hand, training=False)
    with proved("assert_statistics_moved", "1 of 1", "normalised/moving_mean", "test_modules.py:"):
        step.assert_statistics_moved()


class Residual(tf.Module):
    """A residual branch whose last gamma starts at zero, before a head that starts at zero."""

    def __init__(self, between):
        super().__init__()
        self.between = between
        self.branch, self.head = Dense(5, 5), Dense(5, 3)
        self.gamma = tf.Variable(tf.zeros(5))
        self.head.w.assign(tf.zeros((5, 3)))

    def __call__(self, inputs, training=False):
        return self.head(inputs + self.gamma * self.between(self.branch(inputs)))


def test_zero_initialised_gamma_and_head_train_at_the_third_step():
    backprobe.seed(0)
    for planted in (False, True):
        model = Residual(tf.stop_gradient if planted else tf.identity)
        with backprobe.training_step(model) as step:
            step.minimize(lambda: loss_of(model))
        if planted:
            with proved("assert_trained", "2 of 5", "branch/w: absent gradient"):
                step.assert_trained()
        else:
            step.assert_trained()
    with backprobe.training_step(Residual(tf.identity)) as step:
        one_step(next(iter(step._models.values())), by_hand)
    with undecided("assert_trained", "head/w", "starts at zero"):
        step.assert_trained()


def test_a_dead_rectifier_is_undecided_and_a_factor_of_zero_is_not():
    backprobe.seed(0)
    for between, is_dead in ((lambda hidden: tf.nn.relu(hidden - 10.0), True), (lambda hidden: hidden * 0.0, False)):
        model = Net(between)
        with backprobe.training_step(model) as step:
            one_step(model, by_hand, training=False)
        if is_dead:
            with undecided("assert_trained", "Relu is zero everywhere"):
                step.assert_trained("layers/0")
        else:
            with proved("assert_trained", "2 of 2", "layers/0/w: zero gradient"):
                step.assert_trained("layers/0")


def test_slices_of_an_embedding_and_accumulated_gradients_count():
    backprobe.seed(0)
    model = Dense(50, 6)
    total = None
    with backprobe.training_step(model) as step:
        for tokens in ([[1, 2]], [[3, 4]]):
            with tf.GradientTape() as tape:
                loss = backprobe.probe_loss(tf.gather(model.w, tokens) + model.bias)
            found = [tf.convert_to_tensor(gradient) for gradient in tape.gradient(loss, [model.w, model.bias])]
            total = found if total is None else [one + other for one, other in zip(total, found)]
        by_hand(total, [model.w, model.bias])
    step.assert_trained()


@pytest.mark.parametrize("between", [tf.identity, tf.stop_gradient, lambda hidden: hidden * 0.0])
@pytest.mark.parametrize("is_looked_at_first", [True, False])
def test_a_gradient_that_is_only_looked_at_does_not_count_as_applied(is_looked_at_first, between):
    backprobe.seed(0)
    model = Net(between)
    with backprobe.training_step(model) as step:
        with tf.GradientTape(persistent=True) as tape:
            loss = loss_of(model)
            whole = tf.reduce_mean(model.layers[0](INPUTS) ** 2) + loss
        found = [tape.gradient(one, model.trainable_variables) for one in ((whole, loss) if is_looked_at_first else (loss, whole))]
        by_hand(found[is_looked_at_first], model.trainable_variables)
    if between is tf.identity:
        step.assert_trained()
    elif between is tf.stop_gradient:
        with proved("assert_trained", "2 of 5", "layers/0/w"):
            step.assert_trained()
    else:
        with undecided("assert_trained", "layers/0/", "several gradients"):
            step.assert_trained()
    step.assert_trained("layers/1/bias")


def by_assignment(gradients, variables):
    gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
    for gradient, variable in zip(gradients, variables):
        variable.assign(variable - 0.1 * gradient)


def by_momentum(gradients, variables):
    for gradient, variable in zip(gradients, variables):
        momentum = tf.Variable(tf.zeros_like(variable))
        momentum.assign(0.9 * momentum + gradient)
        variable.assign(variable - 0.1 * momentum)


def by_numpy(gradients, variables):
    for gradient, variable in zip(gradients, variables):
        variable.assign(variable.numpy() - 0.1 * gradient.numpy())


def clipped(variables):
    for variable in variables:
        variable.assign(tf.clip_by_value(variable, -0.3, 0.3))


@pytest.mark.parametrize("compiled", [eager, tf.function])
@pytest.mark.parametrize("apply", [by_assignment, by_momentum, by_keras])
def test_an_assignment_computed_from_a_gradient_applies_it(apply, compiled):
    backprobe.seed(0)
    for is_clipped in (False, True):
        model, step_of = Net(), one_step if apply is by_momentum else compiled(one_step)
        with backprobe.training_step(model) as step:
            for _ in range(2):
                step_of(model, lambda gradients, variables: (clipped(variables if is_clipped else ()), apply(gradients, variables)))
        step.assert_trained()


@pytest.mark.parametrize("instead", [lambda gradients, variables: clipped(variables), by_numpy])
def test_an_assignment_that_is_not_computed_from_a_gradient_is_undecided(instead):
    backprobe.seed(0)
    model = Net()
    with backprobe.training_step(model) as step:
        one_step(model, instead, variables=model.layers[0].trainable_variables)
        one_step(model, by_hand, variables=model.layers[1].trainable_variables)
    with undecided("assert_trained", "layers/0/", "it was assigned what TensorFlow did not compute from a gradient"):
        step.assert_trained("layers/0")
    step.assert_trained("layers/1")


def train(planted):
    """The project's own code, whose models are variables."""
    generator, discriminator = Dense(4, 5), Dense(5, 1)
    for _ in range(3):
        noise = tf.random.normal((8, 4))
        with tf.GradientTape(persistent=True) as tape:
            fake = discriminator(generator(noise))
            d_loss = tf.reduce_mean(tf.nn.softplus(-discriminator(INPUTS)) + tf.nn.softplus(fake))
            g_loss = tf.reduce_mean(tf.nn.softplus(-fake))
        variables = (*discriminator.trainable_variables, *(generator.trainable_variables if planted else ()))
        d_gradients, g_gradients = tape.gradient(d_loss, variables), tape.gradient(g_loss, generator.trainable_variables)
        by_hand(d_gradients, variables)
        by_hand(g_gradients, generator.trainable_variables)


def test_players_of_the_projects_own_code_are_found_and_told_apart():
    for planted in (False, True):
        backprobe.seed(0)
        with backprobe.training_step() as step:
            train(planted)
        step.assert_trained()
        if planted:
            with proved("assert_untouched", "2 of 2", "generator/w"):
                step.assert_untouched("generator", by="discriminator")
        else:
            step.assert_untouched("generator", by="discriminator")


def test_modes_and_values_of_calls():
    backprobe.seed(0)
    model = Net()
    model.normalised.moving_mean.assign(tf.ones(6))
    before = model.normalised.moving_mean.numpy()
    backprobe.assert_examples_independent(model, INPUTS)
    backprobe.assert_output_varies(model, INPUTS)
    backprobe.assert_deterministic(model, INPUTS)
    backprobe.assert_reaches(model, INPUTS)
    backprobe.assert_finite(model, INPUTS)
    backprobe.assert_same_shape(model, INPUTS, (8, 3))
    with proved("assert_examples_independent"):
        backprobe.assert_examples_independent(lambda inputs: model(inputs, training=True), INPUTS)
    with proved("assert_output_varies"):
        backprobe.assert_output_varies(lambda inputs: tf.nn.softmax(model(inputs)[:, :1]), INPUTS)
    with proved("assert_finite", "the operation Log"):
        backprobe.assert_finite(lambda inputs: tf.math.log(-tf.abs(model(inputs))), INPUTS)
    np.testing.assert_array_equal(before, model.normalised.moving_mean.numpy())


def test_variables_that_hold_strings_are_left_out():
    backprobe.seed(0)
    model = Net()
    model.label = tf.Variable("hello", trainable=False)
    with backprobe.training_step(model) as step:
        one_step(model, by_hand)
    step.assert_trained()
    step.assert_statistics_moved()


def test_what_keeps_the_step_from_being_observed_is_said(monkeypatch):
    def broken(models):
        raise ValueError("the variables are broken")

    model = Net()
    monkeypatch.setattr(modules, "variables", broken)
    with backprobe.training_step(model) as step:
        one_step(model, by_hand)
    with undecided("assert_trained", "could not be observed", "the variables are broken"):
        step.assert_trained()


def test_watching_leaves_nothing_behind():
    before = (tf.GradientTape.gradient, tf.GradientTape.__enter__, tf.config.functions_run_eagerly())
    with pytest.raises(ZeroDivisionError), backprobe.training_step(Net()):
        raise ZeroDivisionError
    assert (tf.GradientTape.gradient, tf.GradientTape.__enter__, tf.config.functions_run_eagerly()) == before


def test_values_prove_nothing():
    """Decay moves what has a gradient of zero, and a tiny gradient moves nothing."""
    backprobe.seed(0)
    for between, rate, is_planted in ((lambda hidden: hidden * 0.0, 0.1, True), (tf.identity, 1e-12, False)):
        model = Net(between)

        def apply(gradients, variables, rate=rate):
            for gradient, variable in zip(gradients, variables):
                variable.assign(variable * (1 - 0.1 * rate) - rate * gradient)

        with backprobe.training_step(model) as step:
            one_step(model, apply)
        if is_planted:
            with proved("assert_trained", "2 of 2", "layers/0/w: zero gradient"):
                step.assert_trained("layers/0")
        else:
            step.assert_trained()


def test_frozen_variables_are_listed_and_shared_ones_counted_once():
    backprobe.seed(0)
    model = Net(tf.stop_gradient)
    model.layers[1]._trainable = model.layers[1].w
    model.normalised.scale = tf.Variable(tf.ones(6), trainable=False)
    with backprobe.training_step(model) as step:
        one_step(model, by_hand)
    with proved("assert_trained", "2 of 4", "layers/0/w: absent gradient"):
        step.assert_trained()
    step.assert_trained("layers/1/_trainable")
    step.assert_trained("layers/1/w")


def test_players_are_named_by_a_mapping_whatever_else_is_imported():
    jax = pytest.importorskip("jax")
    backprobe.seed(0)
    for names in (("first", "second"), ("first", 2)):
        first, second = Dense(5, 3), Dense(5, 3)
        with backprobe.training_step(dict(zip(names, (first, second)))) as step:
            step.minimize(lambda: backprobe.probe_loss([first(INPUTS), second(INPUTS)]))
        step.assert_trained([f"{name}/w" for name in names])
    with backprobe.training_step({"first": [jax.numpy.ones(3)]}) as step:
        step.minimize(lambda params: params["first"][0].sum())
    step.assert_trained("first/0")


def test_one_tensor_that_is_given_twice_is_two_inputs():
    backprobe.seed(0)
    layer = Dense(5, 3)
    backprobe.assert_reaches(lambda first, second: layer(first * second), (INPUTS, INPUTS))
    with proved("assert_reaches", "1 of 2", "[1]"):
        backprobe.assert_reaches(lambda first, second: layer(first) + tf.reduce_sum(second) * 0.0, (INPUTS, INPUTS))
