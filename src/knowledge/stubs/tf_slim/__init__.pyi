"""Layers with arg scopes, and loops that train them."""

from tf_slim import layers, learning, losses, ops, summaries, training
from tf_slim.layers import *
from tf_slim.layers import utils
from tf_slim.layers.optimizers import optimize_loss
from tf_slim.ops.arg_scope import add_arg_scope, arg_scope, current_arg_scope, has_arg_scope
from tf_slim.ops.variables import *
