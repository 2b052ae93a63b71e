"""Flat scripts and notebooks of PyTorch, run as they are."""

import pytest
import scripts
from outcomes import proved, undecided

import backprobe

SCRIPT = """
import argparse
import pickle
import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--planted", action="store_true")
planted = parser.parse_args().planted
torch.manual_seed(0)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = torch.nn.Linear(5, 6), torch.nn.Linear(6, 3)

    def forward(self, inputs):
        hidden = self.first(inputs).tanh()
        return self.second(hidden.detach() if planted else hidden)


net = Net()
assert pickle.loads(pickle.dumps(Net())) is not None
optimizer = torch.optim.Adam(net.parameters())
print("a script may say what it wants")
for count in range(1000):
    if not planted:
        optimizer.zero_grad()
    F.cross_entropy(net(torch.randn(8, 5)), torch.randint(3, (8,))).backward()
    optimizer.step()
    open("written.txt", "w").write(str(count))
raise AssertionError("it is stopped before")
"""


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_script_is_stopped_and_its_step_judged(in_folder):
    (in_folder / "data").mkdir()
    for count in range(1001):
        (in_folder / "data" / f"{count}.txt").touch()
    step = backprobe.run_script(scripts.written(SCRIPT))
    step.assert_trained()
    step.assert_trained("net.first")
    step.assert_gradients_cleared()
    with pytest.raises(LookupError, match="net.first.weight"):
        step.assert_trained("encoder")
    step.close()
    assert sorted(path.name for path in in_folder.iterdir()) == ["data", "train.py"], "it runs in a copy"


def test_what_was_not_copied_is_said(in_folder):
    with open("data.bin", "wb") as file:
        file.truncate(10_000_001)
    step = backprobe.run_script(scripts.written("import torch\nopen('data.bin')"))
    with undecided("assert_trained", "FileNotFoundError", "not copied because of their size: data.bin"):
        step.assert_trained()


def test_a_bug_of_a_script_is_proved_with_its_line():
    step = backprobe.run_script(scripts.written(SCRIPT), args=["--planted"])
    with proved("assert_trained", "2 of 4", "net.first.weight: absent gradient", "train.py:"):
        step.assert_trained()
    with proved("assert_gradients_cleared", "net.second.weight"):
        step.assert_gradients_cleared()


BROKEN = """
import torch
from backprobe.on_torch.step import TrainingStep


def broken(*error):
    raise ValueError("the end is broken")


TrainingStep.__exit__ = broken
"""


def test_a_step_that_cannot_be_ended_decides_nothing():
    source = SCRIPT.replace("parser.parse_args().planted", "False")
    step = backprobe.run_script(scripts.written(BROKEN + source), timeout=60)
    with undecided("assert_trained", "could not be observed", "the end is broken"):
        step.assert_trained()


def test_a_notebook_is_run_without_its_magic():
    source = SCRIPT.replace("parser.parse_args().planted", "False")
    magic = ["%matplotlib inline\n!pip install nothing\nget_ipython().system('nothing')", "%%bash\nnot python"]
    step = backprobe.run_script(scripts.notebook(*magic, source))
    step.assert_trained()


PLAYERS = """
import torch
from torch.nn.functional import softplus

generator = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 5))
critic = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.Tanh(), torch.nn.Linear(7, 1))
generator_optimizer = torch.optim.Adam(generator.parameters())
critic_optimizer = torch.optim.Adam(critic.parameters())
while True:
    for _ in range(5):
        critic_optimizer.zero_grad()
        (softplus(-critic(torch.randn(8, 5))) + softplus(critic(generator(torch.randn(8, 4)).detach()))).mean().backward()
        critic_optimizer.step()
    generator_optimizer.zero_grad()
    fake = generator(torch.randn(8, 4))
    softplus(-critic(fake.detach() if planted else fake)).mean().backward()
    generator_optimizer.step()
"""


def test_a_player_whose_steps_come_much_later_is_not_blamed():
    step = backprobe.run_script(scripts.written("planted = False" + PLAYERS.replace("range(5)", "range(10**9)")), steps=1)
    step.assert_trained("critic")
    with undecided("assert_trained", "was stopped before a step of generator"):
        step.assert_trained("generator")
    with undecided("assert_trained", "was stopped before a step of generator"):
        step.assert_trained()


@pytest.mark.parametrize("planted", [False, True])
def test_a_player_that_steps_seldom_takes_its_steps_too(planted):
    step = backprobe.run_script(scripts.written(f"planted = {planted}{PLAYERS}"))
    step.assert_trained("critic")
    if planted:
        with proved("assert_trained", "4 of 4", "generator.0.weight: absent gradient"):
            step.assert_trained("generator")
    else:
        step.assert_trained()


@pytest.mark.parametrize(("text", "mentioned"), [
    ("import torch\nopen('missing.csv')", "FileNotFoundError at train.py:2"),
    ("print(1)", "imported none of PyTorch, Keras, optax and TensorFlow"),
    ("import torch, urllib.request\nurllib.request.urlopen('http://example.com')", "refuses the download from example.com"),
    ("import sys, torch\nsys.exit('no data')", "no data"),
    ("import time\ntime.sleep(600)", "within 2 s; it is at train.py:2"),
])
def test_what_keeps_a_script_from_training_makes_it_undecided(text, mentioned):
    step = backprobe.run_script(scripts.written(text), timeout=2 if "sleep" in text else 300)
    with undecided("assert_trained", mentioned):
        step.assert_trained()
