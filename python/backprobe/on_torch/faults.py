"""Says why a parameter does not train, given what was seen of it."""

from __future__ import annotations

from typing import Optional, Set

from backprobe.blame import Reason
from backprobe.on_torch.evidence import Evidence


def reason(evidence: Evidence, held: Set[int]) -> Optional[Reason]:
    """Why a parameter does not train, given the parameters that the optimizers which stepped hold; nothing if it does."""
    if evidence.nonzero or evidence.is_empty:
        return None
    if evidence.frozen and not evidence.tensor.requires_grad:
        return Reason.FROZEN
    return _without_effect(evidence) if id(evidence.tensor) in held else Reason.NOT_HELD


def reason_without_step(evidence: Evidence, held: Set[int], named_by_scope: bool) -> Reason:
    """The same for a parameter whose optimizer did not step, given the parameters that idle optimizers hold."""
    if id(evidence.tensor) in held:
        return Reason.NEVER_STEPPED if evidence.received_nonzero else _without_effect(evidence)
    return Reason.NOT_HELD if evidence.received_nonzero or named_by_scope else Reason.UNDRIVEN


def _without_effect(evidence: Evidence) -> Reason:
    if evidence.cleared:
        return Reason.CLEARED
    return Reason.ZERO if evidence.received or evidence.applied else Reason.ABSENT
