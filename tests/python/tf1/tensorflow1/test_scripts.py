"""Flat scripts and notebooks of TensorFlow 1, run as they are."""

import pytest
import scripts
from outcomes import proved, undecided

import backprobe

SESSION = """
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
tf.set_random_seed(0)
inputs = tf.placeholder(tf.float32, [None, 5])
labels = tf.placeholder(tf.int32, [None])
hidden = tf.layers.dense(inputs, 6, tf.nn.tanh, name="first")
hidden = tf.layers.batch_normalization(hidden, training=True, name="normalised")
logits = tf.layers.dense(CUT(hidden), 3, name="second")
loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
with tf.control_dependencies(UPDATES):
    train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)

with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    assert tf.get_default_session() is session
    for count in range(1000):
        feed = {inputs: np.random.randn(8, 5), labels: np.random.randint(3, size=8)}
        _, value = session.run([train_op, loss], feed_dict=feed)
        print(count, value)
raise AssertionError("it is stopped before")
"""
UPDATES = "tf.get_collection(tf.GraphKeys.UPDATE_OPS)"


def session(cut="", updates=UPDATES):
    return SESSION.replace("CUT", cut).replace("UPDATES", updates)


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_script_is_stopped_and_its_step_judged():
    step = backprobe.run_script(scripts.written(session()))
    step.assert_trained()
    step.assert_trained("first")
    step.assert_statistics_moved()
    with pytest.raises(LookupError, match="first/kernel"):
        step.assert_trained("encoder")


def test_a_layer_that_is_cut_off_is_proved_with_its_line():
    step = backprobe.run_script(scripts.written(session(cut="tf.stop_gradient")))
    with proved("assert_trained", "4 of 6", "first/kernel: absent gradient", "train.py:9"):
        step.assert_trained()
    step.assert_trained("second")


def test_updates_that_are_never_run_are_proved():
    step = backprobe.run_script(scripts.written(session(updates="[]")))
    step.assert_trained()
    with proved("assert_statistics_moved", "2 of 2", "normalised/moving_mean", "the step did not run them", "train.py:10"):
        step.assert_statistics_moved()


def test_a_notebook_is_run_without_its_magic():
    graph, loop, behind = session(cut="tf.stop_gradient").partition("with tf.Session()")
    step = backprobe.run_script(scripts.notebook("%tensorflow_version 1.x\n" + graph, "%%time\n" + loop + behind))
    with proved("assert_trained", "4 of 6", "first/kernel: absent gradient"):
        step.assert_trained()


PLAYERS = """
import tensorflow.compat.v1 as tf


def discriminator(inputs):
    with tf.variable_scope("discriminator", reuse=tf.AUTO_REUSE):
        return tf.layers.dense(tf.layers.dense(inputs, 6, tf.nn.leaky_relu), 1)


def main(_):
    with tf.Graph().as_default():
        build_and_train()


def build_and_train():
    noise, real = tf.random.normal([8, 4]), tf.random.normal([8, 5])
    with tf.variable_scope("generator"):
        fake = tf.layers.dense(tf.layers.dense(noise, 6, tf.nn.leaky_relu), 5)
    d_loss = tf.reduce_mean(tf.nn.softplus(-discriminator(real)) + tf.nn.softplus(discriminator(fake)))
    g_loss = tf.reduce_mean(tf.nn.softplus(-discriminator(fake)))
    variables = {name: tf.trainable_variables(name) for name in ("generator", "discriminator")}
    d_step = tf.train.AdamOptimizer(1e-3).minimize(d_loss, var_list=D_VARIABLES)
    g_step = tf.train.AdamOptimizer(1e-3).minimize(g_loss, var_list=variables["generator"])
    with tf.train.MonitoredTrainingSession() as session:
        while not session.should_stop():
            for _ in range(5):
                session.run(d_step)
            session.run(g_step)


if __name__ == "__main__":
    tf.app.run()
"""


@pytest.mark.parametrize("planted", [False, True])
def test_both_players_of_an_application_take_their_steps(planted):
    step = backprobe.run_script(scripts.written(PLAYERS.replace("D_VARIABLES", "None" if planted else 'variables["discriminator"]')))
    step.assert_trained()
    if planted:
        with proved("assert_untouched", "4 of 4", "generator/dense/kernel"):
            step.assert_untouched("generator/", by="discriminator/")
    else:
        step.assert_untouched("generator/", by="discriminator/")


DEAD = """
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
inputs = tf.placeholder(tf.float32, [None, 5])
hidden = tf.layers.dense(inputs, 6, tf.nn.relu, bias_initializer=tf.constant_initializer(-100.0))
loss = tf.reduce_mean(tf.square(tf.layers.dense(hidden, 3) - 1.0))


class Decaying(tf.train.GradientDescentOptimizer):
    def apply_gradients(self, gradients, global_step=None, name=None):
        return super().apply_gradients([(gradient + 0.0, variable) for gradient, variable in gradients], global_step, name)


train_op = Decaying(0.1).minimize(loss)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    while True:
        session.run(train_op, {inputs: np.random.randn(8, 5)})
"""


def test_a_dead_rectifier_is_undecided():
    step = backprobe.run_script(scripts.written(DEAD))
    with undecided("assert_trained", "zero everywhere"):
        step.assert_trained()


def test_a_script_that_ends_without_a_step_is_undecided():
    step = backprobe.run_script(scripts.written("import tensorflow as tf\nprint(tf.__version__)\n"))
    with undecided("assert_trained", "no optimizer was seen to step"):
        step.assert_trained()


KERAS = """
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
layers = [tf.keras.layers.Dense(6, "relu", input_shape=(5,)), tf.keras.layers.BatchNormalization(), tf.keras.layers.Dense(1)]
model = tf.keras.Sequential(layers)
model.compile("adam", "mse")
model.fit(np.random.randn(16, 5), np.random.randn(16, 1), verbose=0)
raise SystemExit("it has trained")
"""


def test_keras_builds_its_graphs_while_it_is_watched():
    step = backprobe.run_script(scripts.written(KERAS))
    with undecided("assert_trained", "it has trained"):
        step.assert_trained()
