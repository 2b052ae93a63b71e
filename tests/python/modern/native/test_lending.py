"""Every kind of tensor is read as what it holds, or refused with a reason."""

import ml_dtypes
import numpy
import pytest
import jax
import jax.numpy as jnp
import keras
import tensorflow as tf
import torch
from flax import nnx

from backprobe import _native

TORCH_TYPES = [
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz,
    torch.float8_e5m2fnuz, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.uint16, torch.uint32,
]
JAX_TYPES = [jnp.float32, jnp.float16, jnp.bfloat16, jnp.float8_e4m3fn, jnp.float8_e5m2, jnp.int32, jnp.int8, jnp.uint16]
TENSORFLOW_TYPES = [tf.float64, tf.float32, tf.float16, tf.bfloat16, tf.int64, tf.int32, tf.int16, tf.int8, tf.uint8]
ML_TYPES = [
    ml_dtypes.bfloat16, ml_dtypes.float8_e3m4, ml_dtypes.float8_e4m3, ml_dtypes.float8_e4m3b11fnuz, ml_dtypes.float8_e4m3fn,
    ml_dtypes.float8_e4m3fnuz, ml_dtypes.float8_e5m2, ml_dtypes.float8_e5m2fnuz,
]


def assert_holds_zero_to_four(tensor):
    scan = _native.scan(tensor)
    assert (scan.elements, scan.nonzero, scan.minimum, scan.maximum) == (5, 4, 0, 4)
    assert not scan.constant
    assert _native.any_nonzero(tensor)


@pytest.mark.parametrize("dtype", TORCH_TYPES, ids=str)
def test_torch_tensors(dtype):
    assert_holds_zero_to_four(torch.tensor([0, 1, 2, 3, 4]).to(dtype))


@pytest.mark.parametrize("dtype", JAX_TYPES, ids=lambda dtype: dtype.__name__)
def test_jax_arrays(dtype):
    assert_holds_zero_to_four(jnp.array([0, 1, 2, 3, 4], dtype))


@pytest.mark.parametrize("dtype", TENSORFLOW_TYPES, ids=lambda dtype: dtype.name)
def test_tensorflow_tensors(dtype):
    assert_holds_zero_to_four(tf.cast(tf.constant([0, 1, 2, 3, 4]), dtype))


@pytest.mark.parametrize("dtype", ML_TYPES, ids=lambda dtype: dtype.__name__)
def test_numpy_arrays_of_types_numpy_has_no_name_for(dtype):
    assert_holds_zero_to_four(numpy.arange(5).astype(dtype))


@pytest.mark.parametrize("wrap", [
    lambda values: torch.nn.Parameter(torch.tensor(values)),
    lambda values: torch.complex(torch.tensor(values), torch.tensor(values)).real,
    lambda values: torch.tensor(values)[None].expand(1, 5),
    lambda values: tf.Variable(values),
    lambda values: keras.Variable(values),
    lambda values: nnx.Param(jnp.array(values)),
    lambda values: numpy.array(values)[::-1],
], ids=["parameter", "real part", "expanded", "tensorflow variable", "keras variable", "nnx parameter", "reversed"])
def test_what_holds_a_tensor_is_read_through(wrap):
    assert_holds_zero_to_four(wrap([0.0, 1.0, 2.0, 3.0, 4.0]))


def test_booleans():
    for tensor in [torch.tensor([True, False]), tf.constant([True, False]), jnp.array([True, False]), numpy.array([True, False])]:
        assert _native.scan(tensor).nonzero == 1


def test_a_pending_conjugation_is_carried_out():
    tensor = torch.tensor([1 + 2j, 3 - 4j])
    assert _native.fingerprint(tensor.conj()) == _native.fingerprint(tensor.conj().resolve_conj())
    assert _native.fingerprint(tensor.conj()) != _native.fingerprint(tensor)
    assert _native.fingerprint(tensor.conj().imag) == _native.fingerprint(tensor.conj().imag.resolve_neg())


def test_read_only_arrays_are_read():
    array = numpy.arange(5.0)
    array.flags.writeable = False
    assert_holds_zero_to_four(array)


def test_a_numpy_scalar_is_an_array_without_axes():
    assert _native.scan(numpy.float32(3)).maximum == 3
    assert _native.fingerprint(numpy.float32(3)) == _native.fingerprint(torch.tensor(3.0))


def test_empty_tensors_hold_nothing():
    scan = _native.scan(torch.empty(0, 3))
    assert (scan.elements, scan.minimum, scan.maximum, scan.constant) == (0, None, None, True)
    assert not _native.any_nonzero(torch.empty(0, 3))


def test_nan_and_infinities_are_counted():
    scan = _native.scan(torch.tensor([0.0, float("nan"), float("inf"), -float("inf")]))
    assert (scan.nonzero, scan.nan, scan.infinite) == (3, 1, 2)
    assert (scan.minimum, scan.maximum) == (-float("inf"), float("inf"))


@pytest.mark.parametrize("make, reason", [
    (lambda: torch.eye(2).to_sparse(), "strided"),
    (lambda: torch.empty(2, device="meta"), "meta"),
    (lambda: tf.constant("text"), "type string holds no numbers"),
    (lambda: numpy.ones(2, ">f4"), "byte order"),
    (lambda: numpy.array(["text"]), "DLPack only supports"),
], ids=["sparse", "meta", "strings in tensorflow", "swapped bytes", "strings in numpy"])
def test_what_cannot_be_read_in_place_is_refused(make, reason):
    with pytest.raises(BufferError, match=reason):
        _native.fingerprint(make())


@pytest.mark.parametrize("make", [
    lambda: 3,
    lambda: None,
    lambda: [1.0],
    lambda: jax.random.key(0),
    lambda: tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([0])),
], ids=["number", "nothing", "list", "random key", "indexed slices"])
def test_what_has_no_memory_is_refused(make):
    with pytest.raises(TypeError, match="cannot read the memory of"):
        _native.scan(make())


def test_a_sharded_tensor_is_refused_and_its_local_part_read():
    import torch.distributed as dist
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Shard, distribute_tensor

    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    try:
        sharded = distribute_tensor(torch.arange(5.0), init_device_mesh("cpu", (1,)), [Shard(0)])
        with pytest.raises(BufferError, match="no memory of its own"):
            _native.fingerprint(sharded)
        assert_holds_zero_to_four(sharded.to_local())
    finally:
        dist.destroy_process_group()


def test_objects_that_claim_to_lend_are_not_trusted():
    class Liar:
        def __dlpack__(self, **_):
            return "no capsule"

    class Taken:
        def __dlpack__(self, **_):
            capsule = torch.arange(3.0).__dlpack__()
            torch.from_dlpack(_Holding(capsule))
            return capsule

    class _Holding:
        def __init__(self, capsule):
            self.capsule = capsule

        def __dlpack__(self, **_):
            return self.capsule

        def __dlpack_device__(self):
            return (1, 0)

    with pytest.raises(TypeError):
        _native.scan(Liar())
    with pytest.raises(BufferError, match="taken before"):
        _native.scan(Taken())
