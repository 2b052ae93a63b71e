import torch
from torch import nn


class Base(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.hidden = nn.Linear(12, width)


class Net(Base):
    def forward(self, features):
        return self.hidden(features)


def make(fit):
    fit(Net(30))


def learn(features):
    network = nn.Linear(12, 2)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    output = network(features)
    optimizer.zero_grad()
    output.sum().backward()
    optimizer.step()
    return output


def describe():
    """What a network can learn of this."""
    return nn.Linear(12, 2)
