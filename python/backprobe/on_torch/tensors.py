"""Reads torch tensors with the native checker, whatever their layout and device."""

from __future__ import annotations

from typing import List, Optional

import torch

from backprobe import _native, contents
from backprobe.contents import Content


def is_materialised(tensor: torch.Tensor) -> bool:
    """Whether the tensor has values: neither lazy (its shape unknown until the first forward) nor on the meta device."""
    return not torch.nn.parameter.is_lazy(tensor) and tensor.device.type != "meta"


def content(tensor: torch.Tensor) -> Content:
    """What the tensor holds. A locally empty shard holds nothing: zero and finite."""
    return contents.of_parts(_parts(tensor))


def squared_norm(tensor: torch.Tensor) -> float:
    """The sum of the squares."""
    return sum(float(part.double().square().sum()) for part in _parts(tensor))


def any_nonzero(tensor: torch.Tensor) -> bool:
    """Whether any element is not exactly zero."""
    return any(_native.any_nonzero(part) for part in _parts(tensor))


def fingerprint(tensor: torch.Tensor) -> Optional[bytes]:
    """A digest of the values; nothing for a tensor that has none."""
    if not is_materialised(tensor):
        return None
    return b"".join(bytes(_native.fingerprint(part)) for part in _parts(tensor))


def _parts(tensor: torch.Tensor) -> List[torch.Tensor]:
    """The same values as plain tensors that can be lent: dense, real, on the processor, without gradient."""
    tensor = tensor.detach()
    if hasattr(tensor, "to_local"):
        # A sharded tensor lends a capsule without memory.
        tensor = tensor.to_local()
    if tensor.layout == torch.sparse_coo:
        tensor = tensor.coalesce().values()
    elif tensor.layout in (torch.sparse_csr, torch.sparse_bsr, torch.sparse_csc, torch.sparse_bsc):
        tensor = tensor.values()
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor.resolve_conj())
    if tensor.device.type != "cpu":
        tensor = tensor.cpu()
    return [tensor.resolve_neg()] if tensor.numel() else []
