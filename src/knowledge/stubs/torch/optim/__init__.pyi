"""Optimizers hold the parameters that they are built on."""

from backprobe.primitives import event, parameter_set
from backprobe.tensors import Plain
from torch.optim import lr_scheduler


class Optimizer:
    def __init__(self, params, defaults):
        self._held = parameter_set(params)
        self.defaults = defaults
        self.param_groups = [{"params": self._held, "lr": defaults["lr"]}]
        event("optimizer", self, parameters=self._held)
    def step(self, closure=None):
        if closure is not None:
            closure()
        event("step", self, parameters=self._held)
    def zero_grad(self, set_to_none=True): event("zero_grad", self, parameters=self._held)
    def add_param_group(self, param_group):
        self._held = parameter_set(self._held, param_group)
        event("optimizer", self, parameters=self._held)
    def state_dict(self) -> Plain: ...
    def load_state_dict(self, state_dict) -> None: ...


class ASGD(Optimizer):
    def __init__(self, params, lr=0.01, lambd=0.0001, alpha=0.75, t0=1000000.0, weight_decay=0, foreach=None, maximize=False,
                 differentiable=False, capturable=False): super().__init__(params, {"lr": lr})


class Adadelta(Optimizer):
    def __init__(self, params, lr=1.0, rho=0.9, eps=1e-06, weight_decay=0, foreach=None, *, capturable=False, maximize=False,
                 differentiable=False): super().__init__(params, {"lr": lr})


class Adafactor(Optimizer):
    def __init__(self, params, lr=0.01, beta2_decay=-0.8, eps=(None, 0.001), d=1.0, weight_decay=0.0, *, foreach=None,
                 maximize=False): super().__init__(params, {"lr": lr})


class Adagrad(Optimizer):
    def __init__(self, params, lr=0.01, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10, foreach=None, *, maximize=False,
                 differentiable=False, fused=None): super().__init__(params, {"lr": lr})


class Adam(Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, amsgrad=False, *, foreach=None, maximize=False,
                 capturable=False, differentiable=False, fused=None, decoupled_weight_decay=False): super().__init__(params, {"lr": lr})


class AdamW(Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01, amsgrad=False, *, maximize=False, foreach=None,
                 capturable=False, differentiable=False, fused=None): super().__init__(params, {"lr": lr})


class Adamax(Optimizer):
    def __init__(self, params, lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, foreach=None, *, maximize=False,
                 differentiable=False, capturable=False): super().__init__(params, {"lr": lr})


class LBFGS(Optimizer):
    def __init__(self, params, lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-07, tolerance_change=1e-09, history_size=100,
                 line_search_fn=None): super().__init__(params, {"lr": lr})


class Muon(Optimizer):
    def __init__(self, params, lr=0.001, weight_decay=0.1, momentum=0.95, nesterov=True, ns_coefficients=(3.4445, -4.775, 2.0315),
                 eps=1e-07, ns_steps=5, adjust_lr_fn=None): super().__init__(params, {"lr": lr})


class NAdam(Optimizer):
    def __init__(self, params, lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, momentum_decay=0.004, decoupled_weight_decay=False,
                 *, foreach=None, maximize=False, capturable=False, differentiable=False): super().__init__(params, {"lr": lr})


class RAdam(Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, decoupled_weight_decay=False, *, foreach=None,
                 maximize=False, capturable=False, differentiable=False): super().__init__(params, {"lr": lr})


class RMSprop(Optimizer):
    def __init__(self, params, lr=0.01, alpha=0.99, eps=1e-08, weight_decay=0, momentum=0, centered=False, capturable=False, foreach=None,
                 maximize=False, differentiable=False): super().__init__(params, {"lr": lr})


class Rprop(Optimizer):
    def __init__(self, params, lr=0.01, etas=(0.5, 1.2), step_sizes=(1e-06, 50), *, capturable=False, foreach=None, maximize=False,
                 differentiable=False): super().__init__(params, {"lr": lr})


class SGD(Optimizer):
    def __init__(self, params, lr=0.001, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False, foreach=None,
                 differentiable=False, fused=None): super().__init__(params, {"lr": lr})


class SparseAdam(Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, maximize=False): super().__init__(params, {"lr": lr})
