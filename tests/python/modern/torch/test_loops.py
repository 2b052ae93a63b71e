"""What a loop of several steps does with its gradients: cleared for each step, clipped to a bound."""

import pytest
import torch
import torch.nn.functional as F
from outcomes import proved, undecided
from torch import nn

import backprobe


def model():
    return nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3))


def loss_of(net, scale=1.0):
    return F.cross_entropy(net(torch.randn(8, 5)) * scale, torch.randint(3, (8,)))


def cleared(net, optimizer, steps):
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(net).backward()
        optimizer.step()


def cleared_to_zero_behind_the_step(net, optimizer, steps):
    for _ in range(steps):
        loss_of(net).backward()
        optimizer.step()
        net.zero_grad(set_to_none=False)


def accumulated(net, optimizer, steps):
    optimizer.zero_grad()
    for _ in range(steps):
        for _ in range(2):
            loss_of(net).backward()
        optimizer.step()
        optimizer.zero_grad()


def never_cleared(net, optimizer, steps):
    for _ in range(steps):
        loss_of(net).backward()
        optimizer.step()


def cleared_in_the_wrong_place(net, optimizer, steps):
    for _ in range(steps):
        loss_of(net).backward()
        loss_of(net).backward()
        optimizer.step()
    optimizer.zero_grad()


@pytest.mark.parametrize("loop", [cleared, cleared_to_zero_behind_the_step, accumulated, never_cleared, cleared_in_the_wrong_place])
def test_gradients_are_cleared_for_each_step(loop):
    backprobe.seed(0)
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    with backprobe.training_step(net) as step:
        loop(net, optimizer, 3)
    step.assert_trained()
    if loop in (never_cleared, cleared_in_the_wrong_place):
        with proved("assert_gradients_cleared", "4 of 4", "0.weight: gradient not cleared"):
            step.assert_gradients_cleared()
    else:
        step.assert_gradients_cleared()


def test_a_single_step_decides_nothing():
    backprobe.seed(0)
    net = model()
    with backprobe.training_step(net) as step:
        never_cleared(net, torch.optim.SGD(net.parameters(), lr=0.01), 1)
    with undecided("assert_gradients_cleared", "two steps"):
        step.assert_gradients_cleared()
    with backprobe.training_step(net) as step:
        step.minimize(lambda: loss_of(net))
    with undecided("assert_gradients_cleared", "minimize"):
        step.assert_gradients_cleared()
    with undecided("assert_clipped", "minimize"):
        step.assert_clipped(1.0)


def test_the_backward_of_another_player_is_not_taken_for_a_missing_clear():
    backprobe.seed(0)
    for planted in (False, True):
        generator, critic = nn.Linear(4, 5), nn.Linear(5, 1)
        first, second = torch.optim.SGD(critic.parameters(), lr=0.01), torch.optim.SGD(generator.parameters(), lr=0.01)
        with backprobe.training_step({"generator": generator, "critic": critic}) as step:
            for _ in range(3):
                if not planted:
                    first.zero_grad()
                (critic(generator(torch.randn(8, 4)).detach()).mean() - critic(torch.randn(8, 5)).mean()).backward()
                first.step()
                second.zero_grad()
                (-critic(generator(torch.randn(8, 4))).mean()).backward()
                second.step()
        if planted:
            with proved("assert_gradients_cleared", "2 of 4", "critic.weight"):
                step.assert_gradients_cleared()
        else:
            step.assert_gradients_cleared()


def clipped(net, optimizer):
    nn.utils.clip_grad_norm_(net.parameters(), 0.1)
    optimizer.step()


def clipped_behind_the_step(net, optimizer):
    optimizer.step()
    nn.utils.clip_grad_norm_(net.parameters(), 0.1)


def clipped_in_part(net, optimizer):
    nn.utils.clip_grad_norm_(net[0].parameters(), 0.1)
    optimizer.step()


@pytest.mark.parametrize("update", [clipped, clipped_behind_the_step, clipped_in_part])
def test_gradients_are_clipped_before_the_step(update):
    backprobe.seed(0)
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    with backprobe.training_step(net) as step:
        for _ in range(2):
            optimizer.zero_grad()
            loss_of(net, scale=100.0).backward()
            update(net, optimizer)
    if update is clipped:
        step.assert_clipped(0.1)
        with undecided("assert_clipped", "never reached 5"):
            step.assert_clipped(5.0)
    else:
        with proved("assert_clipped", "step 1 of 2 applied gradients of norm", "above 0.1"):
            step.assert_clipped(0.1)
