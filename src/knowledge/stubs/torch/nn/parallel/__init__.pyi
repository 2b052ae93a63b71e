"""One module on several devices or processes: it answers as the module that it wraps."""

from torch._tensor import Tensor
from torch.nn.modules.module import Module as _Module


class DataParallel(_Module):
    def __init__(self, module, device_ids=None, output_device=None, dim=0): self.module = module
    def forward(self, *inputs, **kwargs): return self.module(*inputs, **kwargs)


class DistributedDataParallel(_Module):
    def __init__(self, module, device_ids=None, output_device=None, dim=0, broadcast_buffers=True, init_sync=True, process_group=None,
                 bucket_cap_mb=None, find_unused_parameters=False, check_reduction=False, gradient_as_bucket_view=False, static_graph=False,
                 delay_all_reduce_named_params=None, param_to_hook_all_reduce=None, mixed_precision=None, device_mesh=None,
                 skip_all_reduce_unused_params=False, bucket_cap_mb_list=None): self.module = module
    def forward(self, *inputs, **kwargs): return self.module(*inputs, **kwargs)
