"""Contributed code of version 1.

Unverified: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from tensorflow.contrib import framework, layers, rnn, slim, training
