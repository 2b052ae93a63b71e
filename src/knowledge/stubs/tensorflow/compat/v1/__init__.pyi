"""The graph API of version 1.

Unverified: contrib: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from tensorflow import *
from tensorflow import (
    contrib, estimator, gfile, image, initializers, layers, linalg, logging, losses, math, metrics, nest, nn, random, summary, train)
