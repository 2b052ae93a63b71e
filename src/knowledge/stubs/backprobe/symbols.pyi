"""How values of unknown content behave: parameters of functions nobody calls, results of unknown callees.

`opt.step()` after `loss.backward()` is a fact whatever `opt` and `loss` are.
"""

from backprobe.primitives import event, parameters
from backprobe.tensors import Plain


class Symbol:
    def to(self, *args, **kwargs): return self
    def cuda(self, *args, **kwargs): return self
    def cpu(self): return self
    @property
    def shape(self) -> Plain: ...
    @property
    def dtype(self) -> Plain: ...
    @property
    def device(self) -> Plain: ...
    def size(self, *dim) -> Plain: ...
    def dim(self) -> int: ...
    def numel(self) -> int: ...
    def float(self): return self
    def double(self): return self
    def half(self): return self
    def train(self, mode=True):
        event("mode", self, training=mode)
        self.training = mode
        return self
    def eval(self):
        return self.train(False)
    def parameters(self, recurse=True): return parameters(self)
    def trainable_variables(self): return parameters(self)
    def zero_grad(self, set_to_none=True): event("zero_grad", self)
    def backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None): event("backward", self)
    def step(self, closure=None): event("step", self)
