"""What the package asks of TensorFlow 1; see `frameworks.Entry`."""

from __future__ import annotations

from typing import Any, Tuple

from backprobe import frameworks, nested
from backprobe.on_tensorflow1 import calls
from backprobe.on_tensorflow1.projection import projection
from backprobe.on_tensorflow1.step import GraphStep, TrainingStep

__all__ = ["caller", "is_tensor", "projection", "script_step", "steps", "training_step", "uses"]


def steps(model: Any, optimizer: Any) -> bool:
    """Whether a step is one of a graph: it has no model, and graphs are what runs here."""
    return model is None and frameworks.builds_graphs()


def training_step(model: Any, optimizer: Any, state: Any) -> TrainingStep:
    """A step under observation."""
    return TrainingStep()


def script_step() -> GraphStep:
    """What the sessions of the script do; graphs may be built at any time."""
    return GraphStep()


def uses(f: Any) -> bool:
    """Whether `f` is a tensor of a graph, or several, nested."""
    return not callable(f) and any(frameworks.is_graph_tensor(leaf) for leaf in nested.leaves(f))


def is_tensor(leaf: Any) -> bool:
    """Whether the value is a tensor of a graph."""
    return frameworks.is_graph_tensor(leaf)


def caller(assertion: str, f: Any, inputs: Any, feed: Any) -> Tuple[calls.Caller, Any]:
    """Fetches `f`. What is varied are placeholders, which stand for their values in the feed; else the inputs are the feed. By default it
    is that of the last run."""
    __tracebackhide__ = True
    if assertion not in ("assert_output_varies", "assert_loss_depends_on", "assert_examples_independent", "assert_logits"):
        return calls.Caller(assertion, calls.fed(assertion, f, (), inputs)), {}
    feed = calls.fed(assertion, f, inputs, feed)
    return calls.Caller(assertion, feed), {key: feed[key] for key in nested.leaves(inputs)}
