"""Recurrent layers and what wraps them."""

from backprobe.primitives import copied, features, layer, parameter, rank, tensor
from keras.engine.base_layer import Layer
from keras.layers.core import Wrapper
from tensorflow.python.framework.ops import Tensor, _numbers


class _Recurrent(Layer):
    """A layer over time: all outputs or the last one, and its states if asked for."""
    def _hold(self, units, states, return_sequences, return_state):
        self.units = units
        self.states = states
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.kernel = parameter(self._trainable)
        self.recurrent_kernel = parameter(self._trainable)
        self.bias = parameter(self._trainable)
    def _output(self, sequences, initial_state):
        held = [self.kernel, self.recurrent_kernel, self.bias]
        axes = 3 if self.return_sequences else 2
        output = layer(sequences, initial_state, parameters=held, features=self.units, axis=-1, rank=axes)
        if self.return_state:
            return [output] + [tensor(output, features=self.units, rank=2) for _ in _numbers(self.states)]
        return output


class LSTM(_Recurrent):
    def __init__(self, units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, kernel_initializer='glorot_uniform',
                 recurrent_initializer='orthogonal', bias_initializer='zeros', unit_forget_bias=True, kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, seed=None, return_sequences=False,
                 return_state=False, go_backwards=False, stateful=False, unroll=False, use_cudnn='auto', **kwargs):
        super().__init__(**kwargs)
        self._hold(units, 2, return_sequences, return_state)
    def call(self, sequences, initial_state=None, mask=None, training=False): return self._output(sequences, initial_state)


class GRU(_Recurrent):
    def __init__(self, units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, kernel_initializer='glorot_uniform',
                 recurrent_initializer='orthogonal', bias_initializer='zeros', kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None,
                 dropout=0.0, recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False, go_backwards=False,
                 stateful=False, unroll=False, reset_after=True, use_cudnn='auto', **kwargs):
        super().__init__(**kwargs)
        self._hold(units, 1, return_sequences, return_state)
    def call(self, sequences, initial_state=None, mask=None, training=False): return self._output(sequences, initial_state)


class SimpleRNN(_Recurrent):
    def __init__(self, units, activation='tanh', use_bias=True, kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal',
                 bias_initializer='zeros', kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 seed=None, **kwargs):
        super().__init__(**kwargs)
        self._hold(units, 1, return_sequences, return_state)
    def call(self, sequences, initial_state=None, mask=None, training=False): return self._output(sequences, initial_state)


class LSTMCell(Layer):
    def __init__(self, units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, kernel_initializer='glorot_uniform',
                 recurrent_initializer='orthogonal', bias_initializer='zeros', unit_forget_bias=True, kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None,
                 dropout=0.0, recurrent_dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel = parameter(self._trainable)
        self.recurrent_kernel = parameter(self._trainable)
        self.bias = parameter(self._trainable)
    def call(self, inputs, states, training=False):
        output = layer(inputs, states, parameters=[self.kernel, self.recurrent_kernel, self.bias], features=self.units, axis=-1, rank=2)
        return output, tensor(output)


class GRUCell(Layer):
    def __init__(self, units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, kernel_initializer='glorot_uniform',
                 recurrent_initializer='orthogonal', bias_initializer='zeros', kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, reset_after=True, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel = parameter(self._trainable)
        self.recurrent_kernel = parameter(self._trainable)
        self.bias = parameter(self._trainable)
    def call(self, inputs, states, training=False):
        output = layer(inputs, states, parameters=[self.kernel, self.recurrent_kernel, self.bias], features=self.units, axis=-1, rank=2)
        return output, tensor(output)


class SimpleRNNCell(Layer):
    def __init__(self, units, activation='tanh', use_bias=True, kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal',
                 bias_initializer='zeros', kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                 kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, seed=None,
                 **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel = parameter(self._trainable)
        self.recurrent_kernel = parameter(self._trainable)
        self.bias = parameter(self._trainable)
    def call(self, sequence, states, training=False):
        output = layer(sequence, states, parameters=[self.kernel, self.recurrent_kernel, self.bias], features=self.units, axis=-1, rank=2)
        return output, tensor(output)


class RNN(Layer):
    def __init__(self, cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 zero_output_for_mask=False, **kwargs):
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
    def call(self, sequences, initial_state=None, mask=None, training=False):
        output, states = self.cell(sequences, initial_state)
        output = tensor(output, features=features(output), rank=3 if self.return_sequences else 2)
        return [output, states] if self.return_state else output


class StackedRNNCells(Layer):
    def __init__(self, cells, **kwargs):
        super().__init__(**kwargs)
        self._modules = list(cells)
    def call(self, inputs, states, training=False, **kwargs):
        for cell in self._modules:
            inputs, states = cell(inputs, states)
        return inputs, states


class Bidirectional(Wrapper):
    def __init__(self, layer, merge_mode='concat', weights=None, backward_layer=None, **kwargs):
        super().__init__(layer, **kwargs)
        self.backward_layer = copied(layer, deep=True) if backward_layer is None else backward_layer
    def call(self, sequences, initial_state=None, mask=None, training=None):
        forward, backward = self.layer(sequences), self.backward_layer(sequences)
        return tensor(forward, backward, rank=rank(forward))


class TimeDistributed(Wrapper):
    def __init__(self, layer, **kwargs): super().__init__(layer, **kwargs)
    def call(self, inputs, training=None, mask=None):
        output = self.layer(inputs)
        return tensor(output, features=features(output), rank=rank(inputs))


class ConvLSTM1D(_Recurrent):
    def __init__(self, filters, kernel_size, strides=1, padding='valid', data_format=None, dilation_rate=1, activation='tanh',
                 recurrent_activation='sigmoid', use_bias=True, kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal',
                 bias_initializer='zeros', unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None,
                 dropout=0.0, recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False, go_backwards=False,
                 stateful=False, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 2, return_sequences, return_state)
    def call(self, sequences, initial_state=None, mask=None, training=False):
        output = self._output(sequences, initial_state)
        return tensor(output)


class ConvLSTM2D(_Recurrent):
    def __init__(self, filters, kernel_size, strides=1, padding='valid', data_format=None, dilation_rate=1, activation='tanh',
                 recurrent_activation='sigmoid', use_bias=True, kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal',
                 bias_initializer='zeros', unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None,
                 dropout=0.0, recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False, go_backwards=False,
                 stateful=False, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 2, return_sequences, return_state)
    def call(self, sequences, initial_state=None, mask=None, training=False):
        output = self._output(sequences, initial_state)
        return tensor(output)


class ConvLSTM3D(_Recurrent):
    def __init__(self, filters, kernel_size, strides=1, padding='valid', data_format=None, dilation_rate=1, activation='tanh',
                 recurrent_activation='sigmoid', use_bias=True, kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal',
                 bias_initializer='zeros', unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None,
                 dropout=0.0, recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False, go_backwards=False,
                 stateful=False, **kwargs):
        super().__init__(**kwargs)
        self._hold(filters, 2, return_sequences, return_state)
    def call(self, sequences, initial_state=None, mask=None, training=False):
        output = self._output(sequences, initial_state)
        return tensor(output)
