"""The same under its name in version 2."""

from keras.layers.regularization import AlphaDropout, GaussianDropout, GaussianNoise
