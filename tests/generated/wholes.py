import keras
from keras import layers


class Held(keras.Model):
    def __init__(self):
        super().__init__()
        self.net = keras.Sequential([keras.Input((7,)), layers.Dense(8), layers.Dense(3)])

    def call(self, x):
        return self.net(x)


class Images:
    def __init__(self):
        self.net = keras.Sequential()
        self.net.add(layers.Conv2D(8, 3, input_shape=(20, 20, 1)))
        self.net.add(layers.Flatten())

    def __call__(self, images):
        return self.net(images)


class Functional(keras.Model):
    def __init__(self):
        super().__init__()
        inputs = keras.Input(shape=(11,))
        self.net = keras.Model(inputs, layers.Dense(3)(inputs))

    def call(self, x):
        return self.net(x)


class Sized(keras.Model):
    def __init__(self, size):
        super().__init__()
        self.net = keras.Sequential([layers.Dense(8, input_shape=(size,)), layers.Dense(3)])

    def call(self, x):
        return self.net(x)


class Any(keras.Model):
    def __init__(self):
        super().__init__()
        self.net = keras.Sequential([layers.Dense(8), layers.Dense(3)])

    def call(self, x):
        return self.net(x)
