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


def train(steps=500):
    torch.manual_seed(0)
    generator, discriminator = Generator(), Discriminator()
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3)
    generator_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3)
    ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)
    for step in range(steps):
        real = 3 + torch.randn(64, 8)
        fake = generator(torch.randn(64, 16))

        discriminator_optimizer.zero_grad()
        real_loss = F.binary_cross_entropy_with_logits(discriminator(real), ones)
        fake_loss = F.binary_cross_entropy_with_logits(discriminator(fake.detach()), zeros)
        discriminator_loss = real_loss + fake_loss
        discriminator_loss.backward()
        discriminator_optimizer.step()

        generator_optimizer.zero_grad()
        generator_loss = F.binary_cross_entropy_with_logits(discriminator(fake), ones)
        generator_loss.backward()
        generator_optimizer.step()
        if step % 100 == 0:
            print(f"step {step}: mean of the fakes {fake.mean().item():.4f}, of the real 3")


if __name__ == "__main__":
    train()
