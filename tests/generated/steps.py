import keras
import tensorflow as tf
import torch
import torch.nn.functional as F
from keras import layers
from torch import nn


class Recogniser:
    def __init__(self):
        self.network = keras.Sequential([layers.Dense(64, activation="relu"), layers.Dense(10)])
        self.optimizer = keras.optimizers.Adam()
        self.loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def apply(self, tape, loss):
        weights = self.network.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))

    def step(self, pixels, digits):
        with tf.GradientTape() as tape:
            loss = self.loss(digits, self.network(pixels, training=True))
        self.apply(tape, loss)


class Players:
    def __init__(self):
        self.maker = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 6))
        self.judge = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 1))
        self.add_optimizers()

    def add_optimizers(self):
        self.maker_optimizer = torch.optim.Adam(self.maker.parameters())
        self.judge_optimizer = torch.optim.Adam(self.judge.parameters())

    def train_judge(self, real):
        fake = self.maker(torch.randn(len(real), 4))
        loss = F.softplus(self.judge(fake.detach())).mean() + F.softplus(-self.judge(real)).mean()
        self.judge_optimizer.zero_grad()
        loss.backward()
        self.judge_optimizer.step()

    def train_maker(self, noise):
        loss = F.softplus(-self.judge(self.maker(noise))).mean()
        self.maker_optimizer.zero_grad()
        loss.backward()
        self.maker_optimizer.step()


class Critics:
    def __init__(self):
        self.body = nn.Linear(6, 8)
        self.one = nn.Linear(8, 1)
        self.other = nn.Linear(8, 1)
        self.one_optimizer = torch.optim.Adam([*self.body.parameters(), *self.one.parameters()])
        self.other_optimizer = torch.optim.Adam([*self.body.parameters(), *self.other.parameters()])

    def train_one(self, states, wanted):
        loss = F.mse_loss(self.one(self.body(states)), wanted)
        self.one_optimizer.zero_grad()
        loss.backward()
        self.one_optimizer.step()

    def train_other(self, states, wanted):
        loss = F.mse_loss(self.other(self.body(states)), wanted)
        self.other_optimizer.zero_grad()
        loss.backward()
        self.other_optimizer.step()


class Trainer:
    def __init__(self):
        self.model = nn.Linear(5, 3)

    def fit(self, features, kinds, epochs=2):
        optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        for _ in range(epochs):
            optimizer.zero_grad()
            F.cross_entropy(self.model(features), kinds).backward()
            optimizer.step()
        return self.model
