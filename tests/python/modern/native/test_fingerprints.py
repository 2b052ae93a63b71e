"""Fingerprints follow content, and nothing else."""

import os
import threading
import weakref

import pytest
import torch

from backprobe import _native

VIEWS = {
    "transposed": lambda tensor: tensor.t(),
    "rows": lambda tensor: tensor[::3],
    "columns": lambda tensor: tensor[:, 5::7],
    "a block": lambda tensor: tensor[10:200, 20:300],
    "expanded": lambda tensor: tensor[0].expand(7, -1),
    "channels last": lambda tensor: tensor.reshape(1, 10, 60, 500).to(memory_format=torch.channels_last),
    "permuted": lambda tensor: tensor.reshape(6, 100, 500).permute(2, 0, 1),
    "no axes": lambda tensor: tensor[3, 4],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
@pytest.mark.parametrize("dtype", [torch.uint8, torch.bfloat16, torch.float32, torch.float64, torch.complex128], ids=str)
def test_strides_do_not_matter(view, dtype):
    tensor = view(torch.randn(600, 500, generator=torch.Generator().manual_seed(0)).mul(10).abs().to(dtype))
    assert _native.fingerprint(tensor) == _native.fingerprint(tensor.contiguous(memory_format=torch.contiguous_format))


def test_a_change_in_place_of_one_element_is_seen():
    tensor = torch.zeros(3000, 1000)
    before = _native.fingerprint(tensor)
    tensor[2999, 999] += 1e-30
    after = _native.fingerprint(tensor)
    assert len(before) == len(after) == 16
    assert isinstance(before, bytes)
    assert before != after
    tensor[2999, 999] = 0
    assert _native.fingerprint(tensor) == before


def test_shape_and_type_matter():
    zeros = torch.zeros(12)
    prints = {_native.fingerprint(tensor) for tensor in [zeros, zeros.reshape(3, 4), zeros.reshape(4, 3), zeros.to(torch.int32)]}
    assert len(prints) == 4


def test_other_threads_run_meanwhile():
    tensor = torch.zeros(8, 1 << 20)
    ended = threading.Event()
    ticks = []

    def tick():
        while not ended.is_set():
            ticks.append(_native.fingerprint(tensor[:1, :8]))

    thread = threading.Thread(target=tick)
    thread.start()
    expected = _native.fingerprint(tensor)
    while not ticks:
        assert _native.fingerprint(tensor) == expected
    ended.set()
    thread.join()
    assert len(set(ticks)) == 1


def test_the_tensor_is_given_back():
    tensor = torch.zeros(4)
    storage = weakref.ref(tensor)
    _native.scan(tensor)
    _native.fingerprint(tensor)
    del tensor
    assert storage() is None


def test_a_forked_child_can_ask_too():
    tensor = torch.arange(4_000_000.0)
    expected = _native.fingerprint(tensor)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, _native.fingerprint(tensor))
        finally:
            os._exit(0)
    os.close(writer)
    assert os.read(reader, 64) == expected
    os.close(reader)
    os.waitpid(child, 0)
