"""Tensors, the graph and its collections."""

from backprobe.primitives import (
    ambient, asks_shape, collect, collection, cut, event, features, graph_variables, like, observe, pop, push, rank, tensor)
from backprobe.tensors import Plain


class Tensor:
    """What a tensor can do, and a variable.

    Unverified: initializer, initialized_value, read_value, value, assign, assign_add, assign_sub, load: methods of variables.
    """
    @property
    @asks_shape
    def shape(self) -> Plain: ...
    @property
    @asks_shape
    def dtype(self) -> Plain: ...
    @property
    @asks_shape
    def device(self) -> Plain: ...
    @property
    @asks_shape
    def name(self) -> Plain: ...
    @property
    @asks_shape
    def graph(self) -> Plain: ...
    @property
    def op(self): return self
    @asks_shape
    def get_shape(self) -> Plain: ...
    @asks_shape
    def set_shape(self, shape) -> None: ...
    def consumers(self) -> Plain: ...
    def eval(self, feed_dict=None, session=None): return cut(tensor(self), "numpy")

    # Variables.
    @property
    def initializer(self) -> Plain: ...
    def initialized_value(self): return like(self)
    def read_value(self): return like(self)
    def value(self): return like(self)
    def assign(self, value, use_locking=False, name=None, read_value=True) -> Plain: ...
    def assign_add(self, delta, use_locking=False, name=None, read_value=True) -> Plain: ...
    def assign_sub(self, delta, use_locking=False, name=None, read_value=True) -> Plain: ...
    def load(self, value, session=None) -> None: ...


class Operation:
    """What a session can run."""
    def run(self, feed_dict=None, session=None): event("run", self, fetches=self)


class GraphKeys:
    GLOBAL_VARIABLES = "variables"
    VARIABLES = "variables"
    LOCAL_VARIABLES = "local_variables"
    MODEL_VARIABLES = "model_variables"
    TRAINABLE_VARIABLES = "trainable_variables"
    MOVING_AVERAGE_VARIABLES = "moving_average_variables"
    REGULARIZATION_LOSSES = "regularization_losses"
    LOSSES = "losses"
    UPDATE_OPS = "update_ops"
    SUMMARIES = "summaries"
    ACTIVATIONS = "activations"
    WEIGHTS = "weights"
    BIASES = "biases"
    GLOBAL_STEP = "global_step"
    INIT_OP = "init_op"
    TRAIN_OP = "train_op"


def add_to_collection(name, value): collect(name, value)
def add_to_collections(names, value):
    for name in names if isinstance(names, (list, tuple)) else [names]:
        collect(name, value)
def get_collection(key, scope=None):
    if key == "trainable_variables":
        return graph_variables(scope)
    if key == "variables" or key == "model_variables":
        return graph_variables(scope, trainable=None)
    return collection(key)
def get_collection_ref(key): return get_collection(key)


class Graph:
    def __init__(self): ...
    def as_default(self): return _DefaultGraph(self)
    def device(self, device_name_or_function): return _Nothing()
    def finalize(self) -> None: ...
    def get_collection(self, name, scope=None): return get_collection(name, scope)
    def add_to_collection(self, name, value): collect(name, value)
    def control_dependencies(self, control_inputs): return control_dependencies(control_inputs)
    def as_graph_def(self, from_version=None, add_shapes=False) -> Plain: ...
    def get_tensor_by_name(self, name): return tensor()


class _DefaultGraph:
    def __init__(self, graph): self.graph = graph
    def __enter__(self):
        push("graph", self.graph)
        return self.graph
    def __exit__(self, *exception): pop("graph")


class _Nothing:
    """A context manager that changes nothing which matters to training."""
    def __enter__(self): ...
    def __exit__(self, *exception): ...


def get_default_graph() -> Graph: ...
def reset_default_graph(): event("reset", None)
def device(device_name_or_function): return _Nothing()
def colocate_with(op, ignore_existing=False): return _Nothing()


class _ControlDependencies:
    def __init__(self, operations): self.operations = operations
    def __enter__(self):
        observe(self.operations)
        push("control_dependencies", self.operations)
    def __exit__(self, *exception): pop("control_dependencies")


def control_dependencies(control_inputs): return _ControlDependencies(control_inputs)


def _shaped(input, *others):
    """A function of each element: the scale is lost, features and rank stay."""
    return tensor(input, *others, features=features(input), rank=rank(input))


def _made(size, *inputs):
    """A tensor of this size, as far as it is known."""
    if isinstance(size, (list, tuple)) and len(size) > 0:
        last = size[-1]
        return tensor(*inputs, features=last if isinstance(last, int) and last > 0 else None, rank=len(size))
    return tensor(*inputs)


def _reduced(input, axis, keep):
    """`input` _reduced along `axis`, or along all axes."""
    if axis is None:
        return tensor(input, rank=0)
    if keep:
        return tensor(input, rank=rank(input))
    return tensor(input)


def _numbers(count):
    """0 to `count`, where `range` means something else."""
    return range(count)
