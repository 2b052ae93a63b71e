"""Mixed precision: the scaler steps the optimizer."""

from backprobe.primitives import event, like
from backprobe.tensors import Plain
from torch._tensor import Tensor


class autocast:
    def __init__(self, device_type, dtype=None, enabled=True, cache_enabled=None): self.enabled = enabled
    def __enter__(self): return self
    def __exit__(self, exc_type, exc_val, exc_tb): ...
    def __call__(self, func): return func


class GradScaler:
    def __init__(self, device='cuda', init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000,
                 enabled=True): self.enabled = enabled
    def scale(self, outputs): return like(outputs, scale="loss")
    def unscale_(self, optimizer): event("unscale", optimizer)
    def step(self, optimizer, *args, **kwargs): return optimizer.step(*args, **kwargs)
    def update(self, new_scale=None) -> None: ...
    def get_scale(self) -> float: ...
    def is_enabled(self) -> bool: ...
    def state_dict(self) -> Plain: ...
    def load_state_dict(self, state_dict) -> None: ...
