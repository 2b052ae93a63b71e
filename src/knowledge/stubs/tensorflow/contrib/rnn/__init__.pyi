"""Cells of recurrent networks.

Unverified: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from tensorflow.nn import static_rnn
from tensorflow.nn.rnn_cell import BasicLSTMCell, BasicRNNCell, DropoutWrapper, GRUCell, LSTMCell, LSTMStateTuple, MultiRNNCell, RNNCell
