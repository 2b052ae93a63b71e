"""Sequences of different lengths."""

from backprobe.primitives import features, tensor
from backprobe.tensors import Plain
from torch._tensor import Tensor


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True): return tensor(input, features=features(input))
def pack_sequence(sequences, enforce_sorted=True) -> Tensor: ...
def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side='right') -> Tensor: ...
def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0,
                        total_length=None): return tensor(sequence, features=features(sequence)), tensor()
