"""Containers."""


def OrderedDict(*args, **kwargs): return dict(*args, **kwargs)
def defaultdict(*args, **kwargs): return {}
def deque(iterable=(), maxlen=None): return list(iterable)
