"""A training step that is judged by the gradients its optimizers applied: what the steps of all frameworks share. Knows none of them."""

from __future__ import annotations

import math
import re
from typing import Any, Callable, Dict, Iterable, List, Optional, Set, Tuple, Union

import backprobe
from backprobe import clipping
from backprobe.blame import Blame, Reason, report
from backprobe.contents import Content
from backprobe.evidence import Evidence, Statistic
from backprobe.outcome import BackprobeFailure, Inconclusive
from backprobe.scopes import Scope, UnknownScope, as_list, selects

MOST_STEPS = 3
"""A zero-initialised head in front of a zero-initialised gamma lets gradients through at the third step only."""

Key = Any
"""Identifies a parameter: its `id`, or its path where it has no identity. Hashable."""

_LATER = (Reason.NOT_HELD, Reason.NEVER_STEPPED, Reason.NOT_UPDATED)
"""Reasons that may only mean that a step has not come yet."""

_SHIFT = re.compile(r"bias|beta")
"""What is in the name of a parameter that is added: one that starts at zero lets gradients pass."""
_BIAS = re.compile(r"(bias|biases|beta|offset|shift)(_?\d+)?|b\d*")
"""The whole name of the bias of a layer; that of the zero-initialised factor of an adapter may be the same."""
_PERHAPS_BIAS = re.compile(r"\w+_(bias|biases)|b_\w+")
"""The whole name of what may be one."""


class ObservedStep:
    """The assertions on a step. A framework fills in the evidence and says what a scope selects beside names."""

    _NOUN = "parameters"
    """What the framework calls what it trains."""
    _tells_absent = True
    """Whether the framework tells a gradient that is absent from one that is zero."""
    _UNSEEN = "no model was seen: give training_step the model, or call the code that trains it in the body"
    """Why nothing can be said where there is no evidence."""
    _NO_STATISTICS = "the models hold no running statistics there, or none was used"
    _NO_OPTIMIZER = "no optimizer was seen: pass the optimizer, or step it in the body"

    def __init__(self) -> None:
        self._evidence: Dict[Key, Evidence] = {}
        self._steps: Dict[Key, int] = {}
        self._trained_by: Dict[Key, Set[Key]] = {}
        self._asserted_trained: Set[Key] = set()
        self._doubts: List[str] = []
        self._errors: List[BaseException] = []
        self._dead: List[str] = []
        self._norms: List[float] = []
        self._minimized = False
        self._ended_early = False
        self._before_update: Optional[Callable[[Dict[Key, int]], None]] = None

    def assert_trained(self, scope: Optional[Scope] = None, except_: Scope = ()) -> None:
        """Asserts that every parameter received a gradient that is not exactly zero, and that an optimizer which holds it stepped.

        Frozen parameters are left out and listed; so are, without a scope, parameters that neither an optimizer nor a gradient touched,
        such as an average kept as target network. So is a bias whose gradient is there and exactly zero while the weight of its layer
        trains: where the loss is of differences, as that of the critic of a Wasserstein GAN, it cancels. A factor of zero before the bias
        looks the same and is not found; asserted alone, such a bias is inconclusive.

        Args:
            scope: name, prefix, pattern, layer, parameter, or several of them; without it all parameters.
            except_: what is left out beside frozen parameters, in the same form.

        Raises:
            BackprobeFailure: names the parameters that do not train and why.
            Inconclusive: if no optimizer was seen, a gradient or loss was not finite, the net was dead, or nothing was left to judge but a
                bias whose gradient cancels; also if a bias has a zero gradient and may be unused as well: its layer has no weight or holds
                other layers, or JAX, which gives zeros for an absent gradient, ran the body and not `minimize`.
            LookupError: if a scope selects nothing.
        """
        __tracebackhide__ = True
        name = "assert_trained"
        judged = self._select(name, scope, except_)
        self._asserted_trained.update(judged)
        self._require_a_step(name, judged.values())
        blamed, left_out, later, doubtful = [], [], [], []
        for evidence in judged.values():
            reason = self._fault(evidence, named_by_scope=scope is not None)
            reason = self._zero(evidence) if reason is self._zero_reason else reason
            if reason in (Reason.FROZEN, Reason.UNDRIVEN, Reason.CANCELLED):
                left_out.append(evidence.blame(reason))
            elif reason is Reason.ZERO_OR_CANCELLED:
                doubtful.append(evidence.blame(reason))
            elif reason is not None and self._ended_early and self._may_train_later(evidence, reason):
                later.append(evidence.blame(reason))
            elif reason is not None:
                blamed.append(evidence.blame(reason))
        if later and not blamed:
            explanation = f"the script was stopped before a step of {later[0].names[0]} came: take more steps, or fewer of the others"
            raise Inconclusive(name, explanation)
        if doubtful and not blamed:
            raise Inconclusive(name, doubtful[0].describe())
        left_out += later + doubtful
        if judged and len(left_out) == len(judged):
            cancelled = [blame for blame in left_out if blame.reason is Reason.CANCELLED]
            if len(cancelled) == len(left_out):
                raise Inconclusive(name, cancelled[0].describe())
            blamed, left_out = [blame for blame in left_out if blame not in cancelled], cancelled
        if blamed:
            self._require_decidable(name, blamed)
            raise BackprobeFailure(name, report(f"{len(blamed)} of {len(judged)} {self._NOUN} do not train", blamed, left_out))

    def assert_untouched(self, scope: Optional[Scope] = None, by: Optional[Scope] = None) -> None:
        """Asserts that the step left parameters alone: no optimizer applied a gradient to them, and their values are the same.

        Statistics may move: those of the other player do.

        Args:
            scope: as in `assert_trained`; without it everything that no `assert_trained` before has named.
            by: where the body trains several players: only what the optimizers do that train these parameters is looked at, as in
                `assert_untouched("discriminator", by="generator")`.

        Raises:
            BackprobeFailure: names the parameters that were changed.
            Inconclusive: if no optimizer stepped, or none that trains `by`.
        """
        __tracebackhide__ = True
        name = "assert_untouched"
        judged = self._select(name, scope, ())
        self._require_seen(name)
        if by is not None:
            self._assert_untouched_by(by, judged)
            return
        if scope is None:
            judged = {key: evidence for key, evidence in judged.items() if key not in self._asserted_trained}
        blamed = [
            evidence.blame(Reason.WAS_UPDATED if evidence.was_updated() else Reason.VALUE_CHANGED)
            for evidence in judged.values()
            if evidence.was_updated() or evidence.has_changed()
        ]
        if blamed:
            raise BackprobeFailure(name, report(f"{len(blamed)} of {len(judged)} {self._NOUN} were changed by the step", blamed))
        self._require_a_change(name)

    def _assert_untouched_by(self, by: Scope, judged: Dict[Key, Evidence]) -> None:
        __tracebackhide__ = True
        name = "assert_untouched"
        trained = set(self._select(name, by, ()))
        optimizers = [touched for touched in self._trained_by.values() if touched & trained]
        if not optimizers:
            raise Inconclusive(name, f"no optimizer trains {by!r}")
        touched_by_them = set().union(*optimizers) - trained
        blamed = [evidence.blame(Reason.WAS_UPDATED) for key, evidence in judged.items() if key in touched_by_them]
        if blamed:
            headline = f"{len(blamed)} of {len(judged)} {self._NOUN} were changed by an optimizer that trains {by!r}"
            raise BackprobeFailure(name, report(headline, blamed))

    def assert_statistics_moved(self, scope: Optional[Scope] = None) -> None:
        """Asserts that the running statistics of normalisation layers moved, as they do in train mode.

        Layers that are frozen are left out.

        Args:
            scope: as in `assert_trained`; it may also name a statistic.

        Raises:
            BackprobeFailure: names the statistics that did not move.
            Inconclusive: if there are no running statistics, or no forward ran through the layers.
        """
        __tracebackhide__ = True
        name = "assert_statistics_moved"
        self._refresh()
        self._require_unbroken(name)
        judged = [found for found in self._statistics() if scope is None or self._is_selected(found, scope)]
        if not judged:
            self._require_seen(name)
            raise Inconclusive(name, self._NO_STATISTICS)
        kept = [found for found in judged if not found.moved]
        blamed = [Blame(found.names, found.reason, found.place) for found in kept if found.called]
        if blamed:
            raise BackprobeFailure(name, report(f"{len(blamed)} of {len(judged)} running statistics did not move", blamed))
        if kept:
            raise Inconclusive(name, self._not_called(kept))

    def assert_clipped(self, max_norm: float) -> None:
        """Asserts that no optimizer applied gradients whose norm, over all its parameters, is above the bound.

        Args:
            max_norm: what the gradients are clipped to.

        Raises:
            BackprobeFailure: says which step went beyond.
            Inconclusive: if no norm reached the bound, so that nothing had to be clipped.
        """
        __tracebackhide__ = True
        self._refresh()
        self._require_unbroken("assert_clipped")
        clipping.judge(self._norms, max_norm, self._minimized)

    def assert_gradients_cleared(self) -> None:
        """Cannot be decided: here gradients are computed anew for each step.

        Raises:
            Inconclusive: always.
        """
        __tracebackhide__ = True
        raise Inconclusive("assert_gradients_cleared", "gradients are computed anew for each step here: nothing can be carried over")

    def assert_examples_independent(self, f: Any, inputs: Any) -> None:
        """Same as `backprobe.assert_examples_independent`."""
        __tracebackhide__ = True
        backprobe.assert_examples_independent(f, inputs)

    def assert_random_in_training(self, f: Any, inputs: Any = None) -> None:
        """Same as `backprobe.assert_random_in_training`."""
        __tracebackhide__ = True
        backprobe.assert_random_in_training(f, inputs)

    def run(self, op: Any, feed: Any = None) -> Any:
        """Runs a train op; there are some in graphs of TensorFlow 1 only.

        Raises:
            TypeError: always.
        """
        __tracebackhide__ = True
        raise TypeError("run needs a graph: call tf.compat.v1.disable_eager_execution(), or build inside tf.Graph()")

    def saw_training(self) -> bool:
        """Whether an optimizer stepped, or at least a gradient was seen."""
        return bool(self._steps)

    def call_before_updates(self, call: Callable[[Dict[Key, int]], None]) -> None:
        """Calls it before every step of an optimizer, with the steps that each has taken; one that is there and has taken none counts."""
        self._before_update = call

    def look_again(self) -> None:
        """Brings the evidence up to date, and watches what has been imported since."""
        self._refresh()

    def end_early(self) -> None:
        """Says that the body is stopped while some optimizers have not stepped, and may do so later."""
        self._ended_early = True

    def _announce_update(self) -> None:
        """An optimizer is about to step."""
        if self._before_update is not None:
            self._before_update({**{key: 0 for key in self._idle()}, **self._steps})

    def _idle(self) -> Iterable[Key]:
        """The optimizers that have not stepped, as far as they are known."""
        return ()

    def _add_step(self, optimizer: Key, gradients: Iterable[Tuple[Key, Optional[Content]]]) -> None:
        """An optimizer stepped on these gradients; nothing stands for one that is absent."""
        self._steps[optimizer] = self._steps.get(optimizer, 0) + 1
        for key, held in gradients:
            evidence = self._evidence.get(key)
            if evidence is not None:
                evidence.add_applied(held)
                if held is not None and held.nonzero:
                    self._trained_by.setdefault(optimizer, set()).add(key)

    def _is_usable(self, loss: float, count: int) -> bool:
        """Whether a loss is finite. Otherwise the first makes the step doubtful; to a later one the step itself may have led, and what was
        seen before still counts."""
        if math.isfinite(loss):
            return True
        self._doubts += [f"the loss is {loss}"] if count == 0 else []
        return False

    def _refresh(self) -> None:
        """Brings the evidence up to date, if the body still runs."""
        raise NotImplementedError

    def _statistics(self) -> List[Statistic]:
        """The running statistics that may move."""
        raise NotImplementedError

    def _is_part(self, found: Union[Evidence, Statistic], part: object) -> bool:
        """Whether a scope that is no name selects the parameter."""
        raise NotImplementedError

    def _dead_parts(self) -> List[str]:
        """What put out nothing but zeros, so that no gradient passes."""
        return self._dead

    def _not_called(self, kept: Iterable[Statistic]) -> str:
        """Why statistics that did not move prove nothing."""
        return f"no forward ran through the layer of {', '.join(found.names[0] for found in kept)}"

    def _refuse_unknown(self, assertion: str, part: object) -> None:
        """Raises a proof if what a scope names exists and is no parameter that trains."""

    def _trains_around(self, evidence: Evidence) -> bool:
        """Whether a parameter that no optimizer holds is of a model that trains, and took part in the step."""
        return False

    @property
    def _zero_reason(self) -> Reason:
        """The reason for a gradient that is zero everywhere."""
        return Reason.ZERO if self._tells_absent else Reason.ZERO_OR_ABSENT

    def _fault(self, evidence: Evidence, named_by_scope: bool) -> Optional[Reason]:
        """Why a parameter does not train; nothing if it does."""
        if evidence.nonzero or evidence.is_empty:
            return None
        if not evidence.in_model:
            return Reason.NOT_IN_MODEL
        if evidence.frozen:
            return Reason.FROZEN
        if evidence.held:
            if evidence.applied:
                return self._zero_reason
            return Reason.NOT_UPDATED if evidence.received_nonzero else Reason.ABSENT
        expected = named_by_scope or evidence.received_nonzero or self._trains_around(evidence)
        return Reason.NOT_HELD if expected else Reason.UNDRIVEN

    def _zero(self, evidence: Evidence) -> Reason:
        """What a zero gradient of a parameter says: that of a bias may cancel, if there was one at all."""
        came = self._tells_absent or evidence.reached
        if came is False:
            return self._zero_reason
        found = {self._cancels(name) for name in evidence.names}
        if True in found and came:
            return Reason.CANCELLED
        return self._zero_reason if found == {False} else Reason.ZERO_OR_CANCELLED

    def _cancels(self, name: str) -> Optional[bool]:
        """Whether a parameter of this name with a zero gradient is a bias that cancels; nothing where it may be one."""
        *layer, own = _split(name)
        if not (_BIAS.fullmatch(own) or _PERHAPS_BIAS.fullmatch(own)):
            return False
        others = [(_split(known), other) for other in self._evidence.values() if not other.frozen for known in other.names]
        beside = [other for path, other in others if path[:-1] == layer and not _BIAS.fullmatch(path[-1])]
        beside = [other for other in beside if name not in other.names]
        if not beside:
            # A layer of the bias alone, or one whose weight is frozen.
            around = layer[:-1]
            return None if any(other.nonzero for path, other in others if path[: len(around)] == around) else False
        if not any(other.nonzero for other in beside):
            return False
        holds_layers = any(len(path) > len(layer) + 1 and path[: len(layer)] == layer for path, _ in others)
        return None if holds_layers or not _BIAS.fullmatch(own) else True

    def _may_train_later(self, evidence: Evidence, reason: Reason) -> bool:
        """Whether a parameter that does not train up to now may be of an optimizer that has not stepped."""
        return reason in _LATER

    def _require_unbroken(self, assertion: str) -> None:
        """Raises if something kept the step from being observed."""
        __tracebackhide__ = True
        if self._errors:
            raise Inconclusive(assertion, f"the step could not be observed: {self._errors[0]!r}")

    def _require_seen(self, assertion: str) -> None:
        """Raises if there is nothing to judge."""
        __tracebackhide__ = True
        self._refresh()
        self._require_unbroken(assertion)
        if not self._evidence:
            raise Inconclusive(assertion, self._UNSEEN)

    def _require_a_step(self, assertion: str, judged: Iterable[Evidence]) -> None:
        """Raises if what was observed is not a training step at all."""
        __tracebackhide__ = True
        self._require_seen(assertion)
        if self._doubts:
            raise Inconclusive(assertion, self._doubts[0])
        if not all(evidence.finite for evidence in self._evidence.values()):
            raise Inconclusive(assertion, "the gradients are not finite")
        if not all(evidence.frozen for evidence in judged):
            self._require_an_optimizer(assertion)

    def _require_an_optimizer(self, assertion: str) -> None:
        """Raises if no optimizer stepped."""
        __tracebackhide__ = True
        if not self._steps:
            raise Inconclusive(assertion, self._NO_OPTIMIZER)

    def _require_a_change(self, assertion: str) -> None:
        """Raises if nothing ran that could have changed anything."""
        __tracebackhide__ = True
        if not self._steps:
            raise Inconclusive(assertion, "no optimizer stepped, so nothing could have been changed")

    def _require_decidable(self, assertion: str, blamed: Iterable[Blame]) -> None:
        """Raises if zero gradients have a harmless cause: a net that happens to be dead."""
        __tracebackhide__ = True
        if not any(blame.reason is self._zero_reason for blame in blamed):
            return
        dead = self._dead_parts()
        if dead:
            where = ", ".join(dead)
            raise Inconclusive(assertion, f"the output of {where} is zero everywhere, so no gradient passes: try another seed or size")
        gates = [
            evidence.names[0]
            for evidence in self._evidence.values()
            if evidence.starts_at_zero and evidence.nonzero and not _SHIFT.search(_split(evidence.names[0])[-1])
        ]
        if gates and max(self._steps.values()) < MOST_STEPS:
            where = ", ".join(gates)
            raise Inconclusive(assertion, f"{where} starts at zero and lets no gradient pass at first: run the body {MOST_STEPS} times")

    def _select(self, assertion: str, scope: Optional[Scope], except_: Scope) -> Dict[Key, Evidence]:
        __tracebackhide__ = True
        self._refresh()
        for part in [*([] if scope is None else as_list(scope)), *as_list(except_)]:
            if self._evidence and not any(self._is_selected(evidence, part) for evidence in self._evidence.values()):
                self._refuse_unknown(assertion, part)
                raise UnknownScope(part, [name for evidence in self._evidence.values() for name in evidence.names])
        return {
            key: evidence
            for key, evidence in self._evidence.items()
            if (scope is None or self._is_selected(evidence, scope)) and not self._is_selected(evidence, except_)
        }

    def _is_selected(self, found: Union[Evidence, Statistic], scope: Scope) -> bool:
        for part in as_list(scope):
            if isinstance(part, str):
                if any(selects(part, name) for name in (*found.names, *found.aliases)):
                    return True
            elif self._is_part(found, part):
                return True
        return False


def _split(name: str) -> List[str]:
    """The layers on the way to a parameter, and its own name."""
    return re.split(r"[./]", name)
