"""The graph API of version 1.

Unverified: contrib: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from tensorflow import *
from tensorflow import contrib, layers, losses, math, metrics, nn, random, summary, train
