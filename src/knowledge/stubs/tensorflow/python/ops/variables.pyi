"""The variables of the graph."""

from backprobe.primitives import graph_variables


def trainable_variables(scope=None): return graph_variables(scope)
def global_variables(scope=None): return graph_variables(scope, trainable=None)
def model_variables(scope=None): return graph_variables(scope, trainable=None)
def all_variables(): return graph_variables(trainable=None)
def local_variables(scope=None): return []
def moving_average_variables(scope=None): return graph_variables(scope)
