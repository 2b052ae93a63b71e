import copy

import torch
from torch.nn.functional import mse_loss


class PassedIn:
    def __init__(self, first, second):
        self._first, self._second = first, second
        self._targets = [copy.deepcopy(first), copy.deepcopy(second)]
        self._unused = torch.nn.Parameter(torch.zeros(1))
        self._first_optimizer = torch.optim.Adam(self._first.parameters())
        self._second_optimizer = torch.optim.Adam(self._first.parameters())

    def update(self, states, wanted):
        loss = mse_loss(self._first(states), wanted) + mse_loss(self._second(states), wanted)
        self._first_optimizer.zero_grad()
        self._second_optimizer.zero_grad()
        loss.backward()
        self._first_optimizer.step()
        self._second_optimizer.step()


class MadeHere:
    def __init__(self):
        self.first = torch.nn.Linear(4, 1)
        self.second = torch.nn.Linear(4, 1)
        self.unused = torch.nn.Parameter(torch.zeros(1))
        self.first_optimizer = torch.optim.Adam(self.first.parameters())
        self.second_optimizer = torch.optim.Adam(self.first.parameters())

    def update(self, states, wanted):
        self.first_optimizer.zero_grad()
        mse_loss(self.first(states), wanted).backward()
        self.first_optimizer.step()
        self.second_optimizer.zero_grad()
        mse_loss(self.second(states), wanted).backward()
        self.second_optimizer.step()
