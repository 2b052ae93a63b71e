import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):
    def __init__(self, num_classes, in_channels=1):
        super(LeNet, self).__init__()
        self.conv1 = nn.Conv2d(in_channels, 6, 5, padding=2)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, num_classes)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(x.size(0), -1)
        x = F.dropout(F.relu(self.fc1(x)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


class Tagger(nn.Module):
    def __init__(self, vocab_size, tags, dim=32):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, dim)
        self.lstm = nn.LSTM(dim, 64, batch_first=True, bidirectional=True)
        self.out = nn.Linear(128, tags)

    def forward(self, tokens, lengths=None):
        h, _ = self.lstm(self.embed(tokens))
        h = F.dropout(h, 0.2)
        return self.out(h[:, -1])


class Siamese(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.a = nn.Linear(config.dim, 3)

    def forward(self, left, right):
        return F.dropout(self.a(left) - self.a(right))


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))

    def forward(self, x):
        x = x.view(-1, 28 * 28)
        return F.log_softmax(F.dropout(self.layers(x)), dim=1)


class Gen(nn.Module):
    def __init__(self, nz=100, ngf=64):
        super().__init__()
        self.main = nn.Sequential(nn.ConvTranspose2d(nz, ngf, 4, 1, 0), nn.BatchNorm2d(ngf), nn.ReLU(True), nn.ConvTranspose2d(ngf, 3, 4, 2, 1))

    def forward(self, input):
        return torch.tanh(F.dropout(self.main(input)))


def main(loader):
    model = LeNet(num_classes=10)
    tagger = Tagger(1000, tags=17).cuda()
    criterion = nn.CrossEntropyLoss()
    opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for data, target in loader:
        opt.zero_grad()
        loss = criterion(model(data), target)
        loss.backward()
        opt.step()
        F.cross_entropy(tagger(data), target).backward()
