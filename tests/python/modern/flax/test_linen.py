"""Functions of parameters: Flax linen with optax. Correct code passes, the planted bug is proved by the assertion its page names."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import linen as nn
from flax.training.train_state import TrainState
from linen_net import INPUTS, KEY, LABELS, Net, loss_of, minimized
from outcomes import judged_cancelling, proved, undecided

import backprobe


@pytest.mark.parametrize("make", [
    lambda: None,
    lambda: optax.adamw(0.01, weight_decay=0.1),
    lambda: optax.chain(optax.clip(1.0), optax.sgd(0.1)),
])
def test_stacked_layers_train_and_unstacked_ones_are_proved(make):
    backprobe.seed(0)
    before = Net().init(KEY, INPUTS)["params"]
    step = minimized(Net(), make())
    step.assert_trained()
    assert not jnp.array_equal(step.params["first"]["kernel"], before["first"]["kernel"])
    for planted in ("detached", "unstacked"):
        step = minimized(Net(planted), make())
        with proved("assert_trained", "2 of 4", "first/kernel: zero gradient", "first/bias"):
            step.assert_trained()
        step.assert_trained("second")
        step.assert_trained(except_="first/")


def test_a_dead_rectifier_is_undecided_and_a_factor_of_zero_is_not():
    backprobe.seed(0)
    with undecided("assert_trained", "relu is zero everywhere"):
        minimized(Net("dead")).assert_trained()
    with proved("assert_trained", "3 of 4", "first/kernel"):
        minimized(Net("scaled")).assert_trained()


class Residual(nn.Module):
    """A residual branch whose last gamma starts at zero, before a head that starts at zero."""

    detached: bool

    @nn.compact
    def __call__(self, inputs):
        branch = nn.Dense(5, name="branch")(inputs)
        gamma = self.param("gamma", nn.initializers.zeros, (5,))
        hidden = inputs + gamma * (jax.lax.stop_gradient(branch) if self.detached else branch)
        return nn.Dense(3, kernel_init=nn.initializers.zeros, name="head")(hidden)


def test_zero_initialised_gamma_and_head_train_at_the_third_step():
    backprobe.seed(0)
    minimized(Residual(detached=False)).assert_trained()
    with proved("assert_trained", "2 of 5", "branch/kernel"):
        minimized(Residual(detached=True)).assert_trained()


class Normalised(nn.Module):
    @nn.compact
    def __call__(self, inputs, train):
        hidden = nn.Dense(6, name="hidden")(inputs)
        return nn.Dense(3)(nn.BatchNorm(use_running_average=not train, name="norm")(hidden))


@pytest.mark.parametrize("planted", ["", "inference", "dropped"])
def test_batch_statistics_move_where_they_are_updated_and_kept(planted):
    backprobe.seed(0)
    model = Normalised()
    variables = model.init(KEY, INPUTS, train=False)

    def loss(params, statistics):
        logits, updated = model.apply(
            {"params": params, "batch_stats": statistics}, INPUTS, train=planted != "inference", mutable=["batch_stats"]
        )
        value = optax.softmax_cross_entropy_with_integer_labels(logits, LABELS).mean()
        return value, statistics if planted == "dropped" else updated["batch_stats"]

    with backprobe.training_step(variables["params"], optax.adam(0.01), variables["batch_stats"]) as step:
        step.minimize(loss)
    step.assert_trained(except_="hidden/bias")
    if planted:
        with proved("assert_statistics_moved", "2 of 2", "norm/mean", "norm/var"):
            step.assert_statistics_moved()
    else:
        step.assert_statistics_moved()

    def predict(inputs, train=False):
        return model.apply({"params": step.params, "batch_stats": step.state}, inputs, train=train, mutable=["batch_stats"])[0]

    backprobe.assert_examples_independent(predict, INPUTS)
    with proved("assert_examples_independent", "batch"):
        backprobe.assert_examples_independent(lambda inputs: predict(inputs, train=True), INPUTS)


def test_a_softmax_over_one_unit_is_constant():
    backprobe.seed(0)
    for units in (3, 1):
        model = nn.Dense(units)
        params = model.init(KEY, INPUTS)

        def probabilities(inputs, model=model, params=params):
            return nn.softmax(model.apply(params, inputs))

        labels = jax.nn.one_hot(LABELS % units, units)

        def loss(inputs, model=model, params=params, labels=labels):
            return optax.softmax_cross_entropy(model.apply(params, inputs), labels).mean()

        if units == 1:
            with proved("assert_output_varies"):
                backprobe.assert_output_varies(probabilities, INPUTS)
            with proved("assert_loss_depends_on"):
                backprobe.assert_loss_depends_on(loss, INPUTS)
        else:
            backprobe.assert_output_varies(probabilities, np.asarray(INPUTS))
            backprobe.assert_output_varies(jax.jit(probabilities), INPUTS)
            backprobe.assert_loss_depends_on(loss, INPUTS)


class Players:
    """Two players whose parameters are alike."""

    def __init__(self):
        self.generator, self.discriminator = nn.Dense(5), nn.Dense(5)
        players = {"generator": self.generator, "discriminator": self.discriminator}
        self.params = {name: player.init(KEY, INPUTS)["params"] for name, player in players.items()}

    def loss(self, params):
        fake = self.generator.apply({"params": params["generator"]}, INPUTS)
        return backprobe.probe_loss(self.discriminator.apply({"params": params["discriminator"]}, jnp.tanh(fake)))


def test_each_player_trains_itself_alone():
    backprobe.seed(0)
    players = Players()
    with backprobe.training_step(players.params, {"generator": optax.adam(0.01)}) as step:
        step.minimize(players.loss)
    step.assert_trained("generator")
    step.assert_untouched()
    step.assert_untouched("discriminator", by="generator")
    with proved("assert_trained", "2 of 2", "discriminator/kernel: not held"):
        step.assert_trained("discriminator")


def test_an_optimizer_over_both_players_trains_the_other():
    backprobe.seed(0)
    players = Players()
    with backprobe.training_step(players.params, optax.sgd(0.01)) as step:
        step.minimize(players.loss)
    step.assert_trained("generator")
    with proved("assert_untouched", "2 of 2", "discriminator/kernel: an optimizer applied a gradient"):
        step.assert_untouched("discriminator")


def jitted(function):
    return jax.jit(function)


def plain(function):
    return function


@pytest.mark.parametrize("compiled", [plain, jitted])
@pytest.mark.parametrize("planted", ["", "detached"])
def test_a_body_of_ones_own_with_optax(compiled, planted):
    backprobe.seed(0)
    model, tx = Net(planted), optax.adam(0.01)
    params = model.init(KEY, INPUTS)["params"]

    @compiled
    def train_step(params, opt_state):
        gradients = jax.grad(loss_of(model))(params)
        updates, opt_state = tx.update(gradients, opt_state, params)
        return optax.apply_updates(params, updates), opt_state

    train_step(params, tx.init(params))
    with backprobe.training_step(params) as step:
        params, _ = train_step(params, tx.init(params))
        step.params = params
    if planted:
        with proved("assert_trained", "2 of 4", "first/kernel: zero gradient"):
            step.assert_trained()
    else:
        step.assert_trained()
    with proved("assert_untouched", "2 of 2", "second/kernel: an optimizer applied a gradient"):
        step.assert_untouched("second")


def test_a_train_state_and_a_transformation_made_in_the_body():
    backprobe.seed(0)
    for planted in ("", "detached"):
        model = Net(planted)
        state = TrainState.create(apply_fn=model.apply, params=model.init(KEY, INPUTS)["params"], tx=optax.sgd(0.1))

        @jax.jit
        def train_step(state, model=model):
            return state.apply_gradients(grads=jax.grad(loss_of(model))(state.params))

        with backprobe.training_step(state) as step:
            other = TrainState.create(apply_fn=model.apply, params=state.params, tx=optax.chain(optax.clip(1.0), optax.sgd(0.1)))
            train_step(train_step(other))
        if planted:
            with proved("assert_trained", "2 of 4", "first/kernel"):
                step.assert_trained()
        else:
            step.assert_trained()


@pytest.mark.parametrize("held", ["generator", "both", "neither"])
def test_players_of_a_body_are_told_apart_by_their_trees(held):
    backprobe.seed(0)
    players = Players()
    tx = optax.sgd(0.1)
    transformations = {"generator": tx} if held == "generator" else None
    with backprobe.training_step(players.params, transformations) as step:
        gradients = jax.grad(players.loss)(players.params)
        if held == "both":
            tx.update(gradients, tx.init(players.params))
        else:
            tx.update(gradients["generator"], tx.init(players.params["generator"]))
    if held == "generator":
        step.assert_trained("generator")
        step.assert_untouched("discriminator")
    elif held == "both":
        step.assert_trained()
    else:
        with undecided("assert_trained", "alike"):
            step.assert_trained("generator")


def test_without_an_optimizer_nothing_is_decided():
    params = Net().init(KEY, INPUTS)["params"]
    with backprobe.training_step(params) as step:
        jax.grad(loss_of(Net()))(params)
    with undecided("assert_trained", "no optimizer was seen"):
        step.assert_trained()
    with undecided("assert_statistics_moved"):
        step.assert_statistics_moved()


def test_the_code_of_transformations_is_put_back():
    tx = optax.adam(0.1)
    before, made = tx.update.__code__, optax.GradientTransformation.__new__
    params = Net().init(KEY, INPUTS)["params"]
    with backprobe.training_step(params):
        assert tx.update.__code__ is not before
    assert tx.update.__code__ is before
    assert optax.GradientTransformation.__new__ is made


class Dropping(nn.Module):
    @nn.compact
    def __call__(self, inputs, train):
        return nn.Dropout(0.5, deterministic=not train)(inputs)


def test_randomness_comes_by_the_key_that_is_given():
    backprobe.seed(0)
    model = Dropping()

    def output(inputs, key, train):
        return model.apply({}, inputs, train=train, rngs={"dropout": key})

    inputs = {"inputs": INPUTS, "key": KEY}
    backprobe.assert_random_in_training(lambda inputs, key: output(inputs, key, True), inputs)
    backprobe.assert_random_in_training(lambda inputs, key: output(inputs, key, True), {**inputs, "key": jax.random.PRNGKey(0)})
    backprobe.assert_deterministic(lambda inputs, key: output(inputs, key, False), inputs)
    with proved("assert_deterministic"):
        backprobe.assert_deterministic(lambda inputs, key: output(inputs, key, True), inputs)
    with proved("assert_random_in_training"):
        backprobe.assert_random_in_training(lambda inputs, key: output(inputs, key, False), inputs)
    with undecided("assert_random_in_training", "key"):
        backprobe.assert_random_in_training(lambda inputs: output(inputs, KEY, True), INPUTS)


def test_a_loss_that_is_not_finite_is_undecided():
    params = Net().init(KEY, INPUTS)["params"]
    with backprobe.training_step(params) as step:
        step.minimize(lambda params: loss_of(Net())(params) * jnp.nan)
    with undecided("assert_trained", "the loss is nan"):
        step.assert_trained()


def test_minimize_refuses_what_is_no_loss():
    params = Net().init(KEY, INPUTS)["params"]
    with pytest.raises(TypeError, match="one element"), backprobe.training_step(params) as step:
        step.minimize(lambda params: Net().apply({"params": params}, INPUTS))


def test_a_scope_that_selects_nothing_is_an_error_and_no_proof():
    step = minimized(Net())
    with pytest.raises(LookupError, match="first/kernel"):
        step.assert_trained("encoder")


def test_an_output_that_is_zero_everywhere_is_undecided():
    with undecided("assert_output_varies", "zero everywhere"):
        backprobe.assert_output_varies(lambda inputs: jax.nn.relu(inputs - 100.0), INPUTS)
    with undecided("assert_loss_depends_on", "relu"):
        backprobe.assert_loss_depends_on(lambda inputs: jnp.sum(jax.nn.relu(inputs - 100.0)) + 1, INPUTS)


@pytest.mark.parametrize("compiled", [plain, jitted])
@pytest.mark.parametrize("place", ["transformation", "hand", "nowhere"])
def test_gradients_are_clipped_by_hand_or_by_the_transformation(compiled, place):
    model = Net()
    tx = optax.chain(optax.clip_by_global_norm(0.01), optax.adam(0.1)) if place == "transformation" else optax.adam(0.1)
    params = model.init(KEY, INPUTS)["params"]

    @compiled
    def train_step(params, opt_state):
        gradients = jax.grad(loss_of(model))(params)
        if place == "hand":
            norm = optax.global_norm(gradients)
            gradients = jax.tree.map(lambda gradient: gradient * jnp.minimum(1.0, 0.01 / norm), gradients)
        return optax.apply_updates(params, tx.update(gradients, opt_state, params)[0])

    with backprobe.training_step(params) as step:
        train_step(params, tx.init(params))
    if place == "nowhere":
        with proved("assert_clipped", "step 1 of 1", "above 0.01"):
            step.assert_clipped(0.01)
    else:
        step.assert_clipped(0.01)


def test_parameters_may_be_arrays_of_numpy():
    backprobe.seed(0)
    for planted in (False, True):
        params = {"first": np.ones((5, 4), np.float32), "second": np.ones((4, 3), np.float32), "steps": np.zeros((), np.int32)}

        def loss(params, planted=planted):
            hidden = INPUTS @ params["first"]
            return backprobe.probe_loss((jax.lax.stop_gradient(hidden) if planted else hidden) @ params["second"])

        with backprobe.training_step(params, optax.sgd(0.1)) as step:
            step.minimize(loss)
        if planted:
            with proved("assert_trained", "1 of 2", "first"):
                step.assert_trained()
        else:
            step.assert_trained()


def test_a_function_without_keys_that_takes_nothing_draws_nothing_anew():
    with undecided("assert_random_in_training", "key"):
        backprobe.assert_random_in_training(lambda: Dropping().apply({}, INPUTS, train=True, rngs={"dropout": KEY}))


def test_arrays_that_compiled_code_was_given_for_good_are_left_alone():
    backprobe.seed(0)
    model, tx = Net(), optax.sgd(0.1)
    params = model.init(KEY, INPUTS)["params"]

    def train_step(params):
        return optax.apply_updates(params, tx.update(jax.grad(loss_of(model))(params), tx.init(params), params)[0])

    with backprobe.training_step(params) as step:
        jax.jit(train_step, donate_argnums=0)(params)
    step.assert_trained()


class NormalisedState(TrainState):
    batch_stats: dict


@pytest.mark.parametrize("planted", [False, True])
def test_the_state_that_a_body_has_come_to_is_compared(planted):
    backprobe.seed(0)
    model = Normalised()
    variables = model.init(KEY, INPUTS, train=False)
    held = {"params": variables["params"], "batch_stats": variables["batch_stats"]}
    state = NormalisedState.create(apply_fn=model.apply, tx=optax.adam(0.01), **held)

    @jax.jit
    def train_step(state):
        def loss(params):
            held = {"params": params, "batch_stats": state.batch_stats}
            logits, updated = state.apply_fn(held, INPUTS, train=True, mutable=["batch_stats"])
            return optax.softmax_cross_entropy_with_integer_labels(logits, LABELS).mean(), updated

        gradients, updated = jax.grad(loss, has_aux=True)(state.params)
        state = state.apply_gradients(grads=gradients)
        return state if planted else state.replace(batch_stats=updated["batch_stats"])

    with backprobe.training_step(state) as step:
        after = train_step(state)
        step.params, step.state = after.params, after.batch_stats
    step.assert_trained(except_="hidden/bias")
    if planted:
        with proved("assert_statistics_moved", "2 of 2"):
            step.assert_statistics_moved()
    else:
        step.assert_statistics_moved()


def train(planted, optimizers=1):
    """The project's own code: nobody else holds its parameters."""
    model = Net("detached" if planted else "")
    params = model.init(KEY, INPUTS)["params"]
    for _ in range(optimizers):
        tx = optax.adam(0.01)
        gradients = jax.jit(jax.grad(loss_of(model)))(params)
        updates, _ = tx.update(gradients, tx.init(params), params)
        params = optax.apply_updates(params, updates)


def test_the_parameters_of_the_projects_own_code_are_found():
    backprobe.seed(0)
    for planted in (False, True):
        with backprobe.training_step() as step:
            train(planted)
        if planted:
            with proved("assert_trained", "2 of 4", "first/kernel"):
                step.assert_trained()
        else:
            step.assert_trained()
    with backprobe.training_step() as step:
        train(False, optimizers=2)
    with undecided("assert_trained", "several optimizers"):
        step.assert_trained()
    with pytest.raises(TypeError, match="parameters"), backprobe.training_step() as step:
        step.minimize(lambda params: 0.0)
    with backprobe.training_step() as step:
        pass
    with undecided("assert_trained", "no model was seen"):
        step.assert_trained()


class Reader(nn.Module):
    """Embedded tokens, attention over them, and a normalised output."""

    cut: bool = False

    @nn.compact
    def __call__(self, tokens):
        embedded = nn.Embed(50, 6, name="embedding")(tokens)
        query, key = nn.Dense(6, name="query")(embedded), nn.Dense(6, name="key", use_bias=False)(embedded)
        key = jax.lax.stop_gradient(key) if self.cut else key
        attended = jax.nn.softmax(query @ key.swapaxes(1, 2)) @ embedded
        return nn.LayerNorm(name="norm")(attended)


def test_touched_rows_attention_and_normalised_outputs_train():
    backprobe.seed(0)
    tokens = jax.random.randint(KEY, (8, 4), 0, 50)
    for cut in (False, True):
        model = Reader(cut)
        with backprobe.training_step(model.init(KEY, tokens)["params"]) as step:
            step.minimize(lambda params: backprobe.probe_loss(model.apply({"params": params}, tokens)))
        if cut:
            with proved("assert_trained", "1 of 6", "key/kernel: zero gradient"):
                step.assert_trained()
        else:
            step.assert_trained()


def test_tiny_gradients_train_although_values_stay():
    model = Net()
    params = model.init(KEY, INPUTS)["params"]
    with backprobe.training_step(params, optax.sgd(1e-12)) as step:
        step.minimize(loss_of(model))
    step.assert_trained()


@pytest.mark.parametrize("planted", ["", "scaled"])
def test_a_bias_that_cancels_in_a_difference_is_not_judged(planted):
    critic = Net(planted)
    with backprobe.training_step(critic.init(KEY, INPUTS)["params"]) as step:
        step.minimize(lambda params: critic.apply({"params": params}, INPUTS).sum() - critic.apply({"params": params}, INPUTS * 2).sum())
    judged_cancelling(step, "second/bias", planted)


def test_a_letter_may_name_a_bias_or_a_factor():
    params = {"w": jnp.ones((5, 3)), "b": jnp.zeros(3)}
    with backprobe.training_step(params) as step:
        step.minimize(lambda given: (INPUTS @ given["w"] + given["b"]).sum() - (2 * INPUTS @ given["w"] + given["b"]).sum())
    step.assert_trained()
    adapter = {"a": jnp.ones((5, 2)), "b": jnp.zeros((2, 3))}
    tx = optax.sgd(0.1)
    with backprobe.training_step(adapter) as step:
        tx.update(jax.grad(lambda given: (INPUTS @ given["a"] @ given["b"]).sum())(adapter), tx.init(adapter), adapter)
    with undecided("assert_trained", "b starts at zero"):
        step.assert_trained()


def critic_loss(add):
    """A loss of differences; the function adds the bias to what the weights give."""

    def critic(given, inputs):
        hidden = jnp.tanh(inputs @ given["first"]["kernel"])
        return add(hidden @ given["second"]["kernel"], given["second"]["bias"]).sum()

    return lambda given: critic(given, INPUTS) - critic(given, INPUTS * 2)


def critic_params():
    return {"first": {"kernel": jnp.ones((5, 4))}, "second": {"kernel": jnp.ones((4, 1)), "bias": jnp.zeros(1)}}


@pytest.mark.parametrize("add", [lambda hidden, bias: hidden, lambda hidden, bias: hidden + jax.lax.stop_gradient(bias)])
@pytest.mark.parametrize("compiled", [False, True])
def test_a_bias_that_no_gradient_reaches_does_not_cancel(add, compiled):
    with backprobe.training_step(critic_params()) as step:
        step.minimize(critic_loss(jax.jit(add) if compiled else add))
    with proved("assert_trained", "1 of 3", "second/bias: zero gradient"):
        step.assert_trained()
    with backprobe.training_step(critic_params()) as step:
        step.minimize(critic_loss(jax.jit(jnp.add) if compiled else jnp.add))
    step.assert_trained()


@pytest.mark.parametrize("add", [jnp.add, lambda hidden, bias: hidden])
def test_a_body_does_not_say_whether_a_bias_cancels(add):
    params, tx = critic_params(), optax.sgd(0.1)
    with backprobe.training_step(params) as step:
        tx.update(jax.grad(critic_loss(add))(params), tx.init(params), params)
    with undecided("assert_trained", "second/bias: zero gradient: the loss does not depend on it, or is of differences"):
        step.assert_trained()
    step.assert_trained(except_="second/bias")


@pytest.mark.parametrize("name", ["log_beta", "relative_position_bias_table"])
def test_the_whole_name_says_what_a_bias_is(name):
    with backprobe.training_step({"w": jnp.ones((5, 1)), name: jnp.zeros(1)}) as step:
        step.minimize(lambda given: ((INPUTS @ given["w"] + 0 * given[name]) ** 2).sum())
    with proved("assert_trained", "1 of 2", f"{name}: zero gradient"):
        step.assert_trained()


def test_alike_trees_of_a_transformation_without_state_are_judged_as_one():
    tx = optax.sgd(0.1)
    with backprobe.training_step() as step:
        for is_cut in (False, True):
            params = {"w": jnp.ones((5, 1))}
            gradients = jax.grad(lambda given, is_cut=is_cut: (INPUTS @ given["w"]).sum() * (0.0 if is_cut else 1.0))(params)
            tx.update(gradients, tx.init(params))
    step.assert_trained()
