"""Running other programs, with their output on standard error, so that standard output holds results only."""

import fcntl
import os
import shlex
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Mapping, Optional, Sequence

from runner.places import ROOT


class Failed(Exception):
    """A step that everything after it needs did not work."""


def announce(message: str) -> None:
    """Says on standard error what happens now."""
    print(f"== {message}", file=sys.stderr, flush=True)


def run(command: Sequence[object], *, env: Optional[Mapping[str, str]] = None, folder: Path = ROOT) -> int:
    """Runs `command`, in the root of the checkout unless it says another folder, and returns its exit code."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, cwd=folder, env=env, stdout=sys.stderr, check=False).returncode
    except OSError as error:
        raise Failed(f"cannot run {words[0]}: {error}") from error


def must(command: Sequence[object], *, env: Optional[Mapping[str, str]] = None, folder: Path = ROOT) -> None:
    """Runs `command` as `run` does and raises if it fails."""
    code = run(command, env=env, folder=folder)
    if code != 0:
        raise Failed(f"exit code {code} from {shlex.join(str(word) for word in command)}")


def output_of(command: Sequence[object], *, env: Optional[Mapping[str, str]] = None) -> tuple[int, str]:
    """Runs `command`, shows its standard output while it comes, and returns exit code and standard output."""
    words = [str(word) for word in command]
    lines = []
    try:
        with subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, errors="replace") as process:
            for line in process.stdout:
                sys.stderr.write(line)
                lines.append(line)
    except OSError as error:
        raise Failed(f"cannot run {words[0]}: {error}") from error
    return process.returncode, "".join(lines)


def environment(**changes: Optional[str]) -> dict[str, str]:
    """The variables of this process with `changes`; None removes one."""
    result = {name: value for name, value in os.environ.items() if name not in changes}
    result.update({name: value for name, value in changes.items() if value is not None})
    return result


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock file `path`, so that two runs do not build the same thing at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
