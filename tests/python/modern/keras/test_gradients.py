"""What makes "a gradient that is not zero, and a step" true of correct code and false of its planted bug, whatever the values do."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from outcomes import judged_cancelling, proved, undecided

import backprobe

INPUTS = np.random.RandomState(0).randn(8, 5).astype("float32")
TOKENS = np.random.RandomState(0).randint(50, size=(8, 4))


class Chain(keras.Model):
    """Two layers; `between` is what stands between them."""

    def __init__(self, between=lambda hidden: hidden, **options):
        super().__init__(**options)
        self.first, self.second = layers.Dense(6), layers.Dense(3)
        self.between = between

    def call(self, inputs):
        return self.second(self.between(self.first(inputs)))


def minimized(model, optimizer=None, inputs=INPUTS):
    with backprobe.training_step(model, optimizer) as step:
        step.minimize(lambda: backprobe.probe_loss(model(inputs, training=True)))
    return step


def test_weight_decay_is_no_training():
    backprobe.seed(0)
    correct, planted = Chain(), Chain(lambda hidden: hidden * 0.0)
    minimized(correct, keras.optimizers.AdamW(0.01, weight_decay=0.1)).assert_trained()
    with proved("assert_trained", "3 of 4", "first/kernel: zero gradient", "first/bias: zero gradient"):
        minimized(planted, keras.optimizers.AdamW(0.01, weight_decay=0.1)).assert_trained()


def test_tiny_gradients_train_although_values_stay():
    backprobe.seed(0)
    model = Chain()
    model(INPUTS)
    before = model.first.kernel.numpy() if hasattr(model.first.kernel, "numpy") else None
    minimized(model, keras.optimizers.SGD(1e-12)).assert_trained()
    assert before is None or np.array_equal(before, model.first.kernel.numpy())
    with proved("assert_trained", "first/kernel: "):
        minimized(Chain(ops.stop_gradient)).assert_trained()


class Residual(keras.Model):
    """A residual branch whose last gamma starts at zero, before a head that starts at zero."""

    def __init__(self, detached):
        super().__init__()
        self.detached = detached
        self.branch = layers.Dense(5)
        self.gamma = self.add_weight(shape=(5,), initializer="zeros", name="gamma")
        self.head = layers.Dense(3, kernel_initializer="zeros")

    def call(self, inputs):
        branch = self.branch(inputs)
        return self.head(inputs + self.gamma * (ops.stop_gradient(branch) if self.detached else branch))


def test_zero_initialised_gamma_and_head_train_at_the_third_step():
    backprobe.seed(0)
    minimized(Residual(detached=False)).assert_trained()
    with proved("assert_trained", "2 of 5", "branch/kernel: "):
        minimized(Residual(detached=True)).assert_trained()


def test_a_body_of_one_step_cannot_tell_zero_initialised_layers_from_cut_ones():
    backprobe.seed(0)
    for steps in (1, 3):
        model = Residual(detached=False)
        model.compile("sgd", "mse")
        with backprobe.training_step(model) as step:
            for _ in range(steps):
                model.train_on_batch(INPUTS, np.ones((8, 3)))
        if steps == 1:
            with undecided("assert_trained", "head/kernel starts at zero"):
                step.assert_trained()
        else:
            step.assert_trained()


def test_a_frozen_backbone_is_left_out_and_listed():
    backprobe.seed(0)
    for planted in (False, True):
        model = Chain(ops.stop_gradient if planted else lambda hidden: hidden)
        model.second.trainable = False
        if planted:
            with proved("assert_trained", "2 of 4", "not judged (frozen: it is not trainable): second/kernel, second/bias"):
                minimized(model).assert_trained()
        else:
            step = minimized(model)
            step.assert_trained()
            step.assert_untouched("second")
            with proved("assert_trained", "second/kernel: frozen"):
                step.assert_trained("second")


def test_a_dead_rectifier_is_undecided():
    backprobe.seed(0)
    for rectifier in (ops.relu, layers.ReLU()):
        minimized(Chain(rectifier)).assert_trained()
        planted = Chain(rectifier)
        planted.first.bias_initializer = keras.initializers.Constant(-100.0)
        with undecided("assert_trained", "zero everywhere"):
            minimized(planted).assert_trained()


def test_an_all_zero_output_is_undecided():
    backprobe.seed(0)
    model = keras.Sequential([layers.Dense(6, bias_initializer=keras.initializers.Constant(-100.0)), layers.ReLU()])
    with undecided("assert_output_varies", "zero everywhere"):
        backprobe.assert_output_varies(model, INPUTS)
    with undecided("assert_loss_depends_on", "zero everywhere"):
        backprobe.assert_loss_depends_on(lambda inputs: backprobe.probe_loss(model(inputs)), INPUTS)


class Words(keras.Model):
    def __init__(self, detached=False, tied=False):
        super().__init__()
        self.detached, self.tied = detached, tied
        self.embedding = layers.Embedding(50, 6)
        self.decoder = None if tied else layers.Dense(50, use_bias=False)

    def call(self, tokens):
        embedded = self.embedding(tokens)
        embedded = ops.stop_gradient(embedded) if self.detached else embedded
        return ops.matmul(embedded, ops.transpose(self.embedding.embeddings)) if self.tied else self.decoder(embedded)


def test_any_touched_row_of_an_embedding_counts():
    backprobe.seed(0)
    minimized(Words(), inputs=TOKENS).assert_trained()
    minimized(Words(tied=True), inputs=TOKENS).assert_trained()
    with proved("assert_trained", "1 of 2", "embedding/embeddings: "):
        minimized(Words(detached=True), inputs=TOKENS).assert_trained()


class Twins(keras.Model):
    """One layer under two names."""

    def __init__(self, planted):
        super().__init__()
        self.planted = planted
        self.first = layers.Dense(5)
        self.second = self.first

    def call(self, inputs):
        hidden = self.second(self.first(inputs))
        return ops.stop_gradient(hidden) if self.planted else hidden


def test_shared_layers_count_once_under_both_names():
    backprobe.seed(0)
    step = minimized(Twins(planted=False))
    step.assert_trained("first")
    step.assert_trained("second")
    model = Twins(planted=True)
    extra = layers.Dense(5)
    with backprobe.training_step({"twins": model, "extra": extra}) as step:
        step.minimize(lambda: backprobe.probe_loss(extra(INPUTS) + model(INPUTS)))
    with proved("assert_trained", "2 of 4", "twins/first/kernel (tied with twins/second/kernel)"):
        step.assert_trained()


def test_several_models_in_lists_and_blocks_are_named_by_their_place():
    class Blocks(keras.Model):
        def __init__(self):
            super().__init__()
            self.blocks = [layers.Dense(5), layers.Dense(5)]

        def call(self, inputs):
            return self.blocks[1](inputs) + ops.stop_gradient(self.blocks[0](inputs))

    backprobe.seed(0)
    step = minimized(Blocks())
    step.assert_trained("blocks/1")
    with proved("assert_trained", "2 of 4", "blocks/0/kernel"):
        step.assert_trained()


def test_an_average_that_nothing_trains_is_not_blamed():
    backprobe.seed(0)
    online, target = keras.Sequential([layers.Dense(3)]), keras.Sequential([layers.Dense(3)])
    online.build((8, 5)), target.build((8, 5))
    with backprobe.training_step({"online": online, "target": target}) as step:
        online.compile("adam", "mse")
        online.fit(INPUTS, ops.convert_to_numpy(target(INPUTS)) + 1, verbose=0)
    step.assert_trained()
    step.assert_untouched("target")
    with proved("assert_trained", "target/dense_1/kernel: not held"):
        step.assert_trained("target")


def test_a_loss_cut_off_from_everything_is_proved():
    backprobe.seed(0)
    model = Chain()
    with backprobe.training_step(model) as step:
        step.minimize(lambda: ops.stop_gradient(ops.sum(model(INPUTS))))
    with proved("assert_trained", "4 of 4"):
        step.assert_trained()


def test_a_loss_that_is_not_finite_is_undecided():
    backprobe.seed(0)
    model = Chain()
    with backprobe.training_step(model) as step:
        step.minimize(lambda: ops.sum(model(INPUTS)) * float("nan"))
    with undecided("assert_trained", "the loss is nan"):
        step.assert_trained()


def test_without_an_optimizer_nothing_is_decided():
    model = Chain()
    with backprobe.training_step(model) as step:
        model(INPUTS)
    with undecided("assert_trained", "no optimizer was seen"):
        step.assert_trained()
    with undecided("assert_statistics_moved"):
        step.assert_statistics_moved()


def test_a_scope_that_selects_nothing_is_an_error_and_no_proof():
    step = minimized(Chain())
    with pytest.raises(LookupError, match="first/kernel"):
        step.assert_trained("encoder")
    step.assert_trained("chain*/dense*/kernel")


def test_minimize_refuses_what_is_no_loss():
    model = Chain()
    with pytest.raises(TypeError, match="one element"), backprobe.training_step(model) as step:
        step.minimize(lambda: model(INPUTS))


class Trainer:
    """The project's own code: models are variables of its functions."""

    def __init__(self, planted):
        self.model = Chain(ops.stop_gradient if planted else lambda hidden: hidden)

    def train(self):
        self.model.compile("adam", "mse")
        self.model.fit(INPUTS, np.ones((8, 3)), verbose=0)


def test_the_model_of_the_projects_own_code_is_found():
    backprobe.seed(0)
    for planted in (False, True):
        with backprobe.training_step() as step:
            Trainer(planted).train()
        if planted:
            with proved("assert_trained", "2 of 4", "first/kernel: "):
                step.assert_trained()
        else:
            step.assert_trained()


def test_what_was_compiled_before_is_watched_too():
    backprobe.seed(0)
    model = Chain(ops.stop_gradient)
    model.compile("adam", "mse")
    model.fit(INPUTS, np.ones((8, 3)), verbose=0)
    with backprobe.training_step(model) as step:
        model.fit(INPUTS, np.ones((8, 3)), verbose=0)
    with proved("assert_trained", "2 of 4", "first/kernel: "):
        step.assert_trained()


class Dropping(keras.Model):
    def __init__(self, **mode):
        super().__init__()
        self.mode = mode
        self.dense, self.drop = layers.Dense(6), layers.Dropout(0.5)

    def call(self, inputs):
        return self.drop(self.dense(inputs), **self.mode)


def test_dropout_is_random_in_training_only():
    backprobe.seed(0)
    model = Dropping()
    backprobe.assert_random_in_training(model, INPUTS)
    backprobe.assert_deterministic(model, INPUTS)
    backprobe.assert_random_in_training(lambda: model(INPUTS))
    backprobe.assert_deterministic(lambda inputs, training: model(inputs, training=training), INPUTS)
    with proved("assert_deterministic"):
        backprobe.assert_deterministic(Dropping(training=True), INPUTS)
    with proved("assert_random_in_training"):
        backprobe.assert_random_in_training(Dropping(training=False), INPUTS)


def test_noise_does_not_make_a_constant_output_vary():
    backprobe.seed(0)
    model = Dropping(training=True)
    model.dense.kernel_initializer = "zeros"
    model.dense.bias_initializer = "ones"
    with proved("assert_output_varies"):
        backprobe.assert_output_varies(model, INPUTS)
    with proved("assert_output_varies"):
        backprobe.assert_output_varies(lambda inputs: model(inputs), INPUTS)


def test_watching_leaves_nothing_behind():
    wrapped = [keras.Layer.__init__, keras.Layer.__call__, keras.Layer._get_call_context, keras.Optimizer.apply]
    minimized(Chain())
    backprobe.assert_deterministic(Chain(), INPUTS)
    assert wrapped == [keras.Layer.__init__, keras.Layer.__call__, keras.Layer._get_call_context, keras.Optimizer.apply]


def test_looking_for_dead_rectifiers_writes_no_statistics():
    backprobe.seed(0)
    normalised, first = layers.BatchNormalization(), layers.Dense(6, bias_initializer=keras.initializers.Constant(-100.0))
    model = keras.Sequential([first, layers.ReLU(), layers.Dense(3), normalised])
    with undecided("assert_trained", "zero everywhere"):
        minimized(model).assert_trained()
    assert ops.convert_to_numpy(normalised.moving_mean).shape == (3,)


def test_layers_made_inside_the_function_are_named():
    backprobe.seed(0)

    def made_anew(inputs):
        return layers.Dense(1, activation="softmax", name="inner")(inputs)

    for assertion in (backprobe.assert_output_varies, backprobe.assert_deterministic, backprobe.assert_examples_independent):
        with undecided(assertion.__name__, "inner is made inside the function"):
            assertion(made_anew, INPUTS)
    backprobe.assert_same_shape(made_anew, INPUTS, (8, 1))
    with pytest.raises(TypeError, match="made outside of the function"), backprobe.training_step() as step:
        step.minimize(lambda: backprobe.probe_loss(made_anew(INPUTS)))


def test_looking_for_dead_rectifiers_in_layers_made_inside_the_function():
    backprobe.seed(0)
    model = Chain(lambda hidden: hidden * 0.0)
    with backprobe.training_step(model) as step:
        step.minimize(lambda: backprobe.probe_loss(layers.Dense(2)(model(INPUTS, training=True))))
    with proved("assert_trained", "first/kernel: zero gradient"):
        step.assert_trained()


class Reader(keras.Model):
    """Attention over embedded tokens, and a normalised output."""

    def __init__(self, cut):
        super().__init__()
        self.cut = cut
        self.embedding = layers.Embedding(50, 6)
        self.query, self.key = layers.Dense(6), layers.Dense(6, use_bias=False)
        self.normalised = layers.LayerNormalization()

    def call(self, tokens):
        embedded = self.embedding(tokens)
        key = self.key(embedded)
        scores = ops.matmul(self.query(embedded), ops.transpose(ops.stop_gradient(key) if self.cut else key, (0, 2, 1)))
        return self.normalised(ops.matmul(ops.softmax(scores), embedded))


def test_attention_over_several_positions_and_normalised_outputs_train():
    backprobe.seed(0)
    minimized(Reader(cut=False), inputs=TOKENS).assert_trained()
    with proved("assert_trained", "1 of 6", "key/kernel: "):
        minimized(Reader(cut=True), inputs=TOKENS).assert_trained()


@pytest.mark.parametrize("planted", [False, True])
def test_a_bias_that_cancels_in_a_difference_is_not_judged(planted):
    backprobe.seed(0)
    critic = Chain((lambda hidden: hidden * 0.0) if planted else ops.tanh)
    with backprobe.training_step(critic) as step:
        step.minimize(lambda: ops.sum(critic(INPUTS)) - ops.sum(critic(INPUTS[::-1] * 2)))
    judged_cancelling(step, "second/bias", planted)


class Weighted(layers.Layer):
    """A dense layer that may forget its bias."""

    def __init__(self, add):
        super().__init__()
        self.add = add

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 4), name="kernel")
        self.bias = self.add_weight(shape=(4,), name="bias", initializer="zeros")

    def call(self, inputs):
        return self.add(ops.matmul(inputs, self.kernel), self.bias)


@pytest.mark.parametrize("add", [lambda hidden, bias: hidden, lambda hidden, bias: hidden + ops.stop_gradient(bias)])
def test_a_bias_that_no_gradient_reaches_does_not_cancel(add):
    backprobe.seed(0)
    model = keras.Sequential([keras.Input((5,)), Weighted(add), layers.Dense(1)])
    with proved("assert_trained", "1 of 4", f"bias: {'zero' if keras.config.backend() == 'jax' else 'absent'} gradient"):
        minimized(model).assert_trained()
    model.compile("adam", "mse")
    with backprobe.training_step(model) as step:
        model.fit(INPUTS, INPUTS[:, :1], verbose=0)
    if keras.config.backend() == "jax":
        with undecided("assert_trained", "bias: zero gradient: the loss does not depend on it, or is of differences"):
            step.assert_trained()
    else:
        with proved("assert_trained", "1 of 4", "bias: absent gradient"):
            step.assert_trained()
