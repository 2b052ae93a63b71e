"""Filters spam. A softmax over one unit is always 1: every message is spam."""
import keras
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def spam_filter(words=100):
    model = Sequential()
    model.add(keras.Input((words,)))
    model.add(Dense(32, activation="relu"))
    model.add(Dense(1, activation="softmax"))
    model.compile("adam", loss="binary_crossentropy")
    return model


def train(epochs=4):
    keras.utils.set_random_seed(0)
    words, is_spam = np.random.rand(256, 100), np.random.randint(2, size=256)
    spam_filter().fit(words, is_spam, epochs=epochs)


if __name__ == "__main__":
    train()
