"""A GAN on the unit circle whose discriminator is frozen while the generator trains."""

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


class Players:
    """A generator and a discriminator with a step each."""

    def __init__(self):
        self.generator = keras.Sequential([layers.Input((4,)), layers.Dense(32, activation="relu"), layers.Dense(2)])
        self.discriminator = keras.Sequential([layers.Input((2,)), layers.Dense(32, activation="relu"), layers.Dense(1, activation="sigmoid")])
        self.discriminator.compile("adam", "binary_crossentropy")
        self.discriminator.trainable = False
        noise = keras.Input((4,))
        self.combined = keras.Model(noise, self.discriminator(self.generator(noise)))
        self.combined.compile("adam", "binary_crossentropy")

    def train_step(self, real, noise):
        """A step of the discriminator on data and on what is generated, and one of the generator."""
        made = self.generator.predict(noise, verbose=0)
        self.discriminator.trainable = True
        self.discriminator.train_on_batch(real, np.ones((len(real), 1)))
        self.discriminator.train_on_batch(made, np.zeros((len(made), 1)))
        self.discriminator.trainable = False
        self.combined.train_on_batch(noise, np.ones((len(noise), 1)))


def train(steps=100):
    """Trains both on points of the circle."""
    players = Players()
    for _ in range(steps):
        angle = np.random.uniform(0, 2 * np.pi, size=64)
        players.train_step(np.stack([np.cos(angle), np.sin(angle)], axis=1), np.random.normal(size=(64, 4)))
    return players
