"""Models that the test does not hold: variables of the functions that the body of the step calls."""

import pytest
import torch
import torch.nn.functional as F
from outcomes import proved, undecided
from torch import nn

import backprobe


def player(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, outputs))


def train(held_by_generator_optimizer=lambda generator, discriminator: generator.parameters(), steps=1):
    generator, discriminator = player(4, 5), player(5, 1)
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters())
    generator_optimizer = torch.optim.Adam(held_by_generator_optimizer(generator, discriminator))
    ones, zeros = torch.ones(8, 1), torch.zeros(8, 1)
    for _ in range(steps):
        fake = generator(torch.randn(8, 4))
        discriminator_optimizer.zero_grad()
        real_loss = F.binary_cross_entropy_with_logits(discriminator(torch.randn(8, 5)), ones)
        (real_loss + F.binary_cross_entropy_with_logits(discriminator(fake.detach()), zeros)).backward()
        discriminator_optimizer.step()
        generator_optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(discriminator(fake), ones).backward()
        generator_optimizer.step()


class Trainer:
    def __init__(self):
        self.net = player(5, 3)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.01)

    def fit(self):
        F.cross_entropy(self.net(torch.randn(8, 5)), torch.randint(3, (8,))).backward()
        self.optimizer.step()


def test_both_players_of_a_function_train_themselves():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        train()
    step.assert_trained("generator")
    step.assert_trained("discriminator")
    step.assert_untouched("discriminator", by="generator")
    step.assert_untouched("generator", by="discriminator")
    step.assert_statistics_moved()


def test_an_optimizer_on_the_wrong_player_is_proved():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        train(lambda generator, discriminator: discriminator.parameters())
    with proved("assert_trained", "generator.0.weight: not held"):
        step.assert_trained("generator")
    step.assert_trained("discriminator")
    with undecided("assert_untouched", "no optimizer trains 'generator'"):
        step.assert_untouched("discriminator", by="generator")


def test_an_optimizer_over_both_players_is_proved():
    backprobe.seed(0)
    with backprobe.training_step() as step:
        train(lambda generator, discriminator: [*generator.parameters(), *discriminator.parameters()])
    step.assert_trained()
    with proved("assert_untouched", "6 of 6", "discriminator.0.weight"):
        step.assert_untouched("discriminator", by="generator")


def test_what_self_holds_is_named_by_its_attribute():
    backprobe.seed(0)
    trainer = Trainer()
    with backprobe.training_step() as step:
        trainer.fit()
    step.assert_trained("net")
    step.assert_statistics_moved("net")
    trainer.net.eval()
    with backprobe.training_step() as step:
        trainer.fit()
    with proved("assert_statistics_moved", "net.1.running_mean"):
        step.assert_statistics_moved()


def test_a_function_without_models_is_undecided():
    with backprobe.training_step() as step:
        sum([1, 2])
    with undecided("assert_trained", "no model was seen"):
        step.assert_trained()


def test_minimize_needs_the_model():
    with pytest.raises(TypeError, match="the model"), backprobe.training_step() as step:
        step.minimize(lambda: torch.zeros(()))
