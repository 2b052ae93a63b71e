import keras
from keras import layers


def residual(x, filters=24):
    shortcut = x
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.add([x, shortcut])


def stack(x, units):
    return layers.Dense(units)(layers.LSTM(units)(x))


def heads(x, training):
    x = layers.Dropout(0.5)(layers.Dense(12)(x), training=training)
    return layers.Dense(3)(x), layers.Dense(5)(x)


def lookup(tokens, context):
    tokens = layers.GlobalAveragePooling1D()(layers.Embedding(100, 16)(tokens))
    return layers.Dense(4)(layers.concatenate([tokens, layers.Dense(16)(context)]))


class Tower:
    def __init__(self, size=4):
        self.size = size

    def build(self, x):
        return layers.Dense(3)(layers.Dense(self.size)(x))


def model():
    inputs = keras.Input((28, 28, 24))
    return keras.Model(inputs, residual(inputs))
