import torch
import torch.nn.functional as F
from torch import nn


class AutoEncoder(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(12, width), nn.BatchNorm1d(width), nn.Dropout(0.1), nn.Linear(width, 4))
        self.decoder = nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Linear(width, 12))
        self.scale = nn.Linear(12, 12)
        self.shift = nn.Linear(12, 12)

    def encode(self, features):
        return self.encoder(features)

    def decode(self, codes):
        return self.scale(self.shift(self.decoder(codes)))

    def loss(self, features):
        return F.mse_loss(self(features), features)

    def forward(self, features):
        return self.decode(self.encode(features))

    @torch.no_grad()
    def rebuild(self, features):
        return self(features)

    def predict(self, features):
        return self(features).argmax(1)

    def embed(self, features):
        return self.encode(features).detach().numpy()


class Agent:
    def __init__(self):
        self.policy = nn.Linear(6, 3)
        self.value = nn.Linear(6, 1)
        self.optimizer = torch.optim.Adam([*self.policy.parameters(), *self.value.parameters()])

    def act(self, states):
        return self.policy(states)

    def learn(self, states, actions, returns):
        loss = F.cross_entropy(self.act(states), actions) + F.mse_loss(self.value(states), returns)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def warm_up(self, states, actions):
        self.optimizer.zero_grad()
        F.cross_entropy(self.act(states), actions).backward()
        self.optimizer.step()

    def advise(self, states, weights):
        loss = -(F.log_softmax(self.act(states), -1) * weights).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


class Halves:
    def __init__(self):
        self.body = nn.Linear(6, 4)
        self.names = nn.Linear(4, 3)
        self.copies = nn.Linear(4, 6)
        self.optimizer = torch.optim.SGD([*self.body.parameters(), *self.names.parameters(), *self.copies.parameters()], lr=0.1)

    def descend(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def name(self, inputs, names):
        self.descend(F.cross_entropy(self.names(self.body(inputs)), names))

    def copy(self, inputs):
        self.descend(F.mse_loss(self.copies(self.body(inputs)), inputs))

    def probe(self, inputs, names):
        with torch.no_grad():
            features = self.body(inputs)
        self.descend(F.cross_entropy(self.names(features), names))


class Cooled:
    def __init__(self):
        self.policy = nn.Linear(4, 2)
        self.critic = nn.Linear(4, 2)
        self.heat = nn.Parameter(torch.zeros(1))
        self.policy_optimizer = torch.optim.Adam(self.policy.parameters())
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters())
        self.heat_optimizer = torch.optim.Adam([self.heat])

    def improve(self, states):
        loss = -(self.policy(states).softmax(-1) * self.critic(states)).sum(-1).mean()
        self.policy_optimizer.zero_grad()
        loss.backward()
        self.policy_optimizer.step()

    def judge(self, states, returns):
        loss = F.mse_loss(self.critic(states), returns)
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()

    def cool(self, states):
        with torch.no_grad():
            surplus = self.policy(states).square().mean() - 1
        loss = (self.heat.exp() * surplus).mean()
        self.heat_optimizer.zero_grad()
        loss.backward()
        self.heat_optimizer.step()


class Single:
    def __init__(self):
        self.network = nn.Linear(4, 2)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.1)

    def learn(self, inputs):
        self.descend(self.network(inputs).square().mean())

    def descend(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


class Heads(nn.Module):
    def __init__(self, tasks=("names", "sizes")):
        super().__init__()
        self.body = nn.Linear(6, 6)
        self.heads = nn.ModuleDict({task: nn.Linear(6, 2) for task in tasks})

    def forward(self, features, task="names"):
        return self.heads[task](self.body(features))


class Gaussian(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean = nn.Linear(4, 2)
        self.log_scale = nn.Parameter(torch.zeros(2))

    def forward(self, states):
        return torch.distributions.Normal(self.mean(states), self.log_scale.exp())

    def log_prob(self, states, actions):
        return self(states).log_prob(actions).sum(-1)
