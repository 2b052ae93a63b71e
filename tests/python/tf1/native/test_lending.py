"""What older TensorFlow and NumPy 1 lend, or what has to be done because they do not."""

import numpy
import pytest
import tensorflow as tf

from backprobe import _native

VALUES = [0.0, 1.0, 2.0, 3.0, 4.0]


def assert_holds_zero_to_four(tensor):
    scan = _native.scan(tensor)
    assert (scan.elements, scan.nonzero, scan.minimum, scan.maximum) == (5, 4, 0, 4)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "int8", "uint8", "bool"])
def test_arrays(dtype):
    assert _native.scan(numpy.array([0, 1], dtype)).nonzero == 1


def test_read_only_arrays_are_read():
    array = numpy.array(VALUES)
    array.flags.writeable = False
    assert_holds_zero_to_four(array)
    assert _native.fingerprint(array) == _native.fingerprint(numpy.array(VALUES))


def test_bf16_arrays_are_read():
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        assert_holds_zero_to_four(session.run(tf.cast(tf.constant(VALUES), tf.bfloat16)))


def test_what_a_session_returns_is_read():
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        variable = tf.compat.v1.get_variable("values", initializer=VALUES)
        session.run(tf.compat.v1.global_variables_initializer())
        array, scalar = session.run([variable, tf.reduce_sum(variable)])
        before = _native.fingerprint(array)
        session.run(variable.assign_add([0.0, 0.0, 0.0, 0.0, 1e-3]))
        after = _native.fingerprint(session.run(variable))
    assert_holds_zero_to_four(array)
    assert _native.scan(scalar).maximum == 10
    assert before != after


def test_eager_tensors_and_variables_are_read():
    assert_holds_zero_to_four(tf.constant(VALUES))
    assert_holds_zero_to_four(tf.Variable(VALUES))


def test_strings_and_symbolic_tensors_are_refused():
    with pytest.raises(BufferError):
        _native.scan(tf.constant(["some", "text"]))
    with tf.Graph().as_default(), pytest.raises(TypeError, match="cannot read the memory of"):
        _native.scan(tf.compat.v1.placeholder(tf.float32, [2]))
