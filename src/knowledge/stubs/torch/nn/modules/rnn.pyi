"""Recurrent layers return their outputs and their last state."""

from backprobe.primitives import layer, parameters, rank, tensor
from torch._tensor import Tensor
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class RNNBase(Module):
    def __init__(self, mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False,
                 proj_size=0, device=None, dtype=None):
        self.hidden_size = hidden_size
        self.states = proj_size if proj_size else hidden_size
        self.outputs = self.states * (2 if bidirectional else 1)
        self.weight = Parameter()
        self.bias = Parameter() if bias else None
    def flatten_parameters(self) -> None: ...


class _Recurrent(RNNBase):
    def forward(self, input, hx=None):
        output = layer(input, hx, parameters=parameters(self), features=self.outputs, axis=-1, rank=rank(input) or 3)
        return output, tensor(output, features=self.states)


class RNN(_Recurrent):
    def __init__(self, input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, device=None, dtype=None):
        super().__init__('RNN', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)


class GRU(_Recurrent):
    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False,
                 device=None, dtype=None):
        super().__init__('GRU', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)


class LSTM(RNNBase):
    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False,
                 proj_size=0, device=None, dtype=None):
        super().__init__('LSTM', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size)
    def forward(self, input, hx=None):
        output = layer(input, hx, parameters=parameters(self), features=self.outputs, axis=-1, rank=rank(input) or 3)
        return output, (tensor(output, features=self.states), tensor(output, features=self.hidden_size))


class RNNCellBase(Module):
    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        self.hidden_size = hidden_size
        self.weight = Parameter()
        self.bias = Parameter() if bias else None


class _Cell(RNNCellBase):
    def forward(self, input, hx=None):
        return layer(input, hx, parameters=parameters(self), features=self.hidden_size, rank=rank(input))


class RNNCell(_Cell):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity='tanh', device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 1)


class GRUCell(_Cell):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 3)


class LSTMCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 4)
    def forward(self, input, hx=None):
        output = layer(input, hx, parameters=parameters(self), features=self.hidden_size, rank=rank(input))
        return output, tensor(output, features=self.hidden_size)
