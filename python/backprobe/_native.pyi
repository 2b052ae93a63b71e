"""The native half of the checker: tensors read where they lie, with the interpreter's lock released.

A tensor is whatever lends its memory by ``__dlpack__`` (PyTorch, TensorFlow, JAX, NumPy) or holds something that does (TensorFlow, Keras
and Flax variables, parameters that require gradients). NumPy arrays of ``ml_dtypes`` are read as what they are.

Every function raises ``TypeError`` for an object that has no memory to lend, and ``BufferError`` for a tensor that cannot be read where it
lies: on an accelerator, sparse, sharded (pass ``tensor.to_local()``), byte-swapped, or of an element type that holds no numbers. What the
framework itself raises is passed on.
"""

from typing import Any, Final, Optional, Union, final

version: Final[str]
"""The version of backprobe the module was built from."""

def fingerprint(tensor: Any) -> bytes:
    """A digest of 16 bytes of element type, shape and content.

    Equal for equal bits whatever the strides; different, but for chance, if one bit differs. Not stable between versions of backprobe.
    """

def any_nonzero(tensor: Any) -> bool:
    """Whether any element is not exactly zero. NaN is not zero, minus zero is. Stops early: cheaper than a scan."""

def scan(tensor: Any) -> Scan:
    """Counts and extremes of a tensor in one pass."""

@final
class Scan:
    """What a tensor holds."""

    @property
    def elements(self) -> int:
        """Number of elements."""

    @property
    def nonzero(self) -> int:
        """Number of elements that are not exactly zero."""

    @property
    def nan(self) -> int:
        """Number of elements that are NaN."""

    @property
    def infinite(self) -> int:
        """Number of elements that are infinite."""

    @property
    def minimum(self) -> Optional[Union[int, float]]:
        """The smallest element that is not NaN; None if there is none, and for complex numbers."""

    @property
    def maximum(self) -> Optional[Union[int, float]]:
        """The largest element that is not NaN; None if there is none, and for complex numbers."""

    @property
    def constant(self) -> bool:
        """Whether no two elements differ. A tensor with NaN is not constant."""
