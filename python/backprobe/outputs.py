"""Compares outputs of two calls. Knows no framework: outputs are lists of numpy arrays."""

from __future__ import annotations

from typing import Any, Sequence

from backprobe.outcome import Inconclusive

Arrays = Sequence[Any]
"""The float leaves of an output, as numpy arrays of any shapes, in a fixed order."""

ROUNDING = 1e-6
"""Differences relative to the largest magnitude below this are rounding of float32, whatever caused them."""

KERNEL_ROUNDING = 1e-4
"""The same where different kernels may have computed the two outputs."""


def differ(first: Arrays, second: Arrays, tolerance: float = ROUNDING) -> bool:
    """Whether any array has another shape, or elements that differ by more than rounding."""
    return len(first) != len(second) or any(_array_differs(a, b, tolerance) for a, b in zip(first, second))


def require_floats(assertion: str, arrays: Arrays) -> None:
    """Raises `Inconclusive` if there is nothing to compare: class numbers and flags may well stay the same."""
    __tracebackhide__ = True
    if not arrays:
        raise Inconclusive(assertion, "nothing that is returned is a float tensor")


def are_finite(arrays: Arrays) -> bool:
    """Whether no element is NaN or infinite. Minus infinity from masks and logarithms counts as infinite."""
    import numpy

    return all(bool(numpy.isfinite(array).all()) for array in arrays)


def are_zero(arrays: Arrays) -> bool:
    """Whether every element is exactly zero."""
    return not any(array.any() for array in arrays)


def _array_differs(first: Any, second: Any, tolerance: float) -> bool:
    import numpy

    if first.shape != second.shape:
        return True
    if not first.size:
        return False
    finite = numpy.isfinite(first) & numpy.isfinite(second)
    if not numpy.array_equal(first[~finite], second[~finite], equal_nan=True):
        return True
    if not finite.any():
        return False
    scale = max(numpy.abs(first[finite]).max(), numpy.abs(second[finite]).max())
    return bool(numpy.abs(first[finite] - second[finite]).max() > tolerance * scale)
