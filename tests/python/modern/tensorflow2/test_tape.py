"""TensorFlow 2 loops with a tape of their own, eager and compiled, with layers of Keras 3 or 2 (`TF_USE_LEGACY_KERAS=1`)."""

import gc

import numpy as np
import pytest
import tensorflow as tf
from outcomes import judged_cancelling, proved, undecided

import backprobe

layers = tf.keras.layers
INPUTS = tf.constant(np.random.RandomState(0).randn(8, 5), tf.float32)
LABELS = tf.constant(np.random.RandomState(0).randint(3, size=8))
IS_KERAS_3 = hasattr(tf.keras, "ops")
CROSS_ENTROPY = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


class Net(tf.keras.Model):
    def __init__(self, detached=False):
        super().__init__()
        self.detached = detached
        self.first = layers.Dense(6, activation="tanh")
        self.normalised = layers.BatchNormalization()
        self.second = layers.Dense(3)

    def call(self, inputs, training=None):
        hidden = self.first(inputs)
        hidden = tf.stop_gradient(hidden) if self.detached else hidden
        return self.second(self.normalised(hidden, training=training))


def one_step(model, optimizer, training=True, variables=None):
    with tf.GradientTape() as tape:
        loss = CROSS_ENTROPY(LABELS, model(INPUTS, training=training))
    variables = model.trainable_variables if variables is None else variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))


def eager(function):
    return function


@pytest.mark.parametrize("compiled", [eager, tf.function])
def test_a_loop_with_a_tape(compiled):
    backprobe.seed(0)
    for detached in (False, True):
        model, optimizer, step_of = Net(detached), tf.keras.optimizers.Adam(), compiled(one_step)
        with backprobe.training_step(model) as step:
            step_of(model, optimizer)
        step.assert_statistics_moved()
        if detached:
            with proved("assert_trained", "2 of 6", "first/kernel: absent gradient", "test_tape.py:"):
                step.assert_trained()
        else:
            step.assert_trained()


@pytest.mark.parametrize("compiled", [eager, tf.function])
def test_a_loop_that_forgets_the_training_flag(compiled):
    backprobe.seed(0)
    model, optimizer, step_of = Net(), tf.keras.optimizers.SGD(0.1), compiled(one_step)
    step_of(model, optimizer)
    with backprobe.training_step(model) as step:
        step_of(model, optimizer, training=None)
    step.assert_trained()
    with proved("assert_statistics_moved", "2 of 2", "normalised/moving_mean"):
        step.assert_statistics_moved()


def test_variables_that_the_loop_leaves_out_are_proved():
    backprobe.seed(0)
    model = Net()
    model(INPUTS)
    with backprobe.training_step(model) as step:
        one_step(model, tf.keras.optimizers.SGD(0.1), variables=model.second.trainable_variables)
    with proved("assert_trained", "4 of 6", "first/kernel: not held"):
        step.assert_trained()


def test_raw_variables_and_watched_ones_are_recognised():
    backprobe.seed(0)
    model = Net()
    model(INPUTS)
    with backprobe.training_step(model) as step:
        with tf.GradientTape() as tape:
            loss = CROSS_ENTROPY(LABELS, model(INPUTS, training=True))
        variables = tape.watched_variables()
        tf.keras.optimizers.SGD(0.1).apply_gradients(zip(tape.gradient(loss, variables), variables))
    step.assert_trained()
    step.assert_trained(model.first.kernel)


def test_a_step_by_hand_is_seen_by_the_tape_of_keras_2_only():
    backprobe.seed(0)
    model = Net()
    model(INPUTS)
    with backprobe.training_step(model) as step:
        with tf.GradientTape() as tape:
            loss = CROSS_ENTROPY(LABELS, model(INPUTS, training=True))
        for variable, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
            variable.assign_sub(0.1 * gradient)
    if not IS_KERAS_3:
        step.assert_trained()
        return
    with undecided("assert_trained", "no optimizer was seen"):
        step.assert_trained()
    with proved("assert_untouched", "6 of 6", "its value changed"):
        step.assert_untouched("*")


def test_slices_of_an_embedding_are_read_by_their_values():
    backprobe.seed(0)
    model = tf.keras.Sequential([layers.Embedding(50, 6), layers.Dense(3)])
    tokens = tf.constant([[1, 2], [3, 4]])
    with backprobe.training_step(model) as step:
        with tf.GradientTape() as tape:
            loss = backprobe.probe_loss(model(tokens))
        gradients = tape.gradient(loss, model.trainable_variables)
        assert isinstance(gradients[0], tf.IndexedSlices)
        tf.keras.optimizers.SGD(0.1).apply_gradients(zip(gradients, model.trainable_variables))
    step.assert_trained()


def test_mixed_precision_counts_the_steps_that_the_scaler_takes():
    backprobe.seed(0)
    model = Net()
    scaling = tf.keras.optimizers if IS_KERAS_3 else tf.keras.mixed_precision
    model.compile(scaling.LossScaleOptimizer(tf.keras.optimizers.SGD(0.1)), CROSS_ENTROPY)
    with backprobe.training_step(model) as step:
        model.fit(INPUTS, LABELS, verbose=0)
    step.assert_trained()


class Players(tf.keras.Model):
    """Two players in one model, with a training step of its own."""

    def __init__(self, planted):
        super().__init__()
        self.planted = planted
        self.generator = tf.keras.Sequential([layers.Dense(6), layers.Dense(5)])
        self.discriminator = tf.keras.Sequential([layers.Dense(7, activation="tanh"), layers.Dense(1)])
        self.generator_optimizer = tf.keras.optimizers.Adam()
        self.discriminator_optimizer = tf.keras.optimizers.Adam()

    def train_step(self, real):
        noise = tf.random.normal((8, 4))
        with tf.GradientTape() as tape:
            real_scores, fake_scores = self.discriminator(real), self.discriminator(self.generator(noise))
            loss = tf.reduce_mean(tf.nn.softplus(-real_scores)) + tf.reduce_mean(tf.nn.softplus(fake_scores))
        variables = self.trainable_variables if self.planted else self.discriminator.trainable_variables
        self.discriminator_optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softplus(-self.discriminator(self.generator(noise))))
        variables = self.generator.trainable_variables
        self.generator_optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return {"loss": loss}


def test_players_of_one_model_are_told_apart_by_their_optimizers():
    backprobe.seed(0)
    for planted in (False, True):
        model = Players(planted)
        model.generator.build((8, 4)), model.discriminator.build((8, 5))
        model.compile()
        with backprobe.training_step(model) as step:
            model.fit(INPUTS, batch_size=8, verbose=0)
        step.assert_trained()
        if planted:
            with proved("assert_untouched", "4 of 4", "generator/dense"):
                step.assert_untouched("generator", by="discriminator")
        else:
            step.assert_untouched("generator", by="discriminator")


def test_a_tensorflow_that_builds_graphs_is_not_taken_for_keras():
    with tf.Graph().as_default():
        step = backprobe.training_step()
    assert type(step).__module__ == "backprobe.on_tensorflow1.step"


def by_hand(gradients):
    return tf.clip_by_global_norm(gradients, 0.01)[0]


def not_at_all(gradients):
    return gradients


@pytest.mark.parametrize(("clip", "options"), [(by_hand, {}), (not_at_all, {"global_clipnorm": 0.01}), (not_at_all, {})])
def test_gradients_are_clipped_by_hand_or_by_the_optimizer(clip, options):
    backprobe.seed(0)
    model = Net()
    model(INPUTS)
    optimizer = tf.keras.optimizers.SGD(0.1, **options)
    with backprobe.training_step(model) as step:
        with tf.GradientTape() as tape:
            loss = CROSS_ENTROPY(LABELS, model(INPUTS, training=True))
        optimizer.apply_gradients(zip(clip(tape.gradient(loss, model.trainable_variables)), model.trainable_variables))
    if not IS_KERAS_3:
        with undecided("assert_clipped", "before anything clips them"):
            step.assert_clipped(0.01)
    elif clip is by_hand or options:
        step.assert_clipped(0.01)
    else:
        with proved("assert_clipped", "step 1 of 1", "above 0.01"):
            step.assert_clipped(0.01)
    with undecided("assert_gradients_cleared"):
        step.assert_gradients_cleared()


@pytest.mark.parametrize("planted", [False, True])
def test_a_bias_that_cancels_in_a_difference_is_not_judged(planted):
    backprobe.seed(0)
    first, second = layers.Dense(6, activation="tanh"), layers.Dense(1)
    critic = tf.keras.Sequential([first, layers.Lambda(lambda hidden: hidden * (0.0 if planted else 1.0)), second])
    critic(INPUTS)
    optimizer = tf.keras.optimizers.Adam()
    with backprobe.training_step(critic) as step:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(critic(INPUTS)) - tf.reduce_sum(critic(INPUTS * 2))
        optimizer.apply_gradients(zip(tape.gradient(loss, critic.trainable_variables), critic.trainable_variables))
    judged_cancelling(step, f"{second.name}/bias", planted)


def fitted(build):
    with backprobe.training_step() as step:
        model = build()
        model.compile("sgd", "mse")
        model.fit(INPUTS, tf.ones((8, 3)), verbose=0)
    return step


def functional(unstacked):
    inputs = tf.keras.Input((5,))
    hidden = layers.Dense(6, activation="tanh", name="first")(inputs)
    return tf.keras.Model(inputs, layers.Dense(3, name="second")(inputs if unstacked else hidden))


def base_without_its_top():
    def base():
        inputs = tf.keras.Input((5,))
        hidden = layers.Dense(6, activation="tanh")(inputs)
        return tf.keras.Model(inputs, layers.Dense(2, name="top")(hidden))

    whole = base()
    return tf.keras.Model(whole.input, layers.Dense(3, name="head")(whole.layers[-2].output))


def test_unstacked_layers_of_functional_models_are_proved():
    backprobe.seed(0)
    fitted(lambda: functional(False)).assert_trained()
    step = fitted(lambda: functional(True))
    with proved("assert_trained", "2 of 4", "first/kernel: absent from the model", "test_tape.py:"):
        step.assert_trained()
    step.assert_trained("second")
    gc.collect()
    fitted(base_without_its_top).assert_trained()
