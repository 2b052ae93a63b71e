"""Linear algebra.

Unverified: functions of the extension module, for which the wheel holds no signatures; taken from the documentation of version 2.11.
"""

from torch._tensor import Tensor, _shaped


def cholesky(input, *, upper=False, out=None): return _shaped(input)
def inv(A, *, out=None): return _shaped(A)
def norm(A, ord=None, dim=None, keepdim=False, *, out=None, dtype=None) -> Tensor: ...
def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None, out=None) -> Tensor: ...
def solve(A, B, *, left=True, out=None) -> Tensor: ...
def solve_triangular(A, B, *, upper, left=True, unitriangular=False, out=None) -> Tensor: ...
