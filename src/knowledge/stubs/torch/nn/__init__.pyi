"""Layers, losses and containers."""

from torch.nn.modules import *
from torch.nn.parallel import DataParallel
from torch.nn.parameter import Parameter, UninitializedParameter
from torch.nn import functional, init, modules, parallel, utils
