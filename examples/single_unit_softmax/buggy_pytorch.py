"""Tells spam from mail. Softmax over one unit is always 1, so every message is spam and nothing is learned."""
import torch
import torch.nn.functional as F
from torch import nn


class SpamFilter(nn.Module):
    def __init__(self, words=500):
        super().__init__()
        self.hidden = nn.Linear(words, 32)
        self.spam = nn.Linear(32, 1)

    def forward(self, word_counts):
        hidden = F.relu(self.hidden(word_counts))
        return F.softmax(self.spam(hidden), dim=-1)


def train(steps=200):
    torch.manual_seed(0)
    word_counts = torch.randint(3, (256, 500)).float()
    is_spam = (word_counts[:, :1] > 0).float()
    model = SpamFilter()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy(model(word_counts), is_spam)
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step}: loss {loss.item():.4f}")


if __name__ == "__main__":
    train()
