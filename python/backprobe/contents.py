"""What a tensor holds, as far as a training step is judged by it. Knows no framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable

from backprobe import _native


@dataclass(frozen=True)
class Content:
    """What a gradient holds: whether any element is not exactly zero, and whether all are finite."""

    nonzero: bool
    finite: bool


def of_parts(parts: Iterable[Any]) -> Content:
    """What tensors that lend their memory hold together. Nothing at all is zero and finite."""
    scans = [_native.scan(part) for part in parts]
    return Content(
        nonzero=any(scan.nonzero for scan in scans),
        finite=not any(scan.nan or scan.infinite for scan in scans),
    )
