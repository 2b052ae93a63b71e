"""Recognises handwritten digits. The second layer takes the output of the first one."""
import keras
import numpy as np
from keras import layers


def digit_classifier(digits=10):
    pixels = keras.Input(shape=(64,))
    hidden = layers.Dense(64, activation="relu")(pixels)
    hidden = layers.Dense(64, activation="relu")(hidden)
    return keras.Model(pixels, layers.Dense(digits)(hidden))


def train(epochs=4):
    keras.utils.set_random_seed(0)
    pixels, digits = np.random.rand(256, 64), np.random.randint(10, size=256)
    model = digit_classifier()
    model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pixels, digits, epochs=epochs)


if __name__ == "__main__":
    train()
