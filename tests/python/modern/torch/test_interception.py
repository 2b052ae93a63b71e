"""How a step is observed that the test did not write itself: any optimizer, closures, scalers, accumulation, and no trace afterwards."""

import copy
import io
import pickle
import sys
import warnings

import pytest
import torch
import torch.nn.functional as F
from outcomes import proved, undecided
from torch import nn

import backprobe


class Net(nn.Module):
    def __init__(self, planted=False):
        super().__init__()
        self.planted = planted
        self.first = nn.Linear(5, 6)
        self.second = nn.Linear(6, 3)

    def forward(self, inputs):
        hidden = self.first(inputs).tanh()
        return self.second(hidden.detach() if self.planted else hidden)


def loss_of(model):
    return F.cross_entropy(model(torch.randn(8, 5)), torch.randint(3, (8,)))


def plain(model, optimizer):
    optimizer.zero_grad()
    loss_of(model).backward()
    optimizer.step()


def accumulated_twice(model, optimizer):
    optimizer.zero_grad()
    for _ in range(2):
        (loss_of(model) / 2).backward()
    optimizer.step()


def with_closure(model, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = loss_of(model)
        loss.backward()
        return loss

    optimizer.step(closure)


def cleared_behind_the_step(model, optimizer):
    plain(model, optimizer)
    optimizer.zero_grad(set_to_none=False)


class Twice(torch.optim.SGD):
    """A subclass whose step calls the step above, and which adds its decay to the gradients in place."""

    def step(self, closure=None):
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.grad.add_(parameter.detach(), alpha=0.1)
        return super().step(closure)


BODIES = [plain, accumulated_twice, with_closure, cleared_behind_the_step]
OPTIMIZERS = [
    lambda parameters: torch.optim.SGD(parameters, lr=0.01),
    lambda parameters: torch.optim.Adam(parameters, foreach=True),
    lambda parameters: torch.optim.AdamW(parameters, fused=True),
    lambda parameters: Twice(parameters, lr=0.01),
    lambda parameters: copy.deepcopy(torch.optim.SGD(parameters, lr=0.01)),
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("make", OPTIMIZERS[:4])
def test_own_bodies(body, make):
    backprobe.seed(0)
    for planted in (False, True):
        model = Net(planted)
        optimizer = make(model.parameters())
        with backprobe.training_step(model) as step:
            body(model, optimizer)
        if planted:
            with proved("assert_trained", "2 of 4", "first.weight: absent gradient"):
                step.assert_trained()
        else:
            step.assert_trained()


def test_lbfgs_as_body_and_as_given_optimizer():
    backprobe.seed(0)
    for planted in (False, True):
        body, given = Net(planted), Net(planted)
        with backprobe.training_step(body) as first:
            with_closure(body, torch.optim.LBFGS(body.parameters(), max_iter=2))
        with backprobe.training_step(given, torch.optim.LBFGS(given.parameters(), max_iter=2)) as second:
            inputs, labels = torch.randn(8, 5), torch.randint(3, (8,))
            second.minimize(lambda: F.cross_entropy(given(inputs), labels))
        for step in (first, second):
            if planted:
                with proved("assert_trained", "first.weight: absent gradient"):
                    step.assert_trained()
            else:
                step.assert_trained()


def test_an_optimizer_within_the_backward():
    backprobe.seed(0)
    for planted in (False, True):
        model = Net(planted)
        optimizers = {parameter: torch.optim.SGD([parameter], lr=0.01) for parameter in model.parameters()}

        def step_and_clear(parameter):
            optimizers[parameter].step()
            optimizers[parameter].zero_grad()

        for parameter in model.parameters():
            parameter.register_post_accumulate_grad_hook(step_and_clear)
        with backprobe.training_step(model) as step:
            loss_of(model).backward()
        if planted:
            with proved("assert_trained", "2 of 4", "first.weight: absent gradient"):
                step.assert_trained()
        else:
            step.assert_trained()


def scaled_steps(model, optimizer, steps):
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**127, backoff_factor=2.0**-100)
    for _ in range(steps):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(model) * 1e3
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()


@pytest.mark.parametrize("fused", [False, True])
def test_steps_a_scaler_skips_do_not_count(fused):
    backprobe.seed(0)
    steps = {}
    for name, planted, count in (("skipped", False, 1), ("stepped", False, 2), ("planted", True, 2)):
        model = Net(planted)
        with backprobe.training_step(model) as steps[name]:
            scaled_steps(model, torch.optim.SGD(model.parameters(), lr=0.01, fused=fused), count)
    with undecided("assert_trained", "skipped"):
        steps["skipped"].assert_trained()
    steps["stepped"].assert_trained()
    with proved("assert_trained", "first.weight: absent gradient"):
        steps["planted"].assert_trained()


def test_gradients_from_before_the_step_are_no_evidence():
    backprobe.seed(0)
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    loss_of(model).backward()
    with backprobe.training_step(model) as step:
        F.cross_entropy(model.second(model.first(torch.randn(8, 5)).detach()), torch.randint(3, (8,))).backward()
        optimizer.step()
    with proved("assert_trained", "2 of 4", "first.weight: absent gradient"):
        step.assert_trained()


def test_an_optimizer_that_never_stepped_is_proved():
    backprobe.seed(0)
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with backprobe.training_step(model) as step:
        optimizer.zero_grad()
        loss_of(model).backward()
    with proved("assert_trained", "4 of 4", "optimizer never stepped"):
        step.assert_trained()
    with undecided("assert_untouched"):
        step.assert_untouched()


def test_gradients_cleared_before_the_step_are_proved():
    backprobe.seed(0)
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with backprobe.training_step(model) as step:
        loss_of(model).backward()
        optimizer.zero_grad()
        optimizer.step()
    with proved("assert_trained", "4 of 4", "gradient cleared too early"):
        step.assert_trained()


def test_an_update_by_hand_is_undecided():
    backprobe.seed(0)
    model = Net()
    with backprobe.training_step(model) as step:
        loss_of(model).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.01 * parameter.grad
    with undecided("assert_trained", "no optimizer was seen"):
        step.assert_trained()


def test_a_body_without_backward_is_undecided():
    backprobe.seed(0)
    model = Net()
    with backprobe.training_step(model, torch.optim.SGD(model.parameters(), lr=0.01)) as step:
        loss_of(model)
    with undecided("assert_trained", "no backward"):
        step.assert_trained()


def test_assertions_may_stand_in_the_body_and_layers_may_be_thawed_there():
    backprobe.seed(0)
    model = Net()
    model.first.requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with backprobe.training_step(model) as step:
        plain(model, optimizer)
        step.assert_trained()
        with proved("assert_trained", "first.weight: frozen"):
            step.assert_trained("first")
        step.assert_untouched("first")
        model.first.requires_grad_(True)
        for _ in range(2):
            plain(model, optimizer)
    step.assert_trained(["first", "second"])


def test_models_can_be_copied_pickled_and_saved_within_the_step():
    backprobe.seed(0)
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with backprobe.training_step(model) as step:
            plain(model, optimizer)
            copies = [copy.deepcopy(model), pickle.loads(pickle.dumps(model))]
            torch.save(model.state_dict(), io.BytesIO())
            torch.save(model, io.BytesIO())
            plain(model, pickle.loads(pickle.dumps(optimizer)))
    step.assert_trained()
    assert all(torch.isfinite(loss_of(each)) for each in copies)


def hooks(model):
    optimizers = sys.modules["torch.optim.optimizer"]
    return (
        len(optimizers._global_optimizer_pre_hooks),
        len(optimizers._global_optimizer_post_hooks),
        sum(len(module._forward_hooks) for module in model.modules()),
        sum(len(parameter._backward_hooks or ()) for parameter in model.parameters()),
    )


def test_nothing_is_left_behind_even_by_a_body_that_fails():
    backprobe.seed(0)
    model = Net()
    before = hooks(model)
    with pytest.raises(ZeroDivisionError), backprobe.training_step(model) as step:
        step.minimize(lambda: loss_of(model))
        assert hooks(model) != before
        raise ZeroDivisionError
    assert hooks(model) == before
    assert model.training


def test_assertions_behind_the_body_watch_nothing_again():
    backprobe.seed(0)
    model = Net()
    model.first.requires_grad_(False)
    before = hooks(model)
    with backprobe.training_step(model) as step:
        step.minimize(lambda: loss_of(model))
    model.first.requires_grad_(True)
    step.assert_trained("second")
    assert hooks(model) == before


def test_minimize_trains_in_train_mode_and_restores_every_mode():
    backprobe.seed(0)
    model = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6)).eval()
    model[1].train()
    with backprobe.training_step(model) as step:
        step.minimize(lambda: backprobe.probe_loss(model(torch.randn(8, 5))) * (1.0 if model.training else float("nan")))
    assert (model.training, model[0].training, model[1].training) == (False, False, True)
    step.assert_trained()
    step.assert_statistics_moved()


def test_compiled_models_are_observed_too():
    backprobe.seed(0)
    for planted in (False, True):
        model = Net(planted)
        compiled = torch.compile(model, backend="eager")
        with backprobe.training_step(compiled) as step:
            plain(compiled, torch.optim.SGD(compiled.parameters(), lr=0.01))
        if planted:
            with proved("assert_trained", "first.weight: absent gradient"):
                step.assert_trained()
        else:
            step.assert_trained("second")


class Holder:
    def __init__(self):
        self.learning_rate = 0.01
        self.encoder = Net()
        self.heads = {"first": nn.Linear(3, 2), "second": nn.Linear(3, 2)}


def test_modules_are_found_in_whatever_holds_them():
    backprobe.seed(0)
    held = Holder()
    with backprobe.training_step(held) as step:
        step.minimize(lambda: backprobe.probe_loss(held.heads["first"](held.encoder(torch.randn(8, 5)))))
    step.assert_trained(["encoder.first", "heads.first"])
    with proved("assert_trained", "2 of 8", "heads.second.weight: absent gradient"):
        step.assert_trained()


def test_something_without_modules_is_refused():
    with pytest.raises(TypeError, match="torch.nn.Module"):
        backprobe.training_step([1, 2])
