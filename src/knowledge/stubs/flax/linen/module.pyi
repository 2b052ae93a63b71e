"""The base class of linen modules: a dataclass whose fields are its settings."""

from backprobe.primitives import call, called_by_framework, observe, parameter, set_fields, tensor, unknown
from backprobe.tensors import Plain
from jax import Array as Tensor


class Module:
    """Unverified: __init__, __call__: each subclass has its own.
    """
    name = None

    def __init__(self, *args, **kwargs):
        set_fields(self, args, kwargs)
        self.setup()
    @called_by_framework
    def setup(self) -> None: ...
    @called_by_framework
    def __call__(self, *args, **kwargs): ...

    # Running it on variables.
    def init(self, rngs, *args, method=None, mutable=..., capture_intermediates=False, **kwargs): return unknown()
    def init_with_output(self, rngs, *args, method=None, mutable=..., capture_intermediates=False, **kwargs):
        return call(self if method is None else method, args, kwargs), unknown()
    def apply(self, variables, *args, rngs=None, method=None, mutable=False, capture_intermediates=False, **kwargs):
        output = call(self if method is None else method, args, kwargs)
        return output if mutable == False else (output, unknown())
    def bind(self, variables, *args, rngs=None, mutable=False): return self

    # What a method uses.
    def param(self, name, init_fn, *init_args, unbox=True, **init_kwargs): return parameter()
    def variable(self, col, name, init_fn=None, *init_args, unbox=True, **init_kwargs): return unknown()
    def sow(self, col, name, value, reduce_fn=..., init_fn=...): observe(value)
    def make_rng(self, name='params') -> Plain: ...
    def is_initializing(self) -> bool: ...
    def has_variable(self, col, name) -> bool: ...
    def put_variable(self, col, name, value): observe(value)
    def get_variable(self, col, name, default=None): return unknown()
    def is_mutable_collection(self, col) -> bool: ...
