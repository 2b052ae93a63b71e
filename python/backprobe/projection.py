"""A loss for code that shows none: a fixed random projection of the output."""

from __future__ import annotations

from typing import Any

from backprobe import frameworks, nested


def probe_loss(output: Any) -> Any:
    """A scalar that depends on every element of every float tensor in the output, each with its own fixed random weight.

    A mean or a square would be constant for normalised outputs and flat for outputs that start at zero; this is neither.

    Args:
        output: a tensor, or mappings, sequences and dataclasses of tensors, nested as you like. Integer and boolean tensors are passed
            over.

    Returns:
        A scalar tensor of the framework of the output, in float32 or wider.

    Raises:
        TypeError: if there is no float tensor in the output.
    """
    found = list(nested.leaves(output))
    for framework in frameworks.entries():
        if any(framework.is_tensor(leaf) for leaf in found):
            return framework.projection(found)
    kinds = ", ".join(sorted({type(leaf).__name__ for leaf in found})) or "nothing"
    raise TypeError(f"probe_loss needs an output with at least one float tensor, got {kinds}")
