"""Assertions on what comes out of a model: finite, in a range, logits, of a shape, and reached by every input."""

import pytest
import torch
import torch.nn.functional as F
from outcomes import proved, undecided
from torch import nn

import backprobe


class Net(nn.Module):
    def __init__(self, between=lambda hidden: hidden, last=lambda hidden: hidden, units=3):
        super().__init__()
        self.first, self.norm, self.second = nn.Linear(5, 6), nn.BatchNorm1d(6), nn.Linear(6, units)
        self.between, self.last = between, last

    def forward(self, inputs):
        return self.last(self.second(self.norm(self.between(self.first(inputs)))))


def test_the_first_layer_that_is_not_finite_is_named():
    backprobe.seed(0)
    inputs = torch.randn(8, 5)
    backprobe.assert_finite(Net(torch.tanh), inputs)
    with proved("assert_finite", "norm (BatchNorm1d)"):
        backprobe.assert_finite(Net(torch.log), inputs)
    with proved("assert_finite", "Net is not finite"):
        backprobe.assert_finite(Net(last=lambda hidden: torch.log(-hidden.abs())), inputs)
    with proved("assert_finite", "the output is not finite"):
        backprobe.assert_finite(lambda batch: batch / 0.0, inputs)
    with undecided("assert_finite", "inputs"):
        backprobe.assert_finite(Net(), inputs * float("nan"))


def test_masks_of_minus_infinity_are_finite_in_the_end():
    backprobe.seed(0)
    masked = nn.Sequential(nn.Linear(5, 6), Masking(), nn.Softmax(-1))
    backprobe.assert_finite(masked, torch.randn(8, 5))


class Masking(nn.Module):
    def forward(self, inputs):
        return inputs.masked_fill(torch.arange(inputs.shape[-1]) > 3, float("-inf"))


def test_the_range_of_an_output():
    backprobe.seed(0)
    inputs = torch.randn(8, 5)
    backprobe.assert_output_range(Net(last=torch.tanh), inputs, low=-1, high=1)
    backprobe.assert_output_range(Net(last=torch.exp), inputs, low=0)
    with proved("assert_output_range", "from 0 to 1"):
        backprobe.assert_output_range(Net(last=torch.tanh), inputs, 0, 1)
    with undecided("assert_output_range", "not finite"):
        backprobe.assert_output_range(Net(last=lambda hidden: hidden / 0), inputs, 0, 1)


@pytest.mark.parametrize("units", [1, 3])
def test_probabilities_are_no_logits(units):
    backprobe.seed(0)
    inputs = torch.randn(8, 5)
    backprobe.assert_logits(Net(units=units), inputs)
    backprobe.assert_logits(Net(units=units, last=lambda logits: logits.log_softmax(-1) - 1), inputs)
    with proved("assert_logits", "whatever the inputs are"):
        backprobe.assert_logits(Net(units=units, last=torch.sigmoid), inputs)
    if units > 1:
        with proved("assert_logits", "adds up to 1"):
            backprobe.assert_logits(Net(units=units, last=lambda logits: logits.softmax(-1)), inputs)
    with undecided("assert_logits", "zero everywhere"):
        backprobe.assert_logits(Net(units=units, last=lambda logits: F.relu(logits - 1e9)), inputs)


def test_the_shape_of_the_target():
    backprobe.seed(0)
    inputs, target = torch.randn(8, 5), torch.randn(8)
    backprobe.assert_same_shape(Net(units=1, last=lambda hidden: hidden.squeeze(-1)), inputs, target)
    backprobe.assert_same_shape(Net(units=3), inputs, (8, 3))
    with proved("assert_same_shape", "(8, 1)", "(8,)", "a loss between them is over (8, 8)"):
        backprobe.assert_same_shape(Net(units=1), inputs, target)
    with undecided("assert_same_shape", "2"):
        backprobe.assert_same_shape(lambda batch: (batch, batch), inputs, target)


class Merging(nn.Module):
    def __init__(self, ignored=()):
        super().__init__()
        self.ignored = ignored
        self.embedding, self.image = nn.Embedding(10, 6), nn.Linear(5, 6)

    def forward(self, tokens, image, scale):
        words = self.embedding(torch.zeros_like(tokens) if "tokens" in self.ignored else tokens).mean(1)
        picture = self.image(image.detach() if "image" in self.ignored else image)
        return words + picture * (scale * 0 if "scale" in self.ignored else scale)


@pytest.mark.parametrize("ignored", [(), ("tokens",), ("image",), ("scale",), ("tokens", "image")])
def test_every_input_reaches_the_output(ignored):
    backprobe.seed(0)
    inputs = {"tokens": torch.randint(10, (8, 4)), "image": torch.randn(8, 5), "scale": torch.randn(8, 1)}
    if ignored:
        # Without its image a scale of zero still has an image without a gradient.
        with proved("assert_reaches", *ignored):
            backprobe.assert_reaches(Merging(ignored), inputs)
    else:
        model = Merging()
        backprobe.assert_reaches(model, inputs)
        backprobe.assert_reaches(lambda batch: model(*batch[0]), [tuple(inputs.values())])
    with undecided("assert_reaches", "zero everywhere"):
        backprobe.assert_reaches(Net(last=lambda hidden: F.relu(hidden - 1e9)), torch.randn(8, 5))


def test_one_tensor_that_is_given_twice_is_two_inputs():
    backprobe.seed(0)
    inputs, layer = torch.randn(8, 5), nn.Linear(5, 3)
    backprobe.assert_reaches(lambda first, second: layer(first * second), (inputs, inputs))
    with proved("assert_reaches", "1 of 2", "[1]"):
        backprobe.assert_reaches(lambda first, second: layer(first) + second.sum() * 0, (inputs, inputs))
