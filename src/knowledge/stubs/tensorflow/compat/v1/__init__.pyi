"""The graph API of version 1."""

from tensorflow import *
from tensorflow import contrib, layers, losses, math, metrics, nn, random, summary, train
