"""Mixed precision on one kind of device."""

from torch import amp as _amp


class autocast(_amp.autocast):
    def __init__(self, enabled=True, dtype=..., cache_enabled=True): self.enabled = enabled


class GradScaler(_amp.GradScaler):
    def __init__(self, init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000,
                 enabled=True): self.enabled = enabled
