"""The bugs backprobe was built for: correct code passes, the planted bug is proved by the assertion its page names."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from outcomes import proved, undecided
from torch import nn

import backprobe


class ConvNet(nn.Module):
    def __init__(self, unstacked):
        super().__init__()
        self.unstacked = unstacked
        self.first = nn.Conv2d(3, 6, 3, padding=1)
        self.second = nn.Conv2d(3 if unstacked else 6, 5, 3, padding=1)
        self.classifier = nn.Linear(5, 10)

    def forward(self, images):
        hidden = F.relu(self.first(images))
        hidden = F.relu(self.second(images if self.unstacked else hidden))
        return self.classifier(hidden.mean((2, 3)))


def step_of(model):
    images, labels = torch.randn(8, 3, 7, 9), torch.randint(10, (8,))
    with backprobe.training_step(model) as step:
        step.minimize(lambda: F.cross_entropy(model(images), labels))
    return step


def test_stacked_layers_train():
    backprobe.seed(0)
    step_of(ConvNet(unstacked=False)).assert_trained()


def test_an_unstacked_layer_is_proved_with_its_line():
    backprobe.seed(0)
    step = step_of(ConvNet(unstacked=True))
    line = 1 + Path(__file__).read_text().splitlines().index("        self.first = nn.Conv2d(3, 6, 3, padding=1)")
    with proved("assert_trained", "2 of 6", "first.weight: absent gradient", "first.bias", f"test_four_bugs.py:{line}"):
        step.assert_trained()
    step.assert_trained(["second", "classifier"])
    step.assert_trained(except_="first")


class Normalised(nn.Module):
    def __init__(self, normalise):
        super().__init__()
        self.linear = nn.Linear(5, 6)
        self.normalise = normalise
        self.register_buffer("running_mean", torch.zeros(6))
        self.register_buffer("running_var", torch.ones(6))

    def forward(self, inputs):
        return self.normalise(self, self.linear(inputs))


def with_flag(module, hidden):
    return F.batch_norm(hidden, module.running_mean, module.running_var, training=module.training)


def without_flag(module, hidden):
    return F.batch_norm(hidden, module.running_mean, module.running_var)


def always_training(module, hidden):
    return F.batch_norm(hidden, module.running_mean, module.running_var, training=True)


def normalised_step(normalise):
    model = Normalised(normalise)
    with backprobe.training_step(model) as step:
        step.minimize(lambda: backprobe.probe_loss(model(torch.randn(8, 5))))
    return step, model


def test_statistics_move_with_the_training_flag():
    backprobe.seed(0)
    step, model = normalised_step(with_flag)
    step.assert_statistics_moved()
    backprobe.assert_examples_independent(model, torch.randn(8, 5))


def test_functional_batch_norm_without_flag_never_learns_its_statistics():
    backprobe.seed(0)
    step, _ = normalised_step(without_flag)
    step.assert_trained()
    with proved("assert_statistics_moved", "running_mean", "running_var"):
        step.assert_statistics_moved()


class Named(nn.Module):
    """Statistics by names that constants have as well."""

    def __init__(self, planted):
        super().__init__()
        self.planted = planted
        self.linear = nn.Linear(5, 6)
        self.register_buffer("input_mean", torch.ones(5))
        self.register_buffer("mean", torch.zeros(6))
        self.register_buffer("variance", torch.ones(6))

    def forward(self, inputs):
        hidden = self.linear(inputs - self.input_mean)
        return F.batch_norm(hidden, self.mean, self.variance, training=self.training and not self.planted)


def test_statistics_of_any_name_are_told_from_constants_by_their_use():
    backprobe.seed(0)
    for planted in (False, True):
        model = Named(planted)
        with backprobe.training_step(model) as step:
            step.minimize(lambda: backprobe.probe_loss(model(torch.randn(8, 5))))
        if planted:
            line = 1 + Path(__file__).read_text().splitlines().index('        self.register_buffer("variance", torch.ones(6))')
            with proved("assert_statistics_moved", "2 of 2", "  mean: ", "  variance: ", f"test_four_bugs.py:{line}"):
                step.assert_statistics_moved()
        else:
            step.assert_statistics_moved()


def test_functional_batch_norm_always_training_couples_the_examples():
    backprobe.seed(0)
    step, model = normalised_step(always_training)
    with proved("assert_examples_independent"):
        step.assert_examples_independent(model, torch.randn(8, 5))


@pytest.mark.parametrize("training", [True, False])
def test_a_users_own_body_is_left_in_its_mode(training):
    backprobe.seed(0)
    model = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.Linear(6, 3))
    optimizer = torch.optim.Adam(model.parameters())
    model.train(training)
    with backprobe.training_step(model) as step:
        F.cross_entropy(model(torch.randn(8, 5)), torch.randint(3, (8,))).backward()
        optimizer.step()
    assert model.training is training
    step.assert_trained()
    if training:
        step.assert_statistics_moved()
    else:
        with proved("assert_statistics_moved", "1.running_mean"):
            step.assert_statistics_moved()


def test_statistics_without_a_forward_are_undecided():
    backprobe.seed(0)
    model = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6))
    with backprobe.training_step(model) as step:
        step.minimize(lambda: model[0](torch.randn(8, 5)).square().sum())
    with undecided("assert_statistics_moved", "1.running_mean"):
        step.assert_statistics_moved()


def test_a_model_without_statistics_is_undecided():
    with backprobe.training_step(nn.Linear(2, 2)) as step:
        pass
    with undecided("assert_statistics_moved"):
        step.assert_statistics_moved()


def classifier(units):
    return nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, units))


def test_a_softmax_over_several_units_depends_on_its_inputs():
    backprobe.seed(0)
    model, labels = classifier(3), torch.randint(3, (8,))
    backprobe.assert_loss_depends_on(lambda inputs: F.cross_entropy(model(inputs), labels), torch.randn(8, 5))
    backprobe.assert_output_varies(lambda inputs: model(inputs).softmax(-1), torch.randn(8, 5))


def test_a_softmax_over_one_unit_is_constant():
    backprobe.seed(0)
    model, inputs, labels = classifier(1), torch.randn(8, 5), torch.zeros(8, dtype=torch.long)
    with proved("assert_loss_depends_on"):
        backprobe.assert_loss_depends_on(lambda batch: F.cross_entropy(model(batch), labels), inputs)
    with proved("assert_output_varies"):
        backprobe.assert_output_varies(lambda batch: model(batch).softmax(-1), inputs)
    with backprobe.training_step(model) as step:
        step.minimize(lambda: F.cross_entropy(model(inputs), labels))
    with proved("assert_trained", "4 of 4", "zero gradient"):
        step.assert_trained()


class Gan:
    def __init__(self):
        self.generator = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 5))
        self.discriminator = nn.Sequential(nn.Linear(5, 7), nn.BatchNorm1d(7), nn.LeakyReLU(), nn.Linear(7, 1))

    def generator_step(self, optimizer):
        optimizer.zero_grad()
        scores = self.discriminator(self.generator(torch.randn(8, 4)))
        F.binary_cross_entropy_with_logits(scores, torch.ones_like(scores)).backward()
        optimizer.step()

    def discriminator_step(self, optimizer):
        optimizer.zero_grad()
        # Not detached, as in much correct code: the generator's gradients are cleared before they are used.
        real, fake = self.discriminator(torch.randn(8, 5)), self.discriminator(self.generator(torch.randn(8, 4)))
        loss = F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
        (loss + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))).backward()
        optimizer.step()


def test_each_player_trains_itself_alone():
    backprobe.seed(0)
    gan = Gan()
    with backprobe.training_step(gan) as step:
        gan.generator_step(torch.optim.Adam(gan.generator.parameters()))
    step.assert_trained("generator")
    step.assert_untouched()
    # Its statistics are no parameters, and move in every forward.
    step.assert_statistics_moved("discriminator")
    with backprobe.training_step({"generator": gan.generator, "discriminator": gan.discriminator}) as step:
        gan.discriminator_step(torch.optim.Adam(gan.discriminator.parameters()))
    step.assert_trained(gan.discriminator)
    step.assert_untouched("generator")


def test_an_optimizer_over_both_players_trains_the_other():
    backprobe.seed(0)
    gan = Gan()
    everything = [*gan.generator.parameters(), *gan.discriminator.parameters()]
    with backprobe.training_step(gan) as step:
        gan.generator_step(torch.optim.SGD(everything, lr=0.01))
    step.assert_trained("generator")
    with proved("assert_untouched", "discriminator.0.weight: an optimizer applied a gradient", "6 of 6"):
        step.assert_untouched("discriminator")


def test_an_optimizer_on_the_wrong_player_trains_nothing_of_this_one():
    backprobe.seed(0)
    gan = Gan()
    with backprobe.training_step(gan) as step:
        gan.discriminator_step(torch.optim.Adam(gan.generator.parameters()))
    with proved("assert_trained", "discriminator.0.weight: not held"):
        step.assert_trained("discriminator")
