"""Assertions on what comes out of a model, and the loss for code that shows none."""

import dataclasses

import pytest
import torch
import torch.nn.functional as F
from outcomes import proved, undecided
from torch import nn

import backprobe


class Dropping(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.first, self.second = nn.Linear(5, 6), nn.Linear(6, 3)
        self.drop = drop

    def forward(self, inputs):
        return self.second(self.drop(self, self.first(inputs)))


def with_flag(module, hidden):
    return F.dropout(hidden, 0.5, training=module.training)


def without_flag(module, hidden):
    return F.dropout(hidden, 0.5)


def switched_off(module, hidden):
    return F.dropout(hidden, 0.5, training=False)


def test_dropout_with_flag_is_random_in_training_only():
    backprobe.seed(0)
    model, inputs = Dropping(with_flag).eval(), torch.randn(8, 5)
    backprobe.assert_random_in_training(model, inputs)
    backprobe.assert_deterministic(model, inputs)
    backprobe.assert_random_in_training(lambda: model(inputs))
    backprobe.assert_deterministic(lambda: {"logits": model(inputs)})
    assert not model.training


def test_dropout_that_stays_on_is_proved():
    backprobe.seed(0)
    model, inputs = Dropping(without_flag), torch.randn(8, 5)
    with proved("assert_deterministic"):
        backprobe.assert_deterministic(model, inputs)
    with proved("assert_deterministic"):
        backprobe.assert_deterministic(lambda: model(inputs))


def test_dropout_that_never_drops_is_proved():
    backprobe.seed(0)
    model, inputs = Dropping(switched_off), torch.randn(8, 5)
    with proved("assert_random_in_training"):
        backprobe.assert_random_in_training(model, inputs)
    with backprobe.training_step(model) as step, proved("assert_random_in_training"):
        step.assert_random_in_training(lambda: model(inputs))


class Trainer:
    """A plain object that holds the model; its method is what a test calls."""

    def __init__(self, drop):
        self.model = Dropping(drop)

    def loss(self, inputs):
        return self.model(inputs).sum()


def test_the_model_behind_a_method_is_found():
    backprobe.seed(0)
    trainer = Trainer(with_flag)
    backprobe.assert_deterministic(trainer.loss, torch.randn(8, 5))
    backprobe.assert_random_in_training(trainer.loss, torch.randn(8, 5))
    assert trainer.model.training


class OneUnit(nn.Module):
    """A constant output, hidden from a naive test by dropout in front of it and by its own batch norm."""

    def __init__(self, units):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.Dropout(), nn.Linear(6, units), nn.Softmax(-1))

    def forward(self, inputs):
        return self.layers(inputs)


def test_noise_does_not_make_a_constant_output_vary():
    backprobe.seed(0)
    inputs = torch.randn(8, 5)
    backprobe.assert_output_varies(OneUnit(2), inputs)
    with proved("assert_output_varies"):
        backprobe.assert_output_varies(OneUnit(1), inputs)
    always_on = Dropping(without_flag)
    always_on.second.weight.data.zero_()
    with proved("assert_output_varies"):
        backprobe.assert_output_varies(always_on, inputs)


def test_statistics_stay_while_outputs_are_compared():
    backprobe.seed(0)
    model = OneUnit(2)
    backprobe.assert_random_in_training(model, torch.randn(8, 5))
    assert model.layers[1].num_batches_tracked == 0


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_labels_are_held_fixed_while_inputs_vary(label):
    backprobe.seed(0)
    labels = torch.full((8, 1), label)
    for units, constant in ((2, False), (1, True)):
        model = OneUnit(units)

        def loss(inputs, model=model):
            return F.binary_cross_entropy(model(inputs)[:, :1], labels)

        if constant:
            with proved("assert_loss_depends_on"):
                backprobe.assert_loss_depends_on(loss, torch.randn(8, 5))
        else:
            backprobe.assert_loss_depends_on(loss, torch.randn(8, 5))


class Words(nn.Module):
    def __init__(self, tokens_used):
        super().__init__()
        self.embedding, self.head = nn.Embedding(20, 6), nn.Linear(6, 3)
        self.tokens_used = tokens_used

    def forward(self, tokens, mask):
        embedded = self.embedding(tokens if self.tokens_used else torch.zeros_like(tokens))
        weights = mask.float() if self.tokens_used else torch.ones(mask.shape)
        return self.head((embedded * weights[..., None]).mean(1))


@pytest.mark.parametrize("form", [dict, tuple])
def test_token_ids_stay_valid_and_inputs_may_be_nested(form):
    backprobe.seed(0)
    batch = {"tokens": torch.randint(20, (8, 4)), "mask": torch.rand(8, 4) > 0.3}
    inputs = batch if form is dict else tuple(batch.values())
    backprobe.assert_output_varies(Words(True), inputs)
    backprobe.assert_examples_independent(Words(True), inputs)
    with proved("assert_output_varies"):
        backprobe.assert_output_varies(Words(False), inputs)


class Coupled(nn.Module):
    def forward(self, inputs):
        return inputs - inputs.mean(0)


def test_examples_that_influence_each_other_are_proved():
    backprobe.seed(0)
    inputs = torch.randn(8, 5)
    backprobe.assert_examples_independent(nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.Dropout()), inputs)
    with proved("assert_examples_independent", "batch"):
        backprobe.assert_examples_independent(Coupled(), inputs)
    with proved("assert_examples_independent"):
        backprobe.assert_examples_independent(nn.BatchNorm1d(5, track_running_stats=False), inputs)
    with undecided("assert_examples_independent", "batch size 8"):
        backprobe.assert_examples_independent(lambda batch: batch.sum(), inputs)
    with pytest.raises(ValueError, match="two examples"):
        backprobe.assert_examples_independent(Coupled(), inputs[:1])


def test_outputs_that_are_not_finite_are_undecided():
    inputs = torch.randn(8, 5)
    with undecided("assert_output_varies", "not finite"):
        backprobe.assert_output_varies(lambda batch: batch * float("inf"), inputs)
    with undecided("assert_examples_independent", "not finite"):
        backprobe.assert_examples_independent(lambda batch: batch * float("nan"), inputs)


@dataclasses.dataclass
class Output:
    logits: torch.Tensor
    hidden: tuple
    labels: torch.Tensor


FORMS = {
    "tensor": lambda a, b: torch.cat([a, b], 1),
    "mapping": lambda a, b: {"a": a, "b": b},
    "nested": lambda a, b: (a, [None, {"b": b}]),
    "dataclass": lambda a, b: Output(a, (b,), torch.ones(8, dtype=torch.long)),
}


@pytest.mark.parametrize("form", FORMS)
def test_probe_loss_reaches_every_float_of_an_output(form):
    backprobe.seed(0)
    first, second = nn.Linear(5, 3), nn.Linear(5, 2)
    inputs = torch.randn(8, 5)
    for planted in (False, True):
        with backprobe.training_step([first, second]) as step:
            found = (lambda: second(inputs.detach()).detach()) if planted else lambda: second(inputs)
            step.minimize(lambda: backprobe.probe_loss(FORMS[form](first(inputs), found())))
        if planted:
            with proved("assert_trained", "1.weight: absent gradient"):
                step.assert_trained()
        else:
            step.assert_trained()


def test_probe_loss_is_fixed_and_draws_nothing():
    backprobe.seed(0)
    output = torch.randn(4, 3)
    backprobe.seed(1)
    expected = torch.rand(1)
    backprobe.seed(1)
    assert backprobe.probe_loss(output) == backprobe.probe_loss(output.clone())
    assert torch.rand(1) == expected
    assert backprobe.probe_loss((output, output)) != 2 * backprobe.probe_loss(output)
    assert backprobe.probe_loss(output.to(torch.complex64)).dtype == torch.float32


@pytest.mark.parametrize("output", [torch.ones(3, dtype=torch.long), {}, "text"])
def test_probe_loss_needs_a_float_tensor(output):
    with pytest.raises(TypeError, match="float tensor"):
        backprobe.probe_loss(output)


class Criticised(nn.Module):
    """A model that returns its loss."""

    def __init__(self, units):
        super().__init__()
        self.first, self.second = nn.Linear(5, 6), nn.Linear(6, units)

    def forward(self, inputs, labels):
        return F.cross_entropy(self.second(F.relu(self.first(inputs))), labels)


def test_a_loss_that_is_zero_is_proved_although_the_model_returns_it():
    backprobe.seed(0)
    inputs, labels = torch.randn(8, 5), torch.zeros(8, dtype=torch.long)
    model = Criticised(1)
    with proved("assert_loss_depends_on"):
        backprobe.assert_loss_depends_on(lambda inputs: model(inputs, labels), inputs)
    several = Criticised(3)
    backprobe.assert_loss_depends_on(lambda inputs: several(inputs, labels), inputs)
    nn.init.zeros_(several.second.weight)
    nn.init.zeros_(several.second.bias)
    with undecided("assert_loss_depends_on"):
        backprobe.assert_loss_depends_on(lambda inputs: several(inputs, labels), inputs)


def test_what_cannot_be_varied_or_compared_is_undecided():
    backprobe.seed(0)
    model, inputs = nn.Linear(5, 3), torch.randn(8, 5)
    with undecided("assert_output_varies"):
        backprobe.assert_output_varies(lambda inputs: model(torch.tensor(inputs)), inputs.tolist())
    with undecided("assert_output_varies"):
        backprobe.assert_output_varies(nn.Embedding(4, 3), torch.zeros(8, dtype=torch.long))
    for assertion in ("assert_output_varies", "assert_deterministic", "assert_random_in_training"):
        with undecided(assertion):
            getattr(backprobe, assertion)(lambda inputs: model(inputs).argmax(1), inputs)
