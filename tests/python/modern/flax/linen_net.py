"""A network of Flax linen with bugs to plant, and one step of it."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import linen as nn

import backprobe

INPUTS = jnp.asarray(np.random.RandomState(0).randn(8, 5), jnp.float32)
LABELS = jnp.asarray(np.random.RandomState(0).randint(3, size=8))
KEY = jax.random.key(0)


class Net(nn.Module):
    """Two layers; `between` is what stands between them."""

    planted: str = ""

    @nn.compact
    def __call__(self, inputs):
        hidden = nn.tanh(nn.Dense(6, name="first")(inputs))
        if self.planted == "detached":
            hidden = jax.lax.stop_gradient(hidden)
        elif self.planted == "unstacked":
            hidden = inputs
        elif self.planted == "dead":
            hidden = nn.relu(hidden - 100.0)
        elif self.planted == "scaled":
            hidden = hidden * 0.0
        return nn.Dense(3, name="second")(hidden)


def loss_of(model):
    return lambda params: optax.softmax_cross_entropy_with_integer_labels(model.apply({"params": params}, INPUTS), LABELS).mean()


def minimized(model, tx=None):
    params = model.init(KEY, INPUTS)["params"]
    with backprobe.training_step(params, tx) as step:
        step.minimize(loss_of(model))
    return step
