"""Sharded parameters: their capsules hold no memory, and their gradients arrive without a hook."""

import pytest
import torch
import torch.distributed as distributed
from outcomes import proved
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard

import backprobe


@pytest.fixture
def mesh():
    distributed.init_process_group("gloo", store=distributed.HashStore(), rank=0, world_size=1)
    yield init_device_mesh("cpu", (1,))
    distributed.destroy_process_group()


def test_sharded_parameters_are_read_where_they_are(mesh):
    backprobe.seed(0)
    inputs = torch.randn(8, 5)
    for factor in (1.0, 0.0):
        model = fully_shard(nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3)), mesh=mesh)
        optimizer = torch.optim.AdamW(model.parameters())
        with backprobe.training_step(model) as body:
            (backprobe.probe_loss(model(inputs)) * factor).backward()
            optimizer.step()
        with backprobe.training_step(model) as minimized:
            minimized.minimize(lambda: backprobe.probe_loss(model(inputs)) * factor)
        for step in (body, minimized):
            if factor:
                step.assert_trained()
                with proved("assert_untouched", "0.weight"):
                    step.assert_untouched("0")
            else:
                with proved("assert_trained", "0.weight: zero gradient"):
                    step.assert_trained()
