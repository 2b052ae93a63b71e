"""What optax transformations hold back, and whose they are: Flax linen."""

import jax
import jax.numpy as jnp
import optax
import pytest
from linen_net import INPUTS, KEY, Net, loss_of, minimized
from outcomes import proved

import backprobe


def zeros():
    """As it was written before there was `optax.set_to_zero`."""
    def update(updates, state, params=None):
        return jax.tree_util.tree_map(jnp.zeros_like, updates), state

    return optax.GradientTransformation(lambda params: (), update)


def freezing(make, *frozen):
    labels = {name: "frozen" if name in frozen else "trained" for name in ("first", "second")}
    return optax.multi_transform({"trained": optax.adam(0.01), "frozen": make()}, labels)


@pytest.mark.parametrize("make", [optax.set_to_zero, zeros, lambda: optax.sgd(0.0)])
@pytest.mark.parametrize("planted", ["", "detached"])
def test_what_the_transformation_freezes_is_left_out_and_listed(make, planted):
    backprobe.seed(0)
    step = minimized(Net(planted), freezing(make, "first"))
    step.assert_trained()
    step.assert_untouched("first")
    with proved("assert_trained", "2 of 2", "first/kernel: frozen"):
        step.assert_trained("first")
    with proved("assert_trained", "4 of 4", "first/kernel: frozen", "second/bias: frozen"):
        minimized(Net(planted), freezing(make, "first", "second")).assert_trained()


@pytest.mark.parametrize("tx", [
    optax.chain(optax.clip_by_global_norm(1.0), optax.adam(0.01), optax.masked(optax.set_to_zero(), {"first": True, "second": False})),
    freezing(optax.set_to_zero, "first"),
])
def test_what_compiled_code_freezes_is_left_out_and_listed(tx):
    model = Net()
    params = model.init(KEY, INPUTS)["params"]

    @jax.jit
    def train_step(params, state):
        updates, state = tx.update(jax.grad(loss_of(model))(params), state, params)
        return optax.apply_updates(params, updates), state

    with backprobe.training_step(params) as step:
        step.params, _ = train_step(params, tx.init(params))
    step.assert_trained()
    step.assert_untouched("first")
    with proved("assert_untouched", "2 of 2"):
        step.assert_untouched("second")


@pytest.mark.parametrize("tx", [
    optax.MultiSteps(optax.adam(0.01), 4).gradient_transformation(),
    optax.sgd(optax.linear_schedule(0.0, 0.1, 10)),
    optax.apply_if_finite(optax.adam(0.01), 2),
])
def test_updates_that_are_only_zero_at_first_freeze_nothing(tx):
    minimized(Net(), tx).assert_trained()
    with proved("assert_trained", "2 of 4", "first/kernel: zero gradient"):
        minimized(Net("detached"), tx).assert_trained()


def one_for_both(params, tx):
    """One update of each player by the same transformation."""
    states = {name: tx.init(part) for name, part in params.items()}
    for name, part in params.items():
        gradients = jax.grad(loss_of(Net("scaled" if name == "critic" else "")))(part)
        updates, states[name] = tx.update(gradients, states[name], part)
        params = {**params, name: optax.apply_updates(part, updates)}
    return params


@pytest.mark.parametrize("is_alike", [False, True])
def test_players_that_share_a_transformation_are_told_apart(is_alike):
    tx = optax.adam(0.01)
    actor = Net().init(KEY, INPUTS)["params"]
    params = {"actor": actor, "critic": actor if is_alike else {"second": actor["second"]}}

    def loss(params):
        critic = params["critic"]["second"]["kernel"].sum() + params["critic"]["second"]["bias"].sum()
        return loss_of(Net())(params["actor"]) + 0.0 * critic

    with backprobe.training_step(params, {"actor": tx, "critic": tx}) as step:
        step.minimize(loss)
    step.assert_trained("actor")
    step.assert_untouched("critic", by="actor")
    with proved("assert_trained", f"{4 if is_alike else 2} of {4 if is_alike else 2}", "critic/second/bias: zero gradient"):
        step.assert_trained("critic")


def test_players_of_the_projects_own_code_that_share_a_transformation_are_told_apart():
    actor = Net().init(KEY, INPUTS)["params"]
    tx = optax.adam(0.01)
    with backprobe.training_step() as step:
        jax.jit(lambda params: one_for_both(params, tx))({"actor": actor, "critic": actor})
    with proved("assert_trained", "3 of 8", "tx[1]/first/kernel: zero gradient", "tx[1]/second/kernel"):
        step.assert_trained()
    step.assert_trained("tx[0]")


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_state_that_begins_anew_is_no_other_player_unless_the_first_goes_on(goes_on):
    tx = optax.adam(0.01)
    params = Net().init(KEY, INPUTS)["params"]
    states = [tx.init(params), tx.init(params)]
    with backprobe.training_step() as step:
        for number in (0, 1, 0, 1) if goes_on else (0, 0, 1, 1):
            gradients = jax.grad(loss_of(Net("detached" if number else "")))(params)
            _, states[number] = tx.update(gradients, states[number], params)
    if goes_on:
        with proved("assert_trained", "2 of 8", "tx[1]/first/kernel: zero gradient"):
            step.assert_trained()
    else:
        step.assert_trained()
