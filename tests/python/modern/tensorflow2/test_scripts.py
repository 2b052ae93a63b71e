"""Flat scripts of TensorFlow 2 with a tape of their own, run as they are."""

import pytest
import scripts
from outcomes import proved, undecided

import backprobe

SCRIPT = """
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(6, activation="tanh"), tf.keras.layers.BatchNormalization(), tf.keras.layers.Dense(3)])
optimizer = tf.keras.optimizers.Adam()


@tf.function
def train_step(inputs, labels):
    with tf.GradientTape() as tape:
        logits = model(inputs, training=TRAINING)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


while True:
    train_step(tf.random.normal((8, 5)), tf.random.uniform((8,), 0, 3, tf.int32))
"""


@pytest.mark.parametrize("training", [False, True])
def test_a_script_with_a_tape_is_judged(training, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    step = backprobe.run_script(scripts.written(SCRIPT.replace("TRAINING", str(training))))
    step.assert_trained()
    if training:
        step.assert_statistics_moved()
    else:
        with proved("assert_statistics_moved", "2 of 2", "moving_mean"):
            step.assert_statistics_moved()


DENSE = """
import tensorflow as tf


class Dense(tf.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.w = tf.Variable(tf.random.normal((inputs, units)))

    def __call__(self, inputs):
        return inputs @ self.w
"""


MODULE = f"""{DENSE}

first, second = Dense(5, 6), Dense(6, 1)
while True:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((second(CUT(tf.tanh(first(tf.random.normal((8, 5)))))) - 1.0) ** 2)
    variables = (first.w, second.w)
    for variable, gradient in zip(variables, tape.gradient(loss, variables)):
        if gradient is not None:
            variable.assign_sub(0.1 * gradient)
"""


PLAYERS = f"""{DENSE}

class Players(tf.Module):
    def __init__(self):
        super().__init__()
        self.generator, self.critic = Dense(4, 5), Dense(5, 1)


def update(tape, loss, variables):
    for variable, gradient in zip(variables, tape.gradient(loss, variables)):
        if gradient is not None:
            variable.assign_sub(0.01 * gradient)


PLACE
while True:
    for _ in range(5):
        noise = tf.random.normal((8, 4))
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(critic(generator(noise)) - critic(tf.random.normal((8, 5))))
        update(tape, loss, critic.trainable_variables)
        for variable in critic.trainable_variables:
            variable.assign(tf.clip_by_value(variable, -0.1, 0.1))
    with tf.GradientTape() as tape:
        loss = -tf.reduce_mean(critic(CUT(generator(tf.random.normal((8, 4))))))
    update(tape, loss, generator.trainable_variables)
"""
APART = "generator, critic = Dense(4, 5), Dense(5, 1)"
TOGETHER = "players = Players()\ngenerator, critic = players.generator, players.critic"


@pytest.mark.parametrize(("place", "above"), [(APART, ""), (TOGETHER, "players/")])
@pytest.mark.parametrize("cut", ["tf.identity", "tf.stop_gradient"])
def test_a_player_that_steps_seldom_takes_its_steps_too(cut, place, above, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    step = backprobe.run_script(scripts.written(PLAYERS.replace("CUT", cut).replace("PLACE", place)))
    step.assert_trained(f"{above}critic")
    if cut == "tf.stop_gradient":
        with proved("assert_trained", "1 of 1", "generator/w: not held"):
            step.assert_trained(f"{above}generator")
    else:
        step.assert_trained()
        step.assert_trained(f"{above}generator")


def test_a_player_whose_steps_come_much_later_is_not_blamed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = PLAYERS.replace("CUT", "tf.identity").replace("PLACE", APART).replace("range(5)", "range(10**9)")
    step = backprobe.run_script(scripts.written(source), steps=1)
    step.assert_trained("critic")
    with undecided("assert_trained", "was stopped before a step of generator/w"):
        step.assert_trained("generator")


def test_a_model_that_nothing_trains_does_not_keep_a_script_running(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # Many steps are taken until it is judged: larger ones could diverge.
    source = MODULE.replace("while True", "fixed = Dense(6, 6)\nwhile True").replace("CUT", "fixed").replace("0.1 *", "0.001 *")
    backprobe.run_script(scripts.written(source)).assert_trained()


@pytest.mark.parametrize("cut", ["tf.identity", "tf.stop_gradient"])
def test_a_script_that_updates_modules_by_hand_is_judged(cut, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    step = backprobe.run_script(scripts.written(MODULE.replace("CUT", cut)))
    if cut == "tf.stop_gradient":
        with proved("assert_trained", "1 of 2", "first/w: absent gradient", "train.py:8"):
            step.assert_trained()
    else:
        step.assert_trained()


RAW = """
import tensorflow as tf

w = tf.Variable(tf.random.normal((5, 1)))
for _ in range(3):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.random.normal((8, 5)) @ w - 1.0) ** 2)
    w.assign_sub(0.1 * tape.gradient(loss, w))
"""


def test_what_is_not_followed_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    step = backprobe.run_script(scripts.written(RAW))
    with undecided("assert_trained", "no optimizer was seen to step", "modules by a tape"):
        step.assert_trained()


FORGETFUL = """
import tensorflow as tf

layers = [tf.keras.layers.Dense(6, activation="tanh", input_shape=(4,)), tf.keras.layers.Dense(1)]
model, optimizer = tf.keras.Sequential(layers), tf.keras.optimizers.Adam()
variables = model.trainable_variables[2:]
for _ in range(60):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(tf.random.normal((8, 4)), training=True) - 1.0) ** 2)
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
"""


def test_a_variable_list_that_forgets_layers_is_proved_at_the_end_of_the_script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with proved("assert_trained", "2 of 4", "kernel: not held", "bias: not held"):
        backprobe.run_script(scripts.written(FORGETFUL)).assert_trained()


FUNCTIONAL = """
import tensorflow as tf

layers = tf.keras.layers
inputs = tf.keras.Input((5,))
first = layers.Dense(6, activation="tanh", name="first")
hidden = layers.BatchNormalization()(first(inputs))
hidden = layers.Dense(6, activation="tanh", name="second")(INPUT)
model = tf.keras.Model(inputs, layers.Dense(3)(hidden))
model.compile("sgd", "mse")
model.fit(tf.random.normal((32, 5)), tf.random.normal((32, 3)), batch_size=8, epochs=2, verbose=0)
"""


@pytest.mark.parametrize("planted", [False, True])
def test_an_unstacked_layer_of_a_functional_model_is_proved_with_its_line(planted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    step = backprobe.run_script(scripts.written(FUNCTIONAL.replace("INPUT", "inputs" if planted else "hidden")))
    if planted:
        with proved("assert_trained", "4 of 8", "first/kernel: absent from the model", "train.py:6"):
            step.assert_trained()
        step.assert_trained("second")
    else:
        step.assert_trained()
        step.assert_statistics_moved()
