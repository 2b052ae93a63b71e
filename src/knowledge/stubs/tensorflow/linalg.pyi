"""Linear algebra: the same functions as at the top."""

from backprobe.primitives import tensor
from tensorflow import cholesky, global_norm, matmul, matrix_transpose, norm, tensordot, trace
from tensorflow import matrix_band_part as band_part
from tensorflow import matrix_diag as diag
from tensorflow import matrix_diag_part as diag_part
from tensorflow import matrix_inverse as inv
from tensorflow import matrix_triangular_solve as triangular_solve
from tensorflow.python.framework.ops import Tensor


def matvec(a, b, transpose_a=False, adjoint_a=False, a_is_sparse=False, b_is_sparse=False, name=None): return tensor(a, b)
