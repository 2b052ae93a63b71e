import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, dropout=0.1):
        super().__init__()
        self.hidden_size = hidden_size
        self.body = nn.Sequential(nn.Linear(input_size, hidden_size), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden_size, num_classes))

    def forward(self, x):
        return self.body(x)


class Tower(nn.Module):
    def __init__(self, in_channels, widths, rate):
        super().__init__()
        self.first = nn.Conv2d(in_channels, 8, 3)
        self.drop = nn.Dropout(rate)
        self.rest = nn.ModuleList([nn.Linear(8, width) for width in widths])

    def forward(self, x):
        x = self.drop(self.first(x)).mean((2, 3))
        return [layer(x) for layer in self.rest]


class Words(nn.Module):
    def __init__(self, vocabulary, hidden):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, hidden)
        self.lstm = nn.LSTM(hidden, hidden * 2, batch_first=True)
        self.out = nn.Linear(hidden * 2, vocabulary)

    def forward(self, tokens):
        return self.out(self.lstm(self.embed(tokens))[0])
