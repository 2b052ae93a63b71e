"""What was seen of one parameter of PyTorch during a step."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Iterator, List, Optional, Tuple

import torch

from backprobe import evidence
from backprobe.contents import Content
from backprobe.on_torch import tensors
from backprobe.on_torch.model import NamedTensor


@dataclass
class Evidence(evidence.Evidence):
    """What was seen of one parameter, and of the way its gradients take to its optimizer.

    Attributes:
        before: digest of its values before the step; nothing while they do not exist yet.
        stale: its `.grad` from before the step and a digest of it, as long as no backward was seen to add to it; nothing if that was
            absent or zero.
        received_finite: no gradient that arrived held NaN or infinity, as far as they were looked at.
        hooked: its gradients are watched.
        owed: what the last backward left in its `.grad` is not zero, as long as no optimizer that holds it stepped.
        cleared: its optimizer stepped on nothing or on zeros where that was owed.
        awaits_backward: its optimizer stepped, and no backward came since.
        carries: at the backward behind a step its `.grad` still held something that is not zero.
        was_followed: a backward came behind a step.
        carried: its optimizer stepped on gradients that were added to those of the step before.
        repeated: its optimizer stepped twice, with a backward between.
        is_over: the step is, and `changed` says what it did.
    """

    before: Optional[bytes] = None
    stale: Optional[Tuple[torch.Tensor, Optional[bytes]]] = None
    received_finite: bool = True
    hooked: bool = False
    owed: bool = False
    cleared: bool = False
    awaits_backward: bool = False
    carries: bool = False
    was_followed: bool = False
    carried: bool = False
    repeated: bool = False
    is_over: bool = False

    @classmethod
    def at_first_sight(cls, named: NamedTensor) -> Evidence:
        """A parameter before the step."""
        tensor = named.tensor
        gradient = tensor.grad if tensors.is_materialised(tensor) else None
        stale = (gradient, tensors.fingerprint(gradient)) if gradient is not None and tensors.any_nonzero(gradient) else None
        return cls(named.names, place=named.place, owner=named.owner, tensor=tensor, frozen=not tensor.requires_grad, stale=stale)

    def take_snapshot(self) -> None:
        """Keeps what the values are before the step, as soon as there are any."""
        if self.before is None and tensors.is_materialised(self.tensor):
            self.before = tensors.fingerprint(self.tensor)
            self.is_empty = self.tensor.numel() == 0
            self.starts_at_zero = not tensors.any_nonzero(self.tensor)

    def add_arrived(self, gradient: torch.Tensor) -> None:
        """A backward brought this gradient. Once one was not zero, further ones are not read."""
        self.stale = None
        self.received = True
        self._note_what_it_adds_to(gradient)
        if not self.received_nonzero:
            held = tensors.content(gradient)
            self.received_nonzero = held.nonzero
            self.received_finite = self.received_finite and held.finite

    def has_fresh_gradient(self) -> bool:
        """Whether `.grad` holds something that is not left from before the step."""
        gradient = self.tensor.grad
        if gradient is None or self.stale is None:
            return gradient is not None
        # Sharded parameters get their gradients without a hook: as another tensor, or with other values.
        tensor, digest = self.stale
        return gradient is not tensor or tensors.fingerprint(gradient) != digest

    def add_step(self, held: Optional[Content]) -> None:
        """An optimizer that holds it stepped, on this gradient or on none."""
        self.cleared = self.cleared or (self.owed and not (held is not None and held.nonzero))
        self.owed = False
        self.carried = self.carried or self.carries
        self.repeated = self.repeated or self.was_followed
        self.carries, self.awaits_backward = False, True

    def _note_what_it_adds_to(self, gradient: torch.Tensor) -> None:
        """Accumulation adds to gradients as well, but not to those that were applied. The backward of another player may fill gradients
        that are cleared before they are used, so a later backward onto nothing takes the suspicion back."""
        before = self.tensor.grad
        holds_something = before is not None and tensors.any_nonzero(before)
        if not self.nonzero:
            # The gradients of several backwards may add up to nothing.
            self.owed = tensors.any_nonzero(before + gradient if holds_something else gradient)
        self.carries = holds_something and (self.carries or self.awaits_backward)
        self.was_followed = self.was_followed or self.awaits_backward
        self.awaits_backward = False

    def has_changed(self) -> bool:
        """Whether the values differ from those before the step."""
        return self.changed if self.is_over else self.before is not None and tensors.fingerprint(self.tensor) != self.before

    def settle(self) -> None:
        """What changes from now on is no part of the step."""
        self.changed, self.is_over = self.has_changed(), True

    def is_settled(self) -> bool:
        """Whether more steps can show nothing more."""
        return self.nonzero or self.is_empty or not self.tensor.requires_grad


@contextmanager
def kept(errors: List[BaseException]) -> Iterator[None]:
    """Keeps an error instead of raising it into the user's step."""
    try:
        with torch.no_grad():
            yield
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach the step
        errors.append(error)
