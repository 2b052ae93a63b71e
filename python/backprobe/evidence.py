"""What was seen of one parameter or statistic during a step. Knows no framework; those that see more add to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, List, Optional

from backprobe.blame import Blame, Reason
from backprobe.contents import Content


@dataclass
class Evidence:
    """What was seen of one parameter.

    Attributes:
        names: its names; a tied parameter has several.
        aliases: other names by which a scope may select it.
        place: the line that creates its layer, where that is known.
        owner: the layer or module it belongs to, if there is one.
        tensor: the parameter itself, if it has an identity.
        frozen: it is not trainable.
        is_empty: it has no elements.
        starts_at_zero: all its values were zero before the step.
        in_model: it is part of a model; else its layer was called for one and is not in it.
        held: an optimizer that stepped holds it.
        received: a gradient was computed for it, whatever its values; `minimize` computes them for all.
        received_nonzero: such a gradient was not exactly zero.
        applied: an optimizer stepped on a gradient of it.
        nonzero: such a gradient was not exactly zero.
        reached: a gradient comes back to it, be it zero; nothing where that is not known, or absent gradients are seen as such.
        finite: no such gradient held NaN or infinity.
        called: its layer ran.
        changed: its value changed.
    """

    names: List[str]
    aliases: List[str] = field(default_factory=list)
    place: Optional[str] = None
    owner: Any = None
    tensor: Any = None
    frozen: bool = False
    is_empty: bool = False
    starts_at_zero: bool = False
    in_model: bool = True
    held: bool = False
    received: bool = False
    received_nonzero: bool = False
    applied: bool = False
    nonzero: bool = False
    reached: Optional[bool] = None
    finite: bool = True
    called: bool = False
    changed: bool = False

    def add_received(self, held: Optional[Content]) -> None:
        """A gradient was computed, or is absent."""
        if held is not None:
            self.received = True
            self.received_nonzero = self.received_nonzero or held.nonzero

    def add_applied(self, held: Optional[Content]) -> None:
        """An optimizer stepped that holds it, on this gradient or on none."""
        self.held = True
        if held is not None:
            self.applied = True
            self.nonzero = self.nonzero or held.nonzero
            self.finite = self.finite and held.finite

    def add_reached(self, found: bool) -> None:
        """A gradient came back to it in one of the steps, or did not."""
        self.reached = found or bool(self.reached)

    def was_updated(self) -> bool:
        """Whether an optimizer applied a gradient that is not zero."""
        return self.nonzero

    def has_changed(self) -> bool:
        """Whether its value changed."""
        return self.changed

    def is_settled(self) -> bool:
        """Whether more steps can show nothing more."""
        return self.nonzero or self.frozen or self.is_empty

    def blame(self, reason: Reason) -> Blame:
        """What is said of it."""
        return Blame(self.names, reason, self.place)


@dataclass
class Statistic:
    """A running statistic of a normalisation layer after the step.

    Attributes:
        names: its names.
        aliases: other names by which a scope may select it.
        place: the line that creates its layer, where that is known.
        owner: the layer or module it belongs to, if there is one.
        moved: its value changed.
        called: its layer ran.
        tensor: the statistic itself, if it has an identity.
        reason: what it is blamed for if it did not move.
    """

    names: List[str]
    aliases: List[str]
    place: Optional[str]
    owner: Any
    moved: bool
    called: bool
    tensor: Any = None
    reason: Reason = Reason.STATISTICS_KEPT
