"""Flax NNX modules, used like torch models."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx
from outcomes import proved, undecided

import backprobe

INPUTS = jnp.asarray(np.random.RandomState(0).randn(8, 5), jnp.float32)
LABELS = jnp.asarray(np.random.RandomState(0).randint(3, size=8))


class Net(nnx.Module):
    def __init__(self, planted="", inference=None):
        rngs = nnx.Rngs(0)
        self.planted = planted
        self.first = nnx.Linear(5, 6, rngs=rngs)
        self.norm = nnx.BatchNorm(6, use_running_average=inference, rngs=rngs)
        self.drop = nnx.Dropout(0.5, rngs=rngs)
        self.second = nnx.Linear(6, 3, rngs=rngs)
        self.inference = inference

    def __call__(self, inputs):
        hidden = jnp.tanh(self.first(inputs))
        hidden = jax.lax.stop_gradient(hidden) if self.planted == "detached" else hidden
        hidden = jax.nn.relu(hidden - 100.0) if self.planted == "dead" else hidden
        hidden = self.norm(hidden, use_running_average=self.inference) if self.inference is not None else self.norm(hidden)
        return self.second(self.drop(hidden))


def loss_of(model):
    return optax.softmax_cross_entropy_with_integer_labels(model(INPUTS), LABELS).mean()


def minimized(model, optimizer=None):
    with backprobe.training_step(model, optimizer) as step:
        step.minimize(lambda: loss_of(model))
    return step


def test_layers_train_statistics_move_and_a_cut_one_is_proved():
    backprobe.seed(0)
    model = Net()
    before = model.first.kernel[...]
    step = minimized(model)
    step.assert_trained()
    step.assert_statistics_moved()
    assert not jnp.array_equal(before, model.first.kernel[...])
    step = minimized(Net("detached"))
    with proved("assert_trained", "2 of 6", "first/kernel: zero gradient", "first/bias"):
        step.assert_trained()
    step.assert_trained(["second", "norm"])
    step.assert_trained(except_="first")


@pytest.mark.parametrize("make", [lambda model: optax.adam(0.01), lambda model: nnx.Optimizer(model, optax.adamw(0.01), wrt=nnx.Param)])
def test_optimizers_are_transformations_or_of_nnx(make):
    backprobe.seed(0)
    for planted in ("", "detached"):
        model = Net(planted)
        step = minimized(model, make(model))
        if planted:
            with proved("assert_trained", "2 of 6", "first/kernel"):
                step.assert_trained()
        else:
            step.assert_trained()
            step.assert_trained(model.first)


def test_a_dead_rectifier_is_undecided():
    backprobe.seed(0)
    with undecided("assert_trained", "relu is zero everywhere"):
        minimized(Net("dead")).assert_trained()


def test_batch_norm_in_inference_mode_never_learns_its_statistics():
    backprobe.seed(0)
    step = minimized(Net(inference=True))
    step.assert_trained()
    with proved("assert_statistics_moved", "2 of 2", "norm/mean", "norm/var"):
        step.assert_statistics_moved()


def plain(function):
    return function


@pytest.mark.parametrize("compiled", [plain, nnx.jit])
@pytest.mark.parametrize("training", [True, False])
def test_a_body_of_ones_own_is_left_in_its_mode(compiled, training):
    backprobe.seed(0)
    for planted in ("", "detached"):
        model = Net(planted)
        optimizer = nnx.Optimizer(model, optax.adam(0.01), wrt=nnx.Param)
        model.train() if training else model.eval()

        @compiled
        def train_step(model, optimizer):
            optimizer.update(model, nnx.grad(loss_of)(model))

        train_step(model, optimizer)
        with backprobe.training_step(model) as step:
            train_step(model, optimizer)
        assert model.drop.deterministic is not training
        if planted:
            with proved("assert_trained", "2 of 6", "first/kernel"):
                step.assert_trained()
        else:
            step.assert_trained()
        if training:
            step.assert_statistics_moved()
        else:
            with proved("assert_statistics_moved", "2 of 2"):
                step.assert_statistics_moved()


def test_modes_of_calls():
    backprobe.seed(0)
    model = Net()
    statistics = model.norm.mean[...]
    backprobe.assert_random_in_training(model, INPUTS)
    backprobe.assert_random_in_training(lambda: model(INPUTS))
    backprobe.assert_deterministic(model, INPUTS)
    backprobe.assert_examples_independent(model, INPUTS)
    backprobe.assert_output_varies(model, np.asarray(INPUTS))
    backprobe.assert_loss_depends_on(lambda inputs: backprobe.probe_loss(model(inputs)), INPUTS)
    assert jnp.array_equal(statistics, model.norm.mean[...])
    coupled = Net(inference=False)
    with proved("assert_examples_independent", "batch"):
        backprobe.assert_examples_independent(coupled, INPUTS)
    with proved("assert_random_in_training"):
        backprobe.assert_random_in_training(nnx.Linear(5, 3, rngs=nnx.Rngs(0)), INPUTS)


class Gan:
    def __init__(self):
        rngs = nnx.Rngs(0)
        self.generator = nnx.Sequential(nnx.Linear(5, 6, rngs=rngs), jnp.tanh, nnx.Linear(6, 5, rngs=rngs))
        self.discriminator = nnx.Sequential(nnx.Linear(5, 6, rngs=rngs), jnp.tanh, nnx.Linear(6, 5, rngs=rngs))

    def loss(self):
        return backprobe.probe_loss(self.discriminator(self.generator(INPUTS)))


def test_each_player_trains_itself_alone():
    backprobe.seed(0)
    gan = Gan()
    with backprobe.training_step(gan, {"generator": optax.adam(0.01)}) as step:
        step.minimize(gan.loss)
    step.assert_trained("generator")
    step.assert_untouched()
    with proved("assert_trained", "4 of 4", "discriminator/layers/0/kernel: not held"):
        step.assert_trained(gan.discriminator)


def test_an_optimizer_for_both_players_trains_the_other():
    backprobe.seed(0)
    gan = Gan()
    with backprobe.training_step(gan) as step:
        step.minimize(gan.loss)
    step.assert_trained("generator")
    with proved("assert_untouched", "4 of 4", "an optimizer applied a gradient"):
        step.assert_untouched("discriminator")


def test_minimize_refuses_what_is_no_loss():
    model = Net()
    model.eval()
    with pytest.raises(TypeError, match="one element"), backprobe.training_step(model) as step:
        step.minimize(lambda: model(INPUTS))
    assert model(INPUTS).shape == (8, 3)


def test_what_is_looked_at_while_it_is_traced_is_not_written():
    backprobe.seed(0)
    model = Net(inference=False)
    statistics = model.norm.mean[...]
    backprobe.assert_reaches(model, INPUTS)
    backprobe.assert_finite(model, INPUTS)
    with proved("assert_finite", "log"):
        backprobe.assert_finite(lambda inputs: jnp.log(-jnp.abs(model(inputs))), INPUTS)
    with undecided("assert_trained", "relu"):
        minimized(Net("dead", inference=False)).assert_trained()
    assert jnp.array_equal(statistics, model.norm.mean[...])
    assert not isinstance(model.norm.mean[...], jax.core.Tracer)


def test_the_model_of_the_projects_own_code_is_found():
    backprobe.seed(0)

    def train(planted):
        model = Net(planted, inference=False)
        optimizer = nnx.Optimizer(model, optax.adam(0.01), wrt=nnx.Param)
        model.train()
        for _ in range(2):
            optimizer.update(model, nnx.grad(loss_of)(model))

    for planted in ("", "detached"):
        with backprobe.training_step() as step:
            train(planted)
        if planted:
            with proved("assert_trained", "2 of 6", "first/kernel"):
                step.assert_trained()
        else:
            step.assert_trained()


class Weighted(nnx.Module):
    """A critic whose layer may forget its bias."""

    def __init__(self, forgets):
        self.forgets = forgets
        self.kernel = nnx.Param(jnp.ones((5, 1)))
        self.bias = nnx.Param(jnp.zeros(1))

    def __call__(self, inputs):
        return inputs @ self.kernel[...] + (0 if self.forgets else self.bias[...])


@pytest.mark.parametrize("forgets", [False, True])
def test_only_a_bias_that_a_gradient_reaches_cancels(forgets):
    critic = Weighted(forgets)
    with backprobe.training_step(critic) as step:
        step.minimize(lambda: critic(INPUTS).sum() - critic(INPUTS * 2).sum())
    if forgets:
        with proved("assert_trained", "1 of 2", "bias: zero gradient"):
            step.assert_trained()
    else:
        step.assert_trained()
