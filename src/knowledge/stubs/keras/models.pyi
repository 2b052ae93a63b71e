"""Models: functions of tensors with their layers, layers in a row, or subclasses.

Unverified: model_from_yaml: removed in version 3.
"""

from backprobe.primitives import (
    ambient, call, called_by_framework, cut, event, features, layer, observe, parameter_set, parameters, rank, reached, tensor, unknown)
from backprobe.tensors import Plain
from keras.engine.base_layer import Layer
from keras.layers.core import Input, InputLayer
from keras.optimizers import Optimizer
from tensorflow.python.framework.ops import Tensor


class Model(Layer):
    """Unverified: call: any parameters; those of functional models.
    Unverified: fit_generator, evaluate_generator, predict_generator, predict_classes, predict_proba, to_yaml: of version 2.
    """
    inputs = None
    outputs = None
    optimizer = Optimizer()
    stop_training = False
    _trained = unknown()

    def __init__(self, *args, **kwargs):
        super().__init__(name=kwargs.get("name"))
        self._make(args[0] if len(args) > 0 else kwargs.get("inputs", kwargs.get("input")),
                   args[1] if len(args) > 1 else kwargs.get("outputs", kwargs.get("output")))
    def _make(self, inputs, outputs):
        if outputs is not None:
            observe(outputs)
            self.inputs = inputs
            self.outputs = outputs
            self._modules = [reached(outputs)]
    def call(self, inputs, training=None, mask=None):
        if isinstance(self.outputs, (list, tuple)):
            return [self._apply(inputs, output) for output in self.outputs]
        return self._apply(inputs, self.outputs)
    def _apply(self, inputs, output):
        """What comes out where `output` came out while the model was built."""
        applied = layer(inputs, parameters=self._modules, features=features(output), rank=rank(output))
        return self._ran(applied, ambient("training"), ambient("tape"), output)
    @property
    def layers(self): return unknown()
    def get_layer(self, name=None, index=None): return unknown()
    def summary(self, line_length=None, positions=None, print_fn=None, expand_nested=False, show_trainable=False,
                layer_range=None) -> Plain: ...

    # Training.
    def compile(self, optimizer='rmsprop', loss=None, loss_weights=None, metrics=None, weighted_metrics=None, run_eagerly=False,
                steps_per_execution=1, jit_compile='auto', auto_scale_loss=True):
        if isinstance(optimizer, Optimizer):
            self.optimizer = optimizer
        self.loss = loss
        self._trained = parameter_set(self.trainable_weights)
        event("compile", self, parameters=self._trained)
        if isinstance(loss, Layer) or loss is None or self.outputs is None:
            return None
        if not isinstance(loss, (str, list, tuple, dict)) and not isinstance(self.outputs, (list, tuple)):
            observe(call(loss, [tensor(), self.outputs]))
        return None
    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose='auto', callbacks=None, validation_split=0.0, validation_data=None,
            shuffle=True, class_weight=None, sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,
            validation_batch_size=None, validation_freq=1):
        self._fitted(x, y)
        return unknown()
    def fit_generator(self, generator, *args, **kwargs):
        self._fitted(generator, unknown())
        return unknown()
    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        self._fitted(x, y)
        return unknown()
    def _fitted(self, data, targets):
        event("fit", self, data=tensor(data), targets=tensor(targets), inputs=self.inputs, parameters=self._trained)
    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False) -> Plain: ...
    def evaluate(self, x=None, y=None, batch_size=None, verbose='auto', sample_weight=None, steps=None, callbacks=None, return_dict=False,
                 **kwargs) -> Plain: ...
    def evaluate_generator(self, generator, *args, **kwargs) -> Plain: ...
    def predict(self, x, batch_size=None, verbose='auto', steps=None, callbacks=None): return self._predicted(x)
    def predict_on_batch(self, x): return self._predicted(x)
    def predict_generator(self, generator, *args, **kwargs): return self._predicted(generator)
    def _predicted(self, data):
        predicted = cut(tensor(), "numpy")
        event("predict", self, data=tensor(data), inputs=self.inputs, predicted=predicted, parameters=parameters(self, Layer))
        return predicted
    def predict_classes(self, x, batch_size=32, verbose=0) -> Plain: ...
    def predict_proba(self, x, batch_size=32, verbose=0) -> Plain: ...
    @called_by_framework
    def train_step(self, data): ...
    @called_by_framework
    def test_step(self, data): ...
    @called_by_framework
    def predict_step(self, data): ...
    def reset_metrics(self) -> None: ...
    @property
    def metrics(self): return []
    @property
    def metrics_names(self): return []

    # Files.
    def save(self, filepath, overwrite=True, zipped=None, **kwargs) -> None: ...
    def save_weights(self, filepath, overwrite=True, max_shard_size=None) -> None: ...
    def load_weights(self, filepath, skip_mismatch=False, **kwargs): event("load", self, parameters=parameters(self, Layer))
    def to_json(self, **kwargs) -> str: ...
    def to_yaml(self, **kwargs) -> str: ...


class Sequential(Model):
    """Each layer is applied to the output of the one before as soon as it is added."""
    def __init__(self, layers=None, trainable=True, name=None):
        super().__init__(name=name)
        self._modules = []
        for layer in layers if layers is not None else []:
            self.add(layer)
    def add(self, layer, rebuild=True):
        if isinstance(layer, Tensor):
            return self._begin(layer)
        if isinstance(layer, InputLayer):
            return self._begin(layer.output)
        self._modules.append(layer)
        if self.outputs is None:
            self._begin(_taken(layer._given))
        self.outputs = layer(self.outputs)
        observe(self.outputs)
        return None
    def _begin(self, taken):
        self.inputs = taken
        self.outputs = taken
    def pop(self, rebuild=True):
        self._modules.pop()
        self.outputs = tensor()
    def call(self, inputs, training=None, mask=None, **kwargs):
        for layer in self._modules:
            inputs = layer(inputs)
        return inputs
    @property
    def layers(self): return self._modules


def _taken(given):
    """What a first layer takes, as far as its constructor says."""
    if given.get("batch_input_shape") is not None:
        return Input(batch_shape=given["batch_input_shape"])
    if given.get("input_shape") is not None:
        return Input(given["input_shape"])
    if given.get("input_dim") is not None:
        return Input((given["input_dim"],))
    return tensor()


def clone_model(model, input_tensors=None, clone_function=None, call_function=None, recursive=False, **kwargs): return unknown(model)
def load_model(filepath, custom_objects=None, compile=True, safe_mode=True): return unknown()
def save_model(model, filepath, overwrite=True, zipped=None, **kwargs) -> None: ...
def model_from_json(json_string, custom_objects=None): return unknown()
def model_from_yaml(yaml_string, custom_objects=None): return unknown()
