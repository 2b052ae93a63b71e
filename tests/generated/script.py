import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
arguments = parser.parse_args()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(4, 4)
        self.two = nn.Linear(4, 4)

    def forward(self, x):
        y = self.one(x)
        y = self.two(x)
        return F.dropout(y)


net = Net()
for step in range(10):
    net(torch.randn(2, 4)).sum().backward()
