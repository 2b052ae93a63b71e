"""Recognises handwritten digits with a training loop of its own."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers


class Recogniser:
    def __init__(self):
        self.network = keras.Sequential([layers.Dense(64, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(10)])
        self.optimizer = keras.optimizers.Adam()
        self.loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def step(self, pixels, digits):
        with tf.GradientTape() as tape:
            scores = self.network(pixels, training=True)
            loss = self.loss(digits, scores)
        weights = self.network.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return loss


def train(steps=4):
    keras.utils.set_random_seed(0)
    pixels, digits = 5 + np.random.rand(256, 64), np.random.randint(10, size=256)
    recogniser = Recogniser()
    losses = [float(recogniser.step(pixels, digits)) for _ in range(steps)]
    print("loss:", losses, "mean that was learned:", float(tf.reduce_mean(recogniser.network.layers[1].moving_mean)))


if __name__ == "__main__":
    train()
