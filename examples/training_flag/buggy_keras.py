"""Recognises handwritten digits. Dropout is told to train for ever, so that predictions are random."""
import keras
import numpy as np
from keras import layers


class DigitClassifier(keras.Model):
    def __init__(self, digits=10):
        super().__init__()
        self.hidden = layers.Dense(64, activation="relu")
        self.drop = layers.Dropout(0.5)
        self.digits = layers.Dense(digits)

    def call(self, pixels, training=None):
        hidden = self.hidden(pixels)
        hidden = self.drop(hidden, training=True)
        return self.digits(hidden)


def train(epochs=4):
    keras.utils.set_random_seed(0)
    pixels, digits = np.random.rand(256, 64), np.random.randint(10, size=256)
    model = DigitClassifier()
    model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pixels, digits, epochs=epochs)
    print("digit of the first image, twice:", [int(model.predict(pixels[:1]).argmax()) for _ in range(2)])


if __name__ == "__main__":
    train()
