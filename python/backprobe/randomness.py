"""Fixes every random number generator a test may draw from."""

from __future__ import annotations

import random
from typing import Any

from backprobe import frameworks


def seed(value: int) -> None:
    """Seeds Python, numpy and every imported framework, and starts TensorFlow 1 on an empty default graph.

    Call it first in a test, before anything is built.

    Args:
        value: the seed, at least 0 and below 2**32.
    """
    random.seed(value)
    numpy = frameworks.numpy()
    if numpy is not None:
        numpy.random.seed(value)
    torch = frameworks.torch()
    if torch is not None:
        torch.manual_seed(value)
    keras = frameworks.keras()
    if keras is not None and not frameworks.builds_graphs():
        # The names of layers count on from test to test otherwise.
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(value)
    keras2 = frameworks.keras2()
    if keras2 is not None and not frameworks.builds_graphs():
        keras2.backend.clear_session()
    v1 = frameworks.tensorflow1()
    if v1 is not None:
        _seed_tensorflow(v1, value)


def _seed_tensorflow(v1: Any, value: int) -> None:
    try:
        v1.reset_default_graph()
    except AssertionError:
        # Inside `with tf.Graph().as_default()` the graph is the test's own: it is seeded, not replaced.
        pass
    v1.set_random_seed(value)
