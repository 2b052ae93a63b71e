"""The fixed random projection of torch outputs."""

from __future__ import annotations

from typing import Any, Sequence

import torch

_SEED = 20170419


def projection(leaves: Sequence[Any]) -> torch.Tensor:
    """The sum over all float leaves of elementwise products with fixed standard normal weights, each divided by the root of its size."""
    terms = [_term(leaf, index) for index, leaf in enumerate(leaves) if _is_float(leaf)]
    if not terms:
        raise TypeError("probe_loss needs an output with at least one float tensor; these hold integers or booleans")
    return torch.stack([term.to(terms[0].device) for term in terms]).sum()


def _is_float(leaf: Any) -> bool:
    return isinstance(leaf, torch.Tensor) and (leaf.is_floating_point() or leaf.is_complex()) and leaf.numel() > 0


def _term(leaf: torch.Tensor, index: int) -> torch.Tensor:
    values = torch.view_as_real(leaf) if leaf.is_complex() else leaf
    values = values.to_dense() if values.layout != torch.strided else values
    values = values if values.dtype == torch.float64 else values.float()
    # A generator of its own: the global one must draw the same numbers with and without this loss.
    generator = torch.Generator().manual_seed(_SEED + index)
    weights = torch.randn(values.shape, generator=generator, dtype=values.dtype).to(values.device)
    return (values * weights).sum() / values.numel() ** 0.5
