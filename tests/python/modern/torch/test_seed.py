"""`seed` fixes every generator that a torch test draws from."""

import random

import numpy
import torch

import backprobe


def test_every_generator_is_seeded():
    draws = []
    for _ in range(2):
        backprobe.seed(3)
        draws.append((random.random(), numpy.random.rand(), torch.rand(1).item()))
    assert draws[0] == draws[1]
    backprobe.seed(4)
    assert all(a != b for a, b in zip(draws[0], (random.random(), numpy.random.rand(), torch.rand(1).item())))
