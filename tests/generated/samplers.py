import torch
import torch.nn as nn


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(20, 16)
        self.drop = nn.Dropout(0.2)
        self.mean = nn.Linear(16, 4)
        self.spread = nn.Linear(16, 4)
        self.decoder = nn.Linear(4, 20)
        nn.init.normal_(self.decoder.weight)

    def reparameterise(self, mean, spread):
        return mean + torch.randn_like(spread) * torch.exp(spread / 2)

    def forward(self, x):
        hidden = self.drop(torch.relu(self.encoder(x)))
        mean, spread = self.mean(hidden), self.spread(hidden)
        return self.decoder(self.reparameterise(mean, spread)), mean, spread


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.1), nn.Linear(16, 4))

    def forward(self, x):
        scores = self.body(x)
        return torch.distributions.Categorical(logits=scores).sample(), scores


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.1), nn.Linear(16, 4))
        nn.init.normal_(self.body[0].weight)

    def forward(self, x):
        return self.body(x)
