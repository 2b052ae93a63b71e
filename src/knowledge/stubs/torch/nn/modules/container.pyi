"""Modules that hold modules."""

from backprobe.primitives import parameters
from torch._tensor import Tensor
from torch.nn.modules.module import Module


class _Items(Module):
    """Modules in order, registered under their numbers."""
    def _hold(self, items):
        self._items = []
        self._extend(items)
    def _append(self, item):
        setattr(self, str(len(self._items)), item)
        self._items.append(item)
        return self
    def _extend(self, items):
        for item in items:
            self._append(item)
        return self
    def _replace(self, idx, item):
        setattr(self, str(idx), item)
        self._items[idx] = item
    def __iter__(self): return iter(self._items)
    def __len__(self): return len(self._items)
    def __getitem__(self, idx): return self._items[idx]


class Sequential(_Items):
    def __init__(self, *args):
        self._items = []
        if len(args) == 1 and isinstance(args[0], dict):
            for name, module in args[0].items():
                setattr(self, name, module)
                self._items.append(module)
        else:
            self._hold(args)
    def append(self, module): return self._append(module)
    def extend(self, sequential): return self._extend(sequential)
    def insert(self, index, module): return self._append(module)
    def __setitem__(self, idx, module): self._replace(idx, module)
    def forward(self, input):
        for module in self._items:
            input = module(input)
        return input


class ModuleList(_Items):
    def __init__(self, modules=None): self._hold(modules if modules is not None else [])
    def append(self, module): return self._append(module)
    def extend(self, modules): return self._extend(modules)
    def insert(self, index, module): self._append(module)
    def __setitem__(self, idx, module): self._replace(idx, module)


class ParameterList(_Items):
    def __init__(self, values=None): self._hold(values if values is not None else [])
    def append(self, value): return self._append(value)
    def extend(self, values): return self._extend(values)
    def __setitem__(self, idx, param): self._replace(idx, param)


class ModuleDict(Module):
    def __init__(self, modules=None):
        self._items = {}
        self.update(modules if modules is not None else {})
    def update(self, modules):
        for name, module in (modules.items() if isinstance(modules, dict) else modules):
            self._set(name, module)
    def __getitem__(self, key): return self._items[key]
    def _set(self, key, module):
        setattr(self, key, module)
        self._items[key] = module
    def __setitem__(self, key, module): self._set(key, module)
    def __iter__(self): return iter(self._items)
    def __len__(self): return len(self._items)
    def __contains__(self, key): return key in self._items
    def keys(self): return self._items.keys()
    def values(self): return self._items.values()
    def items(self): return self._items.items()


class ParameterDict(ModuleDict):
    def __init__(self, parameters=None):
        self._items = {}
        self.update(parameters if parameters is not None else {})
