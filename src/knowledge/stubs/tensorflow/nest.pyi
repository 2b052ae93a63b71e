"""Nested structures."""

from backprobe.primitives import unknown


def flatten(structure, expand_composites=False):
    if isinstance(structure, dict):
        return list(structure.values())
    if isinstance(structure, (list, tuple)):
        return [item for part in structure for item in flatten(part)]
    return [structure]
def map_structure(func, *structure, **kwargs):
    first = structure[0]
    if isinstance(first, dict):
        return {key: func(*[part[key] for part in structure]) for key in first}
    if isinstance(first, (list, tuple)):
        return [func(*parts) for parts in zip(*structure)]
    return func(*structure)
def pack_sequence_as(structure, flat_sequence, expand_composites=False): return unknown(flat_sequence)
def assert_same_structure(nest1, nest2, check_types=True, expand_composites=False) -> None: ...
