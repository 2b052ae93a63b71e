"""Learns to draw numbers like those it is shown. Each optimizer holds its own player."""
import torch
import torch.nn.functional as F
from torch import nn


class Generator(nn.Module):
    def __init__(self, noise=16, numbers=8):
        super().__init__()
        self.hidden = nn.Linear(noise, 32)
        self.numbers = nn.Linear(32, numbers)

    def forward(self, noise):
        return self.numbers(F.relu(self.hidden(noise)))


class Discriminator(nn.Module):
    def __init__(self, numbers=8):
        super().__init__()
        self.hidden = nn.Linear(numbers, 32)
        self.realness = nn.Linear(32, 1)

    def forward(self, numbers):
        return self.realness(F.relu(self.hidden(numbers)))


class Players:
    def __init__(self):
        self.generator = Generator()
        self.discriminator = Discriminator()
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), lr=1e-3)
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), lr=1e-3)

    def step(self, real):
        """Trains each player once against the other. Returns what the generator drew."""
        fake = self.generator(torch.randn(len(real), 16))
        on_real, on_fake = self.discriminator(real), self.discriminator(fake.detach())
        discriminator_loss = F.softplus(-on_real).mean() + F.softplus(on_fake).mean()
        self.discriminator_optimizer.zero_grad()
        discriminator_loss.backward()
        self.discriminator_optimizer.step()

        generator_loss = F.softplus(-self.discriminator(fake)).mean()
        self.generator_optimizer.zero_grad()
        generator_loss.backward()
        self.generator_optimizer.step()
        return fake.detach()


def train(steps=500):
    torch.manual_seed(0)
    players = Players()
    for step in range(steps):
        fake = players.step(3 + torch.randn(64, 8))
        if step % 100 == 0:
            print(f"step {step}: mean of the fakes {fake.mean().item():.4f}, of the real 3")


if __name__ == "__main__":
    train()
