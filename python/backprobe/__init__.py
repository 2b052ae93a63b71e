"""backprobe's checker: observe one training step with the real framework, and assert what must hold after it.

A test seeds, builds, runs one step and asserts::

    import backprobe
    import torch

    def test_every_parameter_of_convnet_trains():
        backprobe.seed(0)
        model = ConvNet()
        images, labels = torch.randn(8, 3, 32, 32), torch.randint(10, (8,))

        with backprobe.training_step(model) as step:
            step.minimize(lambda: F.cross_entropy(model(images), labels))

        step.assert_trained()

The step
    * PyTorch: ``training_step(model, optimizer=None)``. ``model`` is a module, a mapping of names to modules, or an object that holds modules
      (``training_step({"generator": g, "discriminator": d})``). ``step.minimize(f)`` takes a function without arguments that returns the
      loss, and runs up to three steps in train mode; or the body of the ``with`` is the user's own code. Without a model, those are
      found that are variables of the functions the body calls, and named after the variables.
    * TensorFlow 1: ``training_step()`` owns and initialises a session on the default graph; ``step.run(op, feed)`` runs a train op.

On a step
    * ``assert_trained(scope=None, except_=())``: every parameter received a gradient that is not exactly zero and was stepped.
    * ``assert_untouched(scope=None, by=None)``: the parameters are what they were; without a scope, all that was not asserted to train.
      Where one body trains several players, ``assert_untouched("discriminator", by="generator")`` looks only at what the optimizers
      do that train the generator.
    * ``assert_statistics_moved(scope=None)``: the running statistics of normalisation layers moved.
    * ``assert_examples_independent(f, inputs)``: in eval mode the examples of a batch do not influence each other.

A scope is a name or prefix (``"encoder"``, ``"generator/"``), a pattern with ``*``, a module, parameter or variable, or a list of them.

Anywhere
    ``assert_random_in_training``, ``assert_deterministic``, ``assert_loss_depends_on``, ``assert_output_varies``, ``assert_examples_independent``.

Outcomes
    A proved bug raises `BackprobeFailure`, an `AssertionError` whose text names the assertion, the blamed parameters, the reason and the
    line that creates them. What cannot be decided raises `Inconclusive`, what is unfinished `FillIn`.

Frameworks are used only if the test has imported them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, overload

from backprobe import frameworks, nested
from backprobe.outcome import BackprobeFailure, FillIn, Inconclusive, fill_in
from backprobe.projection import probe_loss
from backprobe.randomness import seed

if TYPE_CHECKING:
    from backprobe.on_torch.step import Optimizers
    from backprobe.on_torch.step import TrainingStep as TorchStep

__all__ = [
    "BackprobeFailure",
    "FillIn",
    "Inconclusive",
    "assert_deterministic",
    "assert_examples_independent",
    "assert_loss_depends_on",
    "assert_output_varies",
    "assert_random_in_training",
    "fill_in",
    "probe_loss",
    "seed",
    "training_step",
]


@overload
def training_step() -> Any: ...  # TorchStep or TensorFlow1Step, as the code in the body is of one framework or the other
@overload
def training_step(model: object, optimizer: Optimizers = None) -> TorchStep: ...
def training_step(model: object = None, optimizer: Any = None) -> Any:
    """A training step under observation, to be used as a context manager.

    Args:
        model: for PyTorch a module, a mapping or sequence of modules, or an object that holds modules; nothing where the models are
            variables of the functions that the body calls. Nothing for TensorFlow 1.
        optimizer: the PyTorch optimizer, or several, if the step should use or know them; those the body steps are found without it.

    Raises:
        TypeError: if the model is of no framework that is imported, or is missing.
    """
    __tracebackhide__ = True
    if frameworks.torch() is not None and (model is not None or not frameworks.builds_graphs()):
        from backprobe.on_torch.step import TrainingStep

        return TrainingStep(model, optimizer)
    if model is None and frameworks.tensorflow1() is not None:
        from backprobe.on_tensorflow1.step import TrainingStep as GraphStep

        return GraphStep()
    raise TypeError("training_step needs PyTorch, or no model and TensorFlow 1; import the framework first")


def assert_random_in_training(f: Any, inputs: Any = None) -> None:
    """Asserts that two calls in train mode on the same input differ: dropout drops.

    Args:
        f: PyTorch: a module, or a function that calls one, which is found and put into train mode. TensorFlow 1: a tensor to fetch that
            is not the train op.
        inputs: PyTorch: the input (a mapping is given as keywords, a tuple as positional arguments), nothing if `f` takes none.
            TensorFlow 1: the feed, by default that of the last `step.run` in the body around.

    Raises:
        BackprobeFailure: if the outputs are equal.
        Inconclusive: if the output is zero everywhere.
    """
    __tracebackhide__ = True
    _calls(f).assert_random_in_training(f, inputs)


def assert_deterministic(f: Any, inputs: Any = None) -> None:
    """Asserts that two calls in eval mode on the same input agree: nothing stays random at test time.

    Args:
        f: as in `assert_random_in_training`; found modules are put into eval mode.
        inputs: as in `assert_random_in_training`.

    Raises:
        BackprobeFailure: if the outputs differ.
    """
    __tracebackhide__ = True
    _calls(f).assert_deterministic(f, inputs)


def assert_output_varies(f: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Asserts that other inputs give another output, in eval mode.

    Args:
        f: PyTorch: a module or function of the inputs. TensorFlow 1: the output tensor.
        inputs: PyTorch: one batch, nested as you like; other values are made from it. TensorFlow 1: the placeholder, or several, to vary.
        feed: TensorFlow 1: values of all placeholders, by default those of the last `step.run` in the body around.

    Raises:
        BackprobeFailure: if the output stays the same.
        Inconclusive: if it is zero everywhere or not finite.
    """
    __tracebackhide__ = True
    _assert_varies("assert_output_varies", f, inputs, feed)


def assert_loss_depends_on(f: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Asserts that the loss changes when the inputs do and the labels are held fixed, in eval mode.

    Args:
        f: PyTorch: a function of the inputs that returns the loss; labels are what it closes over. TensorFlow 1: the loss tensor.
        inputs: as in `assert_output_varies`.
        feed: as in `assert_output_varies`; the labels are in it.

    Raises:
        BackprobeFailure: if the loss stays the same.
        Inconclusive: if it is not finite, or the output of the model is zero everywhere.
    """
    __tracebackhide__ = True
    _assert_varies("assert_loss_depends_on", f, inputs, feed)


def assert_examples_independent(f: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Asserts that, in eval mode, the output for one example does not change with the other examples of its batch.

    Args:
        f: as in `assert_output_varies`; the first axis of the output is the batch.
        inputs: as in `assert_output_varies`, with at least two examples along the first axis.
        feed: as in `assert_output_varies`.

    Raises:
        BackprobeFailure: if it changes: statistics of the batch are used at test time.
        Inconclusive: if no output has the batch as first axis, or it is zero everywhere or not finite.
    """
    __tracebackhide__ = True
    if _is_of_a_graph(f):
        _calls(f).assert_examples_independent(f, inputs, feed)
    else:
        _calls(f).assert_examples_independent(f, inputs)


def _assert_varies(name: str, f: Any, inputs: Any, feed: Optional[Mapping[Any, Any]]) -> None:
    __tracebackhide__ = True
    assertion: Callable[..., None] = getattr(_calls(f), name)
    if _is_of_a_graph(f):
        assertion(f, inputs, feed)
    else:
        assertion(f, inputs)


def _is_of_a_graph(f: Any) -> bool:
    """Whether `f` is a tensor of a TensorFlow graph, or several, nested."""
    return not callable(f) and any(frameworks.is_graph_tensor(leaf) for leaf in nested.leaves(f))


def _calls(f: Any) -> Any:
    """The module whose assertions understand `f`."""
    __tracebackhide__ = True
    if _is_of_a_graph(f):
        from backprobe.on_tensorflow1 import calls as graph_calls

        return graph_calls
    if callable(f) and frameworks.torch() is not None:
        from backprobe.on_torch import calls

        return calls
    raise TypeError(f"expected a torch module, a function that calls one, or a tensor of a TensorFlow graph, got {type(f).__name__}")
