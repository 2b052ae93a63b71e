"""Flat scripts of TensorFlow 2 with a tape of their own, run as they are."""

import pytest
import scripts
from outcomes import proved

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
