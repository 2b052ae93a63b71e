"""Cells of recurrent networks."""

from backprobe.primitives import features, layer, like, pop_scope, push_scope, rank, tensor, variable
from backprobe.tensors import Plain
from tensorflow.python.framework.ops import Tensor


class RNNCell:
    default = "rnn_cell"
    def _hold(self, size, name, reuse):
        self.size = size
        self.name = name
        self.reuse = reuse
    def __call__(self, inputs, state, scope=None):
        push_scope(scope if scope is not None else self.name, default=self.default, reuse=self.reuse)
        held = [variable("kernel"), variable("bias")]
        output = layer(inputs, state, parameters=held, features=self.size, rank=rank(inputs))
        pop_scope()
        return output, tensor(output)
    @property
    def state_size(self) -> Plain: ...
    @property
    def output_size(self): return self.size
    def zero_state(self, batch_size, dtype): return tensor()


class BasicRNNCell(RNNCell):
    default = "basic_rnn_cell"
    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None, **kwargs): self._hold(num_units, name, reuse)


class GRUCell(RNNCell):
    default = "gru_cell"
    def __init__(self, num_units, activation=None, reuse=None, kernel_initializer=None, bias_initializer=None, name=None, dtype=None,
                 **kwargs): self._hold(num_units, name, reuse)


class BasicLSTMCell(RNNCell):
    default = "basic_lstm_cell"
    def __init__(self, num_units, forget_bias=1.0, state_is_tuple=True, activation=None, reuse=None, name=None, dtype=None,
                 **kwargs): self._hold(num_units, name, reuse)


class LSTMCell(RNNCell):
    default = "lstm_cell"
    def __init__(self, num_units, use_peepholes=False, cell_clip=None, initializer=None, num_proj=None, proj_clip=None,
                 num_unit_shards=None, num_proj_shards=None, forget_bias=1.0, state_is_tuple=True, activation=None, reuse=None, name=None,
                 dtype=None, **kwargs): self._hold(num_units if num_proj is None else num_proj, name, reuse)


class MultiRNNCell(RNNCell):
    def __init__(self, cells, state_is_tuple=True): self._cells = cells
    def __call__(self, inputs, state, scope=None):
        push_scope(scope, default="multi_rnn_cell")
        output = inputs
        states = []
        for index, cell in enumerate(self._cells):
            push_scope("cell_" + str(index))
            output, new = cell(output, state)
            states.append(new)
            pop_scope()
        pop_scope()
        return output, states


class DropoutWrapper(RNNCell):
    def __init__(self, cell, input_keep_prob=1.0, output_keep_prob=1.0, state_keep_prob=1.0, variational_recurrent=False, input_size=None,
                 dtype=None, seed=None, dropout_state_filter_visitor=None, **kwargs): self.cell = cell
    def __call__(self, inputs, state, scope=None): return self.cell(inputs, state, scope)


class LSTMStateTuple:
    def __init__(self, c, h):
        self.c = c
        self.h = h
