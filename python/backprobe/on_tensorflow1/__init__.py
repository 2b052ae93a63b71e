"""The checker for TensorFlow 1 code (`tf.compat.v1`, slim). Its modules are imported only when the test has imported TensorFlow."""

from __future__ import annotations

from typing import Any

from backprobe import frameworks


def v1() -> Any:
    """The TensorFlow 1 interface of the TensorFlow that the test has imported."""
    interface = frameworks.tensorflow1()
    assert interface is not None, "modules of this package are imported only after TensorFlow"
    return interface
