"""Flat scripts and notebooks of Flax, Haiku and optax, run as they are."""

import pytest
import scripts
from outcomes import proved, undecided

import backprobe

LINEN = """
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax.training.train_state import TrainState


class Net(nn.Module):
    @nn.compact
    def __call__(self, inputs):
        hidden = nn.tanh(nn.Dense(6, name="first")(inputs))
        return nn.Dense(3, name="second")(CUT(hidden))


model = Net()
params = model.init(jax.random.PRNGKey(0), jnp.ones((1, 5)))["params"]
state = TrainState.create(apply_fn=model.apply, params=params, tx=optax.adamw(1e-3, weight_decay=0.1))


COMPILED
def train_step(state, inputs, labels):
    def loss_of(params):
        logits = state.apply_fn({"params": params}, inputs)
        return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()

    return state.apply_gradients(grads=jax.grad(loss_of)(state.params))


for count in range(1000):
    state = train_step(state, np.random.randn(8, 5), np.random.randint(3, size=8))
    if count % 10 == 0:
        jax.block_until_ready(state)
raise AssertionError("it is stopped before")
"""


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("compiled", ["", "@jax.jit"])
@pytest.mark.parametrize("planted", [False, True])
def test_a_script_is_stopped_and_its_step_judged(compiled, planted):
    source = LINEN.replace("CUT", "jax.lax.stop_gradient" if planted else "").replace("COMPILED", compiled)
    step = backprobe.run_script(scripts.written(source))
    if planted:
        with proved("assert_trained", "2 of 4", "first/kernel: zero gradient: the loss does not depend on it", "first/bias"):
            step.assert_trained()
        step.assert_trained("second")
    else:
        step.assert_trained()
        with pytest.raises(LookupError, match="first/kernel"):
            step.assert_trained("encoder")
    step.close()


def test_a_notebook_is_run_with_the_code_of_timed_cells():
    before, loop, behind = LINEN.replace("COMPILED", "@jax.jit").replace("CUT", "").partition("for count")
    step = backprobe.run_script(scripts.notebook("%%bash\nnot python", "%load_ext autoreload\n" + before, "%%time\n" + loop + behind))
    step.assert_trained()


PLAYERS = """
import functools
import flax.linen as nn
import jax
import jax.numpy as jnp
import optax


class Player(nn.Module):
    units: int

    @nn.compact
    def __call__(self, inputs):
        return nn.Dense(self.units)(nn.leaky_relu(nn.Dense(6)(inputs)))


key = jax.random.PRNGKey(0)
generator, discriminator = Player(5), Player(1)
real, noise = jax.random.normal(key, (8, 5)), jax.random.normal(key, (8, 4))
g_params = generator.init(key, noise)
d_params = discriminator.init(key, real)
g_tx, d_tx = optax.adam(1e-3), optax.adam(1e-3)
g_state, d_state = g_tx.init(g_params), d_tx.init(d_params)


def d_loss(d_params, g_params):
    fake = discriminator.apply(d_params, generator.apply(g_params, noise))
    return jnp.mean(nn.softplus(-discriminator.apply(d_params, real)) + nn.softplus(fake))


def g_loss(g_params, d_params):
    return jnp.mean(nn.softplus(-discriminator.apply(d_params, DETACHED(generator.apply(g_params, noise)))))


@functools.partial(jax.jit, static_argnums=(0, 1))
def update(tx, loss, params, other, state):
    updates, state = tx.update(jax.grad(loss)(params, other), state, params)
    return optax.apply_updates(params, updates), state


while True:
    for _ in range(5):
        d_params, d_state = update(d_tx, d_loss, d_params, g_params, d_state)
    g_params, g_state = update(g_tx, g_loss, g_params, d_params, g_state)
"""


@pytest.mark.parametrize("planted", [False, True])
def test_players_are_named_by_their_optimizers_and_both_take_their_steps(planted):
    step = backprobe.run_script(scripts.written(PLAYERS.replace("DETACHED", "jax.lax.stop_gradient" if planted else "")))
    step.assert_trained("d_tx")
    if planted:
        with proved("assert_trained", "4 of 4", "g_tx/params/Dense_0/kernel: zero gradient"):
            step.assert_trained("g_tx")
    else:
        step.assert_trained()


BY_HAND = """
import jax
import jax.numpy as jnp
import optax

params = {"w": jnp.ones(3)}
for _ in range(5):
    gradients = jax.grad(lambda params: (params["w"] ** 2).sum())(params)
    params = jax.tree_util.tree_map(lambda value, gradient: value - 0.1 * gradient, params, gradients)
"""


def test_a_script_that_updates_by_hand_is_undecided():
    step = backprobe.run_script(scripts.written(BY_HAND))
    with undecided("assert_trained", "no optimizer was seen to step"):
        step.assert_trained()


NNX = """
import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.first = nnx.Linear(5, 6, rngs=rngs)
        self.second = nnx.Linear(6, 3, rngs=rngs)

    def __call__(self, inputs):
        return self.second(CUT(nnx.relu(self.first(inputs))))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)


@nnx.jit
def train_step(model, optimizer, inputs, labels):
    loss, gradients = nnx.value_and_grad(
        lambda model: optax.softmax_cross_entropy_with_integer_labels(model(inputs), labels).mean()
    )(model)
    optimizer.update(model, gradients)
    return loss


for _ in range(100):
    print(float(train_step(model, optimizer, jax.random.normal(jax.random.key(0), (8, 5)), jnp.arange(8) % 3)))
raise AssertionError("it is stopped before")
"""


@pytest.mark.parametrize("planted", [False, True])
def test_a_script_of_nnx(planted):
    step = backprobe.run_script(scripts.written(NNX.replace("CUT", "jax.lax.stop_gradient" if planted else "")))
    if planted:
        with proved("assert_trained", "2 of 4", "first/kernel: zero gradient"):
            step.assert_trained()
    else:
        step.assert_trained()
