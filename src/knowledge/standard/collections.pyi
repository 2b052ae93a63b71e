"""Containers."""


def OrderedDict(*args, **kwargs):
    entries = dict(**kwargs)
    for given in args:
        for key, value in (given.items() if isinstance(given, dict) else given):
            entries[key] = value
    return entries
def defaultdict(*args, **kwargs): return {}
def deque(iterable=(), maxlen=None): return list(iterable)
