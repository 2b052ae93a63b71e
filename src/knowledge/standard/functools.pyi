"""Functions made of functions."""

from backprobe.primitives import partial as _partial


def partial(func, /, *args, **keywords):
    def applied(*more, **others): return func(*args, *more, **keywords, **others)
    return _partial(func, args, keywords, applied)


def reduce(function, sequence, initial=None, /):
    result = initial
    for item in sequence:
        result = item if result is None else function(result, item)
    return result


def wraps(wrapped, assigned=..., updated=...):
    def decorate(function): return function
    return decorate


def lru_cache(maxsize=128, typed=False):
    def decorate(function): return function
    return decorate
