import torch
import torch.nn.functional as F
from torch import nn


class Critic(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.hidden = nn.Linear(width, 32)
        self.norm = nn.BatchNorm1d(32)
        self.drop = nn.Dropout(0.2)
        self.score = nn.Linear(32, 1)

    def forward(self, numbers):
        return self.score(self.drop(F.relu(self.norm(self.hidden(numbers)))))


class Maker(nn.Module):
    def __init__(self, noise=16, width=8):
        super().__init__()
        self.numbers = nn.Linear(noise, width)

    def forward(self, noise):
        return self.numbers(noise)

    def sample(self, noise):
        return torch.sigmoid(self.numbers(noise))


class Players:
    def __init__(self):
        self.maker = Maker()
        self.critic = Critic()
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters())
        self.maker_optimizer = torch.optim.Adam(self.maker.parameters())

    def step(self, real):
        fake = self.maker(torch.randn(len(real), 16))
        loss = F.softplus(-self.critic(real)).mean() + F.softplus(self.critic(fake.detach())).mean()
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        loss = F.softplus(-self.critic(fake)).mean()
        self.maker_optimizer.zero_grad()
        loss.backward()
        self.maker_optimizer.step()


def critic(width):
    return Critic(width)


def train(steps):
    players = Players()
    for _ in range(steps):
        players.step(torch.randn(64, 8))


def load(path):
    return torch.load(path)


if __name__ == "__main__":
    train(100)
