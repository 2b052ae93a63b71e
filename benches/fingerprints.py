"""How much cheaper two fingerprints are than a copy and a comparison, the usual way to see whether parameters changed.

    $(tests/environment modern --with-backprobe) benches/fingerprints.py [MEGABYTES]

Prints the best of several runs; ratios hold on other machines, times do not.
"""

import sys
import time

import torch

from backprobe import _native

REPETITIONS = 7


def best(measured) -> float:
    """Seconds of the fastest run."""
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        measured()
        times.append(time.perf_counter() - start)
    return min(times)


def report(name: str, seconds: float, bytes_read: float) -> None:
    print(f"{name:44} {seconds * 1e3:9.2f} ms {bytes_read / seconds / 1e9:7.2f} GB/s")


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 256
    side = int((megabytes * 1e6 / 4) ** 0.5)
    weights = torch.randn(side, side)
    size = weights.numel() * 4

    def copied_and_compared():
        copy = weights.clone()
        assert torch.equal(copy, weights)

    def fingerprinted_twice():
        assert _native.fingerprint(weights) == _native.fingerprint(weights)

    copied, fingerprinted = best(copied_and_compared), best(fingerprinted_twice)
    report("sum (what reading costs)", best(weights.sum), size)
    report("copy and compare", copied, size)
    report("fingerprint before and after", fingerprinted, size)
    print(f"copy and compare takes {copied / fingerprinted:.1f} times as long, and {megabytes} MB more memory")

    report("fingerprint, transposed", best(lambda: _native.fingerprint(weights.t())), size)
    report("fingerprint, every other row", best(lambda: _native.fingerprint(weights[::2])), size / 2)
    report("any_nonzero, all zero", best(lambda: _native.any_nonzero(torch.zeros_like(weights))), size)
    for dtype in [torch.float32, torch.float64, torch.bfloat16, torch.float16, torch.int32, torch.float8_e5m2]:
        converted = weights.to(dtype)
        report(f"scan, {dtype}", best(lambda: _native.scan(converted)), converted.numel() * converted.element_size())

    tiny = torch.randn(16)
    report("fingerprint of 16 elements", best(lambda: [_native.fingerprint(tiny) for _ in range(1000)]) / 1000, 64)
    report("torch.equal of 16 elements", best(lambda: [torch.equal(tiny, tiny.clone()) for _ in range(1000)]) / 1000, 64)


if __name__ == "__main__":
    main()
