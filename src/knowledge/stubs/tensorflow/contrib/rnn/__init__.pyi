"""Cells of recurrent networks."""

from tensorflow.nn import static_rnn
from tensorflow.nn.rnn_cell import BasicLSTMCell, BasicRNNCell, DropoutWrapper, GRUCell, LSTMCell, LSTMStateTuple, MultiRNNCell, RNNCell
