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
    * PyTorch: ``training_step(model, optimizer=None)``. ``model`` is a module, a mapping of names to modules, or an object that holds
      modules (``training_step({"generator": g, "discriminator": d})``). ``step.minimize(f)`` takes a function without arguments that
      returns the loss, and runs up to three steps in train mode; or the body of the ``with`` is the user's own code. Without a model, those
      are found that are variables of the functions the body calls, and named after the variables.
    * Keras 3 on TensorFlow, PyTorch and JAX: the same; the body may also be ``fit``, ``train_on_batch`` or a loop with a tape. ``f`` says
      the mode, as in ``model(images, training=True)``. Layers that are called in the body and are not part of the functional model are
      blamed: build it there.
    * TensorFlow 2 with ``tf.Module`` or Keras 2 (``tf_keras``, ``TF_USE_LEGACY_KERAS=1``, TensorFlow before 2.16): the same; gradients are
      those that a tape computes, whoever applies them, be it ``assign_sub`` by hand.
    * JAX: ``training_step(params, tx, state=None)``. ``f`` takes the parameters, and the state if there is one, and returns the loss, or
      the loss and the new state; ``step.params`` and ``step.state`` are what they have come to. ``params`` may map players to parameters,
      ``tx`` some of them to transformations. What a transformation never updates, as ``optax.set_to_zero``, is frozen. The body may be code
      that uses optax, compiled or not; without parameters, those are judged that an optimizer is given gradients of. Flax NNX modules are
      used as those of PyTorch.
    * TensorFlow 1: ``training_step()`` owns and initialises a session on the default graph; ``step.run(op, feed)`` runs a train op.
    * A script or notebook that trains when it is run, with PyTorch, Keras 3, optax, or what tapes or sessions of TensorFlow train:
      ``step = backprobe.run_script("train.py", args=[])`` runs it in a copy of its folder and stops it after three steps.

On a step
    * ``assert_trained(scope=None, except_=())``: every parameter received a gradient that is not exactly zero and was stepped.
    * ``assert_untouched(scope=None, by=None)``: the parameters are what they were; without a scope, all that was not asserted to train.
      Where one body trains several players, ``assert_untouched("discriminator", by="generator")`` looks only at what the optimizers
      do that train the generator.
    * ``assert_statistics_moved(scope=None)``: the running statistics of normalisation layers moved.
    * ``assert_clipped(max_norm)``: no optimizer applied gradients of a larger norm, and some were clipped to it.
    * ``assert_gradients_cleared()``: no optimizer stepped on gradients that were added to those of its step before (PyTorch).
    * ``assert_examples_independent(f, inputs)``: in eval mode the examples of a batch do not influence each other.

A scope is a name or prefix (``"encoder"``, ``"generator/"``), a pattern with ``*``, a module, parameter or variable, or a list of them.

Anywhere
    ``assert_random_in_training``, ``assert_deterministic``, ``assert_loss_depends_on``, ``assert_output_varies``,
    ``assert_examples_independent``, ``assert_finite``, ``assert_output_range``, ``assert_logits``, ``assert_same_shape``,
    ``assert_reaches``.

Outcomes
    A proved bug raises `BackprobeFailure`, an `AssertionError` whose text names the assertion, the blamed parameters, the reason and the
    line that creates them. What cannot be decided raises `Inconclusive`, what is unfinished `FillIn`.

Frameworks are used only if the test has imported them.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional

from backprobe import calls, checks, frameworks, nested
from backprobe.outcome import BackprobeFailure, FillIn, Inconclusive, fill_in
from backprobe.projection import probe_loss
from backprobe.randomness import seed
from backprobe.script import run_script
from backprobe.step import EitherStep, TrainingStep

__all__ = [
    "BackprobeFailure",
    "FillIn",
    "Inconclusive",
    "assert_deterministic",
    "assert_examples_independent",
    "assert_finite",
    "assert_logits",
    "assert_loss_depends_on",
    "assert_output_range",
    "assert_output_varies",
    "assert_random_in_training",
    "assert_reaches",
    "assert_same_shape",
    "fill_in",
    "probe_loss",
    "run_script",
    "seed",
    "training_step",
]


def training_step(model: Any = None, optimizer: Any = None, state: Any = None) -> TrainingStep:
    """A training step under observation, to be used as a context manager.

    Args:
        model: a model, a mapping or sequence of models, or an object that holds models; nothing where the models are variables of the
            functions that the body calls, and for TensorFlow 1. For plain JAX the parameters, or a mapping of players to parameters.
        optimizer: the optimizer, or several, if the step should use or know them; those the body steps are found without it. For plain
            JAX the optax transformation, or a mapping of players to transformations.
        state: for plain JAX what else the loss takes and returns, such as running statistics.

    Raises:
        TypeError: if the model is of no framework that is imported, or is missing.
    """
    __tracebackhide__ = True
    found = frameworks.stepping(model, optimizer)
    if not found:
        raise TypeError(
            "training_step needs a torch.nn.Module, a Keras model, a tf.Module, an NNX module or parameters of JAX, or what holds them "
            "(import the framework first), or a graph of TensorFlow 1 "
            f"(call tf.compat.v1.disable_eager_execution(), or build inside tf.Graph()), got {type(model).__name__}"
        )
    steps = {framework: framework.training_step(model, optimizer, state) for framework in found}
    return steps[found[0]] if len(steps) == 1 else EitherStep(steps)


def assert_random_in_training(f: Any, inputs: Any = None) -> None:
    """Asserts that two calls in train mode on the same input differ: dropout drops.

    Args:
        f: a model, or a function that calls one, which is found and put into train mode; a function with a parameter `training` is given
            it for Keras. A plain function of JAX says its mode itself, and is random by a key among its inputs. TensorFlow 1: a tensor to
            fetch that is not the train op.
        inputs: the input (a mapping is given as keywords, a tuple as positional arguments), nothing if `f` takes none.
            TensorFlow 1: the feed, by default that of the last `step.run` in the body around.

    Raises:
        BackprobeFailure: if the outputs are equal.
        Inconclusive: if the output is zero everywhere.
    """
    __tracebackhide__ = True
    _call(calls.assert_random_in_training, f, inputs)


def assert_deterministic(f: Any, inputs: Any = None) -> None:
    """Asserts that two calls in eval mode on the same input agree: nothing stays random at test time.

    Args:
        f: as in `assert_random_in_training`; found models are put into eval mode.
        inputs: as in `assert_random_in_training`.

    Raises:
        BackprobeFailure: if the outputs differ.
    """
    __tracebackhide__ = True
    _call(calls.assert_deterministic, f, inputs)


def assert_output_varies(f: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Asserts that other inputs give another output, in eval mode.

    Args:
        f: a model, or a function of the inputs. TensorFlow 1: the output tensor.
        inputs: one batch, nested as you like; other values are made from it. TensorFlow 1: the placeholder, or several, to vary.
        feed: TensorFlow 1: values of all placeholders, by default those of the last `step.run` in the body around.

    Raises:
        BackprobeFailure: if the output stays the same.
        Inconclusive: if it is zero everywhere or not finite.
    """
    __tracebackhide__ = True
    _call(calls.assert_output_varies, f, inputs, feed)


def assert_loss_depends_on(f: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Asserts that the loss changes when the inputs do and the labels are held fixed, in eval mode.

    Args:
        f: a function of the inputs that returns the loss; labels are what it closes over. TensorFlow 1: the loss tensor.
        inputs: as in `assert_output_varies`.
        feed: as in `assert_output_varies`; the labels are in it.

    Raises:
        BackprobeFailure: if the loss stays the same.
        Inconclusive: if it is not finite, or the output of the model is zero everywhere.
    """
    __tracebackhide__ = True
    _call(calls.assert_loss_depends_on, f, inputs, feed)


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
    _call(calls.assert_examples_independent, f, inputs, feed)


def assert_finite(f: Any, inputs: Any = None) -> None:
    """Asserts that, in train mode, neither the output nor what a layer puts out is NaN or infinite.

    Minus infinity counts only in the output: masks are made of it.

    Args:
        f: a model, or a function of the inputs. TensorFlow 1: the output tensor.
        inputs: as in `assert_random_in_training`.

    Raises:
        BackprobeFailure: names the first layer or operation whose output is not finite.
        Inconclusive: if the inputs themselves are not finite.
    """
    __tracebackhide__ = True
    _call(checks.assert_finite, f, inputs)


def assert_output_range(f: Any, inputs: Any = None, low: Optional[float] = None, high: Optional[float] = None) -> None:
    """Asserts that, in eval mode, no element of the output is below `low` or above `high`.

    Args:
        f: as in `assert_finite`.
        inputs: as in `assert_random_in_training`.
        low: the smallest value allowed; nothing for any.
        high: the largest value allowed; nothing for any.

    Raises:
        BackprobeFailure: says where the output goes from and to.
        Inconclusive: if it is not finite.
    """
    __tracebackhide__ = True
    _call(checks.assert_output_range, f, inputs, low=low, high=high)


def assert_logits(f: Any, inputs: Any, feed: Optional[Mapping[Any, Any]] = None) -> None:
    """Asserts that, in eval mode, the output is not probabilities already, as a loss that expects logits demands.

    Args:
        f: as in `assert_output_varies`; what is given to the loss.
        inputs: as in `assert_output_varies`.
        feed: as in `assert_output_varies`.

    Raises:
        BackprobeFailure: if rows lie between 0 and 1 and add up to 1, or lie between 0 and 1 whatever the inputs are.
        Inconclusive: if the output is zero everywhere or not finite.
    """
    __tracebackhide__ = True
    _call(checks.assert_logits, f, inputs, feed)


def assert_same_shape(f: Any, inputs: Any, target: Any) -> None:
    """Asserts that, in eval mode, the output has the shape of the target, so that nothing is broadcast in the loss.

    Args:
        f: as in `assert_finite`.
        inputs: as in `assert_random_in_training`.
        target: a tensor or several, nested like the output, or a shape.

    Raises:
        BackprobeFailure: says both shapes, and that of what a loss between them would be over.
        Inconclusive: if there are not as many float tensors in the output as in the target.
    """
    __tracebackhide__ = True
    _call(checks.assert_same_shape, f, inputs, target=target)


def assert_reaches(f: Any, inputs: Any) -> None:
    """Asserts that, in eval mode, every input changes the output: floats by a gradient that is not zero, others by other values.

    Args:
        f: a model, or a function of the inputs.
        inputs: one batch, nested as you like.

    Raises:
        BackprobeFailure: names the inputs that do not reach the output.
        Inconclusive: if the output is zero everywhere.
        TypeError: for a graph of TensorFlow 1.
    """
    __tracebackhide__ = True
    _call(checks.assert_reaches, f, inputs)


def _call(assertion: Callable[..., None], f: Any, inputs: Any, feed: Any = None, **keywords: Any) -> None:
    """Has the framework that understands `f`, or else the inputs, call it for an assertion."""
    __tracebackhide__ = True
    known = frameworks.entries()
    leaves = list(nested.leaves(inputs))
    using = [framework for framework in known if framework.uses(f)]
    taking = [framework for framework in known if callable(f) and any(framework.is_tensor(leaf) for leaf in leaves)]
    for framework in [*using, *taking, *(known if callable(f) else ())]:
        caller, inputs = framework.caller(assertion.__name__, f, inputs, feed)
        assertion(caller, f, inputs, **keywords)
        return
    wanted = "a model of PyTorch, Keras, TensorFlow or JAX, a function that calls one, or a tensor of a TensorFlow graph"
    raise TypeError(f"expected {wanted}, got {type(f).__name__}")
