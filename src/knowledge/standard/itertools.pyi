"""Iterators over what is given."""


def chain(*iterables): return [item for iterable in iterables for item in iterable]
