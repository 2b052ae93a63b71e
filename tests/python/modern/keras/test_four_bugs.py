"""The bugs backprobe was built for, in Keras: correct code passes, the planted bug is proved by the assertion its page names."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers, ops
from outcomes import proved, undecided

import backprobe


def line_of(text):
    return f"test_four_bugs.py:{1 + Path(__file__).read_text().splitlines().index(text)}"


def images_and_labels():
    generator = np.random.RandomState(0)
    return generator.randn(8, 7, 9, 3).astype("float32"), generator.randint(0, 10, (8,))


def cross_entropy(labels, logits):
    return ops.mean(keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True))


class ConvNet(keras.Model):
    def __init__(self, unstacked):
        super().__init__()
        self.unstacked = unstacked
        self.first = layers.Conv2D(6, 3, padding="same", activation="relu")
        self.second = layers.Conv2D(5, 3, padding="same", activation="relu")
        self.classifier = layers.Dense(10)

    def call(self, images):
        hidden = self.first(images)
        hidden = self.second(images if self.unstacked else hidden)
        return self.classifier(ops.mean(hidden, (1, 2)))


def step_of(model):
    images, labels = images_and_labels()
    with backprobe.training_step(model) as step:
        step.minimize(lambda: cross_entropy(labels, model(images, training=True)))
    return step


def test_stacked_layers_train():
    backprobe.seed(0)
    step_of(ConvNet(unstacked=False)).assert_trained()


def test_an_unstacked_layer_of_a_subclass_is_proved_with_its_line():
    backprobe.seed(0)
    step = step_of(ConvNet(unstacked=True))
    line = line_of('        self.first = layers.Conv2D(6, 3, padding="same", activation="relu")')
    with proved("assert_trained", "2 of 6", "first/kernel: ", "first/bias", line):
        step.assert_trained()
    step.assert_trained(["second", "classifier"])
    step.assert_trained(except_="first")


def functional(unstacked):
    inputs = keras.Input((7, 9, 3))
    hidden = layers.Conv2D(6, 3, activation="relu", name="first")(inputs)
    hidden = layers.Conv2D(5, 3, activation="relu", name="second")(inputs if unstacked else hidden)
    outputs = layers.Dense(10, name="classifier")(layers.GlobalAveragePooling2D()(hidden))
    return keras.Model(inputs, outputs)


def test_stacked_layers_of_a_functional_model_train():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        model = functional(unstacked=False)
        images, labels = images_and_labels()
        step.minimize(lambda: cross_entropy(labels, model(images, training=True)))
    step.assert_trained()
    step_of(functional(unstacked=False)).assert_trained()


def test_an_unstacked_layer_of_a_functional_model_that_the_body_builds_is_proved_with_its_line():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        model = functional(unstacked=True)
        images, labels = images_and_labels()
        step.minimize(lambda: cross_entropy(labels, model(images, training=True)))
    line = line_of('    hidden = layers.Conv2D(6, 3, activation="relu", name="first")(inputs)')
    with proved("assert_trained", "2 of 6", "first/kernel: absent from the model", line):
        step.assert_trained()
    with proved("assert_trained", "2 of 2"):
        step.assert_trained("first")
    step.assert_trained(except_="first")


class Scaled(layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, inputs):
        return inputs * self.scale


def test_a_layer_without_a_constructor_is_made_as_elsewhere():
    with backprobe.training_step() as step:
        inputs = keras.Input((8,))
        model = keras.Model(inputs, Scaled()(layers.Dense(4)(inputs)))
        step.minimize(lambda: backprobe.probe_loss(model(np.random.randn(6, 8))))
    step.assert_trained()


def test_a_layer_of_another_model_on_the_same_inputs_is_not_blamed():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        inputs = keras.Input((5,))
        hidden = layers.Dense(6, activation="tanh")(inputs)
        auxiliary = keras.Model(inputs, layers.Dense(2, name="auxiliary")(hidden))
        model = keras.Model(inputs, layers.Dense(3)(hidden))
        model.compile("sgd", "mse", run_eagerly=True)
        model.fit(np.ones((8, 5)), np.ones((8, 3)), verbose=0)
    step.assert_trained(except_="auxiliary")
    assert auxiliary is not None


def test_a_layer_that_is_never_called_is_proved():
    backprobe.seed(0)

    class Forgetful(keras.Model):
        def __init__(self):
            super().__init__()
            self.forgotten = layers.Dense(4)
            self.used = layers.Dense(10)

        def call(self, images):
            return self.used(ops.mean(images, (1, 2)))

    step = step_of(Forgetful())
    with proved("assert_trained", "1 of 3", "forgotten: never called"):
        step.assert_trained()
    step.assert_trained("used")


def sequential(units=10, normalised=False):
    middle = [layers.BatchNormalization(name="normalised")] if normalised else []
    first = layers.Dense(6, activation="tanh", name="hidden")
    return keras.Sequential([layers.Flatten(), first, *middle, layers.Dense(units, name="head")])


def test_sequential_models_train():
    backprobe.seed(0)
    step = step_of(sequential(normalised=True))
    step.assert_trained()
    step.assert_statistics_moved()


@pytest.mark.parametrize("training", [True, False, None])
def test_batch_norm_learns_its_statistics_in_train_mode_only(training):
    backprobe.seed(0)
    model = sequential(normalised=True)
    images, labels = images_and_labels()
    with backprobe.training_step(model) as step:
        step.minimize(lambda: cross_entropy(labels, model(images, training=training)))
    step.assert_trained()
    if training:
        step.assert_statistics_moved()
        backprobe.assert_examples_independent(model, images)
        backprobe.assert_examples_independent(lambda batch: model(batch), images)
    else:
        with proved("assert_statistics_moved", "2 of 2", "normalised/moving_mean", "normalised/moving_variance"):
            step.assert_statistics_moved()


def test_fit_trains_and_moves_statistics():
    backprobe.seed(0)
    for planted in (False, True):
        model = sequential(normalised=True)
        if planted:
            model.layers[2].trainable = False
        model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        with backprobe.training_step(model) as step:
            model.fit(*images_and_labels(), verbose=0)
        step.assert_trained()
        if planted:
            with undecided("assert_statistics_moved"):
                step.assert_statistics_moved()
        else:
            step.assert_statistics_moved()


def always_training(batch, model):
    return model(batch, training=True)


def test_a_model_that_always_trains_couples_the_examples():
    backprobe.seed(0)
    model = sequential(normalised=True)
    images, _ = images_and_labels()
    with proved("assert_examples_independent", "batch"):
        backprobe.assert_examples_independent(lambda batch: always_training(batch, model), images)


def test_a_softmax_over_several_units_depends_on_its_inputs():
    backprobe.seed(0)
    model = keras.Sequential([layers.Dense(6, activation="tanh"), layers.Dense(3, activation="softmax")])
    inputs, labels = np.random.randn(8, 5), np.eye(3)[np.random.randint(3, size=8)]
    backprobe.assert_output_varies(model, inputs)
    backprobe.assert_loss_depends_on(lambda batch: ops.mean(keras.losses.categorical_crossentropy(labels, model(batch))), inputs)


def test_a_softmax_over_one_unit_is_constant():
    backprobe.seed(0)
    model = keras.Sequential([layers.Dense(6, activation="tanh"), layers.Dense(1, activation="softmax")])
    inputs, labels = np.random.randn(8, 5), np.random.randint(2, size=(8, 1)).astype("float32")
    with proved("assert_output_varies"):
        backprobe.assert_output_varies(model, inputs)
    with proved("assert_loss_depends_on"):
        backprobe.assert_loss_depends_on(lambda batch: ops.mean(keras.losses.categorical_crossentropy(labels, model(batch))), inputs)


class Gan:
    def __init__(self):
        generator = [keras.Input((4,)), layers.Dense(6), layers.BatchNormalization(), layers.Dense(5)]
        self.generator = keras.Sequential(generator, name="generator")
        discriminator = [keras.Input((5,)), layers.Dense(7, activation="leaky_relu"), layers.Dense(1)]
        self.discriminator = keras.Sequential(discriminator, name="discriminator")

    def generator_loss(self):
        noise = np.random.RandomState(0).randn(8, 4)
        scores = self.discriminator(self.generator(noise, training=True), training=True)
        return ops.mean(ops.softplus(-scores))


def players_optimizer(gan, variables):
    optimizer = keras.optimizers.Adam(0.01)
    optimizer.build(variables)
    return optimizer


def test_each_player_trains_itself_alone():
    backprobe.seed(0)
    gan = Gan()
    with backprobe.training_step(gan, players_optimizer(gan, gan.generator.trainable_variables)) as step:
        step.minimize(gan.generator_loss)
    step.assert_trained("generator")
    step.assert_untouched()
    step.assert_untouched("discriminator", by="generator")
    with proved("assert_trained", "4 of 4", "discriminator/dense_2/kernel: not held"):
        step.assert_trained("discriminator")


def test_an_optimizer_over_both_players_trains_the_other():
    backprobe.seed(0)
    gan = Gan()
    everything = [*gan.generator.trainable_variables, *gan.discriminator.trainable_variables]
    players = {"generator": gan.generator, "discriminator": gan.discriminator}
    with backprobe.training_step(players, players_optimizer(gan, everything)) as step:
        step.minimize(gan.generator_loss)
    step.assert_trained(gan.generator)
    with proved("assert_untouched", "4 of 4", "an optimizer applied a gradient"):
        step.assert_untouched("discriminator/")
    with proved("assert_untouched", "an optimizer that trains 'generator'"):
        step.assert_untouched("discriminator", by="generator")


def test_a_combined_model_trains_the_discriminator_unless_it_is_frozen():
    backprobe.seed(0)
    for frozen in (True, False):
        gan = Gan()
        gan.discriminator.trainable = not frozen
        combined = keras.Sequential([gan.generator, gan.discriminator])
        combined.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
        with backprobe.training_step(gan) as step:
            combined.train_on_batch(np.random.randn(8, 4), np.ones((8, 1)))
        step.assert_trained("generator")
        if frozen:
            step.assert_untouched("discriminator")
        else:
            with proved("assert_untouched", "4 of 4"):
                step.assert_untouched("discriminator")


def truncated():
    """The features of a backbone, whose own head is left out on purpose."""
    inputs = keras.Input((7, 9, 3))
    features = layers.Conv2D(6, 3, activation="relu")(inputs)
    backbone = keras.Model(inputs, layers.Dense(5, name="dropped")(layers.GlobalAveragePooling2D(name="pooled")(features)))
    return keras.Model(backbone.input, layers.Dense(10)(backbone.get_layer("pooled").output))


def test_the_head_of_a_truncated_backbone_is_not_blamed():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        model = truncated()
        images, labels = images_and_labels()
        step.minimize(lambda: cross_entropy(labels, model(images, training=True)))
    step.assert_trained()
