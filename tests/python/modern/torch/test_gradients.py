"""What makes "a gradient that is not zero, and a step" true of correct code and false of its planted bug, whatever the values do."""

import copy

import pytest
import torch
import torch.nn.functional as F
from outcomes import proved, undecided
from torch import nn

import backprobe


class Chain(nn.Module):
    """Two layers; `between` is what stands between them."""

    def __init__(self, between=lambda hidden: hidden):
        super().__init__()
        self.first = nn.Linear(5, 6)
        self.second = nn.Linear(6, 3)
        self.between = between

    def forward(self, inputs):
        return self.second(self.between(self.first(inputs)))


def minimized(model, optimizer=None, inputs=None):
    inputs = torch.randn(8, 5) if inputs is None else inputs
    with backprobe.training_step(model, optimizer) as step:
        step.minimize(lambda: backprobe.probe_loss(model(inputs)))
    return step


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.AdamW])
def test_weight_decay_is_no_training(make):
    backprobe.seed(0)
    correct, planted = Chain(), Chain(lambda hidden: hidden * 0.0)
    minimized(correct, make(correct.parameters(), lr=0.01, weight_decay=0.1)).assert_trained()
    before = planted.first.weight.detach().clone()
    step = minimized(planted, make(planted.parameters(), lr=0.01, weight_decay=0.1))
    assert not torch.equal(before, planted.first.weight), "the decay moves the parameter all the same"
    with proved("assert_trained", "first.weight: zero gradient", "first.bias: zero gradient"):
        step.assert_trained()


def test_tiny_gradients_train_although_values_stay():
    backprobe.seed(0)
    model = Chain(nn.BatchNorm1d(6))
    before = model.first.weight.detach().clone()
    step = minimized(model, torch.optim.SGD(model.parameters(), lr=1e-12))
    assert torch.equal(before, model.first.weight), "no weight can change at this learning rate"
    step.assert_trained()
    with backprobe.training_step(model) as step:
        step.minimize(lambda: backprobe.probe_loss(model.second(model.first(torch.randn(8, 5)).detach())))
    with proved("assert_trained", "first.bias: absent gradient"):
        step.assert_trained()


def test_bfloat16_trains_at_a_learning_rate_that_rounds_away():
    backprobe.seed(0)
    correct, planted = Chain().bfloat16(), Chain(torch.Tensor.detach).bfloat16()
    inputs = torch.randn(8, 5, dtype=torch.bfloat16)
    before = correct.first.weight.detach().clone()
    step = minimized(correct, torch.optim.SGD(correct.parameters(), lr=1e-9), inputs)
    assert torch.equal(before, correct.first.weight)
    step.assert_trained()
    with proved("assert_trained", "first.weight: absent gradient"):
        minimized(planted, inputs=inputs).assert_trained()


class Residual(nn.Module):
    """A residual branch whose last gamma starts at zero, before a head that starts at zero."""

    def __init__(self, detached):
        super().__init__()
        self.detached = detached
        self.branch = nn.Linear(5, 5)
        self.gamma = nn.Parameter(torch.zeros(5))
        self.head = nn.Linear(5, 3)
        nn.init.zeros_(self.head.weight)

    def forward(self, inputs):
        branch = self.branch(inputs)
        return self.head(inputs + self.gamma * (branch.detach() if self.detached else branch))


def test_zero_initialised_gamma_and_head_train_at_the_third_step():
    backprobe.seed(0)
    minimized(Residual(detached=False)).assert_trained()
    with proved("assert_trained", "2 of 5", "branch.weight: absent gradient"):
        minimized(Residual(detached=True)).assert_trained()


def test_a_body_of_one_step_cannot_tell_zero_initialised_layers_from_cut_ones():
    backprobe.seed(0)
    for detached in (False, True):
        for steps in (1, 3):
            model = Residual(detached)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            with backprobe.training_step(model) as step:
                for _ in range(steps):
                    optimizer.zero_grad()
                    backprobe.probe_loss(model(torch.randn(8, 5))).backward()
                    optimizer.step()
            if steps == 1:
                with undecided("assert_trained", "head.weight starts at zero"):
                    step.assert_trained()
            elif detached:
                with proved("assert_trained", "branch.weight: absent gradient"):
                    step.assert_trained()
            else:
                step.assert_trained()


class LowRank(nn.Module):
    def __init__(self, bypassed):
        super().__init__()
        self.bypassed = bypassed
        self.base = nn.Linear(5, 3)
        self.base.requires_grad_(False)
        self.down = nn.Linear(5, 2, bias=False)
        self.up = nn.Linear(2, 3, bias=False)
        nn.init.zeros_(self.up.weight)

    def forward(self, inputs):
        adapter = self.up(inputs[:, :2] if self.bypassed else self.down(inputs))
        return self.base(inputs) + adapter


def test_adapters_train_and_the_frozen_base_is_listed():
    backprobe.seed(0)
    minimized(LowRank(bypassed=False)).assert_trained()
    with proved("assert_trained", "1 of 4", "down.weight", "not judged (frozen: it is not trainable): base.weight, base.bias"):
        minimized(LowRank(bypassed=True)).assert_trained()


def test_what_is_named_and_frozen_does_not_train():
    backprobe.seed(0)
    step = minimized(LowRank(bypassed=False))
    with proved("assert_trained", "base.weight: frozen"):
        step.assert_trained("base")


def test_normalised_outputs_give_a_gradient_with_probe_loss():
    backprobe.seed(0)
    minimized(nn.Sequential(nn.Linear(5, 6), nn.LayerNorm(6))).assert_trained()
    planted = nn.Sequential(nn.Linear(5, 6), nn.Linear(6, 6), nn.LayerNorm(6))
    inputs = torch.randn(8, 5)
    with backprobe.training_step(planted) as step:
        step.minimize(lambda: backprobe.probe_loss(planted[2](planted[1](planted[0](inputs).detach()))))
    with proved("assert_trained", "0.weight: absent gradient"):
        step.assert_trained()


class Rectified(nn.Module):
    """Dead by its bias, if asked; the rectifier is a module or a function."""

    def __init__(self, dead, rectifier):
        super().__init__()
        self.first = nn.Linear(5, 6)
        self.rectifier = rectifier
        self.second = nn.Linear(6, 3)
        nn.init.constant_(self.first.bias, -100.0 if dead else 1.0)

    def forward(self, inputs):
        return self.second(self.rectifier(self.first(inputs)))


@pytest.mark.parametrize("rectifier", [nn.ReLU(), F.relu, torch.relu, lambda hidden: hidden.clamp_min(0)])
def test_a_dead_rectifier_is_undecided(rectifier):
    backprobe.seed(0)
    minimized(Rectified(False, rectifier)).assert_trained()
    with undecided("assert_trained", "zero everywhere"):
        minimized(Rectified(True, rectifier)).assert_trained()


def test_an_all_zero_output_is_undecided():
    backprobe.seed(0)
    model = nn.Sequential(nn.Linear(5, 6), nn.ReLU())
    nn.init.constant_(model[0].bias, -100.0)
    step = minimized(model)
    with undecided("assert_trained", "zero everywhere"):
        step.assert_trained()
    with undecided("assert_output_varies", "zero everywhere"):
        backprobe.assert_output_varies(model, torch.randn(8, 5))
    with undecided("assert_loss_depends_on", "zero everywhere"):
        backprobe.assert_loss_depends_on(lambda inputs: backprobe.probe_loss(model(inputs)), torch.randn(8, 5))


class Attention(nn.Module):
    def __init__(self, key_of_query):
        super().__init__()
        self.key_of_query = key_of_query
        self.query, self.key, self.value = (nn.Linear(5, 6) for _ in range(3))

    def forward(self, sequence):
        query = self.query(sequence)
        # The bias of the key adds the same to every score of a row, which the softmax takes away again.
        key = query if self.key_of_query else F.linear(sequence, self.key.weight)
        return (query @ key.transpose(1, 2)).softmax(-1) @ self.value(sequence)


def test_attention_over_several_positions_trains_query_and_key():
    backprobe.seed(0)
    sequence = torch.randn(8, 4, 5)
    minimized(Attention(False), inputs=sequence).assert_trained(except_="key.bias")
    with proved("assert_trained", "2 of 6", "key.weight: absent gradient"):
        minimized(Attention(True), inputs=sequence).assert_trained()


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.used, self.unused = nn.Linear(5, 6), nn.Linear(6, 3), nn.Linear(6, 2)

    def forward(self, inputs):
        return self.used(self.body(inputs))


def test_an_unused_head_is_excepted_by_name():
    backprobe.seed(0)
    step = minimized(Heads())
    step.assert_trained(except_=["unused"])
    with proved("assert_trained", "2 of 6", "unused.weight"):
        step.assert_trained()


class Words(nn.Module):
    def __init__(self, detached=False, sparse=False, tied=False):
        super().__init__()
        self.detached = detached
        self.embedding = nn.Embedding(50, 6, sparse=sparse)
        self.decoder = nn.Linear(6, 50, bias=False)
        if tied:
            self.decoder.weight = self.embedding.weight

    def forward(self, tokens):
        embedded = self.embedding(tokens)
        return self.decoder(embedded.detach() if self.detached else embedded)


def test_any_touched_row_of_an_embedding_counts():
    backprobe.seed(0)
    tokens = torch.randint(50, (8, 4))
    minimized(Words(), inputs=tokens).assert_trained()
    with proved("assert_trained", "embedding.weight: absent gradient"):
        minimized(Words(detached=True), inputs=tokens).assert_trained()


def test_sparse_gradients_are_read_by_their_values():
    backprobe.seed(0)
    tokens = torch.randint(50, (8, 4))
    correct, planted = Words(sparse=True), Words(sparse=True)
    optimizers = [torch.optim.SparseAdam(correct.embedding.parameters()), torch.optim.Adam(correct.decoder.parameters())]
    minimized(correct, optimizers, tokens).assert_trained()
    with backprobe.training_step(planted) as step:
        step.minimize(lambda: backprobe.probe_loss(planted.decoder(planted.embedding(tokens) * 0.0)))
    with proved("assert_trained", "embedding.weight: zero gradient"):
        step.assert_trained("embedding")


def test_tied_weights_count_once_under_both_names():
    backprobe.seed(0)
    tokens = torch.randint(50, (8, 4))
    model = Words(tied=True)
    step = minimized(model, inputs=tokens)
    step.assert_trained("embedding")
    step.assert_trained("decoder")
    planted = Words(tied=True)
    with backprobe.training_step(planted) as step:
        step.minimize(lambda: planted(tokens).detach().sum())
    with proved("assert_trained", "1 of 1", "embedding.weight (tied with decoder.weight)"):
        step.assert_trained()


def lazy(planted):
    layers = nn.Sequential(nn.LazyLinear(6), nn.LazyBatchNorm1d(), nn.Tanh(), nn.LazyLinear(3))
    forward = (lambda inputs: layers[3](layers[2](layers[1](inputs)))) if planted else layers
    return layers, forward


def test_lazy_modules_are_made_by_a_forward_that_changes_nothing_else():
    backprobe.seed(0)
    inputs = torch.randn(8, 5) * 3 + 1
    layers, forward = lazy(planted=False)
    with backprobe.training_step(layers) as step:
        step.minimize(lambda: backprobe.probe_loss(forward(inputs)))
    assert layers[1].num_batches_tracked == 1
    step.assert_trained()
    step.assert_statistics_moved()
    layers, forward = lazy(planted=True)
    layers[0](inputs)
    with backprobe.training_step(layers) as step:
        step.minimize(lambda: backprobe.probe_loss(forward(inputs)))
    with proved("assert_trained", "0.weight: absent gradient"):
        step.assert_trained()


def test_an_average_that_nothing_trains_is_not_blamed():
    backprobe.seed(0)
    online = Chain()
    target = copy.deepcopy(online)
    optimizer = torch.optim.Adam(online.parameters())
    with backprobe.training_step({"online": online, "target": target}, optimizer) as step:
        step.minimize(lambda: F.mse_loss(online(torch.ones(2, 5)), target(torch.ones(2, 5)).detach() + 1))
    step.assert_trained()
    step.assert_untouched("target")
    with proved("assert_trained", "target.first.weight: not held"):
        step.assert_trained("target")


def test_a_loss_cut_off_from_everything_is_proved():
    backprobe.seed(0)
    model = Chain()
    with backprobe.training_step(model) as step:
        step.minimize(lambda: torch.tensor(model(torch.ones(2, 5)).sum().item()))
    with proved("assert_trained", "4 of 4", "absent gradient"):
        step.assert_trained()


def test_a_loss_that_is_not_finite_is_undecided():
    backprobe.seed(0)
    model = Chain()
    with backprobe.training_step(model) as step:
        step.minimize(lambda: model(torch.ones(2, 5)).sum() * float("nan"))
    with undecided("assert_trained", "the loss is nan"):
        step.assert_trained()


def test_a_scope_that_selects_nothing_is_an_error_and_no_proof():
    step = minimized(Chain())
    with pytest.raises(LookupError, match="first.weight"):
        step.assert_trained("encoder")


def test_minimize_refuses_what_is_no_loss():
    model = Chain()
    with pytest.raises(TypeError, match="one element"), backprobe.training_step(model) as step:
        step.minimize(lambda: model(torch.ones(2, 5)))


@pytest.mark.parametrize("at_once", [False, True])
def test_a_bias_that_cancels_in_a_difference_is_not_judged(at_once):
    backprobe.seed(0)
    generator, critic = nn.Linear(4, 5), Chain()
    for planted in (False, True):
        critic.between = (lambda hidden: hidden * 0.0) if planted else torch.tanh
        optimizers = torch.optim.Adam(generator.parameters()), torch.optim.Adam(critic.parameters())
        with backprobe.training_step({"generator": generator, "critic": critic}) as step:
            critic(generator(torch.randn(8, 4))).mean().neg().backward()
            optimizers[0].step()
            for optimizer in optimizers:
                optimizer.zero_grad()
            real, fake = critic(torch.randn(8, 5)).sum(), critic(generator(torch.randn(8, 4)).detach()).sum()
            for loss in [fake - real] if at_once else [-real, fake]:
                loss.backward()
            optimizers[1].step()
        if planted:
            with proved("assert_trained", "4 of 4", "critic.first.weight: zero gradient", "critic.second.bias: zero gradient"):
                step.assert_trained("critic")
        else:
            step.assert_trained("critic")
            with undecided("assert_trained", "critic.second.bias: its gradient is exactly zero and its layer trains"):
                step.assert_trained("critic.second.bias")


class Biased(nn.Module):
    """A critic with a bias of its own, before layers or beside a weight."""

    def __init__(self, name, weight, layer, factor=1.0):
        super().__init__()
        self.name, self.factor = name, factor
        self.weight = nn.Parameter(torch.ones(5)) if weight else 1.0
        self.layer = nn.Linear(5, 1, bias=False) if layer else nn.Identity()
        self.register_parameter(name, nn.Parameter(torch.zeros(1)))

    def forward(self, inputs):
        return self.layer(inputs * self.weight) + self.factor * getattr(self, self.name)


@pytest.mark.parametrize("name, weight, layer, is_certain", [
    ("bias", True, False, True),
    ("biases", True, False, True),
    ("b1", True, False, True),
    ("out_bias", True, False, False),
    ("bias", True, True, False),
    ("bias", False, True, False),
])
def test_a_bias_cancels_beside_the_weight_of_its_layer(name, weight, layer, is_certain):
    backprobe.seed(0)
    critic = Biased(name, weight, layer)
    with backprobe.training_step(critic) as step:
        step.minimize(lambda: critic(torch.ones(8, 5)).sum() - critic(torch.ones(8, 5) * 2).sum())
    if is_certain:
        step.assert_trained()
    else:
        with undecided("assert_trained", f"{name}: zero gradient: the loss does not depend on it, or is of differences"):
            step.assert_trained()
    step.assert_trained(except_=name)


@pytest.mark.parametrize("name", ["log_beta", "relative_position_bias_table", "gamma"])
def test_a_factor_of_zero_is_proved_before_what_is_no_bias(name):
    backprobe.seed(0)
    with proved("assert_trained", "1 of 2", f"{name}: zero gradient"):
        minimized(Biased(name, True, False, factor=0.0)).assert_trained()
