"""The base class of layers and models."""

from backprobe.primitives import (
    ambient, called_by_framework, collect, default, event, modules, observe, parameter, parameters, pop, push, unknown)
from backprobe.tensors import Plain
from tensorflow.python.framework.ops import Tensor


class InputSpec:
    def __init__(self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None, allow_last_axis_squeeze=False, name=None,
                 optional=False): ...


class Layer:
    """What owns weights and other layers as attributes, and is called on tensors.

    Unverified: add_variable, add_metric, add_update, get_input_at, get_output_at, input_shape, output_shape: of version 2.
    Unverified: call, __call__, compute_output_shape: any parameters.
    """
    built = False
    _trainable = True
    _given = {}

    def __init__(self, *, activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None, **kwargs):
        self.name = name
        self._trainable = trainable
        self._given = kwargs
    @called_by_framework
    def build(self, input_shape) -> None: ...
    @called_by_framework
    def call(self, *args, **kwargs): ...
    def __call__(self, *args, **kwargs):
        if not self.built:
            self.built = True
            self.build(unknown())
        told = unknown() if len(args) > 1 else kwargs.get("training")
        push("training", told if told is not None else self._mode(kwargs))
        output = self.call(*args, **kwargs)
        pop("training")
        return output
    def _mode(self, kwargs):
        """The mode in which it runs if it is not told: that of the layer around, or what its `call` says. None is that of evaluation, which
        inner layers are told where `call` has nothing else to tell them."""
        around = ambient("training")
        if around is not None or ambient("tape") is None:
            return around
        usual = default(self.call, "training")
        if usual == False:
            kwargs["training"] = None
            return None
        return usual
    def _ran(self, output, training, tape, graph=None):
        """The output of a layer with a mode, or of a model of such. It takes the mode of the layer around; outside of all, that of evaluation."""
        return output

    # Weights.
    def add_weight(self, *args, shape=None, initializer=None, dtype=None, trainable=True, autocast=True, regularizer=None, constraint=None,
                   aggregation='none', overwrite_with_gradient=False, name=None): return parameter(trainable)
    def add_variable(self, *args, **kwargs): return self.add_weight(*args, **kwargs)
    @property
    def trainable(self): return self._trainable
    @trainable.setter
    def trainable(self, value):
        self._trainable = value
        for held in parameters(self, Layer):
            held.trainable = value
        for module in modules(self, Layer):
            module._trainable = value
    @property
    def weights(self): return parameters(self, Layer)
    @property
    def variables(self): return parameters(self, Layer)
    @property
    def trainable_weights(self): return [held for held in parameters(self, Layer) if held.trainable]
    @property
    def trainable_variables(self): return [held for held in parameters(self, Layer) if held.trainable]
    @property
    def non_trainable_weights(self): return [held for held in parameters(self, Layer) if not held.trainable]
    @property
    def non_trainable_variables(self): return [held for held in parameters(self, Layer) if not held.trainable]
    def get_weights(self) -> Plain: ...
    def set_weights(self, weights): event("load", self, parameters=parameters(self, Layer))
    def count_params(self) -> int: ...

    # What comes beside the output.
    def add_loss(self, loss): collect("losses", loss)
    def add_metric(self, *args, **kwargs): observe(args)
    def add_update(self, updates): observe(updates)
    @property
    def losses(self): return unknown()

    # What it looks like.
    def get_config(self): return {"name": self.name}
    @classmethod
    def from_config(cls, config): return unknown(config)
    @called_by_framework
    def compute_output_shape(self, *args, **kwargs) -> Plain: ...
    @called_by_framework
    def compute_mask(self, inputs, previous_mask): ...
    @property
    def input(self): return unknown()
    @property
    def output(self): return unknown()
    @property
    def input_shape(self) -> Plain: ...
    @property
    def output_shape(self) -> Plain: ...
    def get_input_at(self, node_index): return unknown()
    def get_output_at(self, node_index): return unknown()
