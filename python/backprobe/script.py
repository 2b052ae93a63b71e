"""Runs a flat script or notebook in a child process, and asks its training step there."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence

from backprobe.outcome import BackprobeFailure, Inconclusive

_LARGEST_COPY = 10_000_000
"""Bytes of a file; larger ones are data, which a test does not copy."""
_MOST_FILES = 1000
"""Entries of a folder; one of more holds data."""
_NOT_COPIED = {".git", ".hg", "__pycache__", "node_modules", ".venv", "venv", ".tox", ".mypy_cache", ".pytest_cache"}
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "WANDB_MODE": "offline",
    "MPLBACKEND": "Agg",
    "CUDA_VISIBLE_DEVICES": "",
}


_GRACE = 60
"""Seconds that an answer may take beyond the time in which the child process gives up by itself."""


class _Answers:
    """The lines that the child process writes, each within a time: a script may keep all threads of its process from running."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        assert process.stdout is not None
        self._process = process
        self._stream = process.stdout
        self._rest = b""
        self.seconds = seconds

    def next(self) -> Dict[str, Any]:
        """The next answer.

        Raises:
            EOFError: if the process ended, whoever still holds its output.
            TimeoutError: if there is none in time.
        """
        end = time.monotonic() + self.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._stream, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                has_ended = self._process.poll() is not None
                if selector.select(0 if has_ended else 0.5):
                    block = os.read(self._stream.fileno(), 1 << 16)
                    self._rest += block
                    has_ended = not block
                if has_ended and b"\n" not in self._rest:
                    raise EOFError
                if time.monotonic() > end:
                    raise TimeoutError
        line, _, self._rest = self._rest.partition(b"\n")
        return dict(json.loads(line))


class ScriptStep:
    """The training step of a script that has been stopped, or has ended. It offers the assertions of `backprobe.training_step`.

    Scopes are names. The child process ends with this object.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path, seconds: float) -> None:
        """Takes answers of the process, each of which may take so many seconds."""
        self._process = process
        self._answers = _Answers(process, seconds)
        self._reason: Optional[str] = None
        self._end = weakref.finalize(self, _end, process, folder)

    def __getattr__(self, name: str) -> Callable[..., None]:
        if not name.startswith("assert_"):
            raise AttributeError(name)

        def assertion(*arguments: Any, **keywords: Any) -> None:
            __tracebackhide__ = True
            if self._reason is not None:
                raise Inconclusive(name, self._reason)
            _raise(name, self._ask({"assertion": name, "arguments": arguments, "keywords": keywords}))

        return assertion

    def close(self) -> None:
        """Ends the child process and removes the copy it ran in; otherwise that is done when nobody holds this object."""
        self._end()

    def _wait(self) -> None:
        """Waits until the script has been stopped, or has ended."""
        answer = self._next("the script's process ended before a step could be seen")
        self._reason = answer["reason"] if "reason" in answer else answer["explanation"]

    def _add_reason(self, further: str) -> None:
        """Adds to the reason why nothing can be decided, if there is one."""
        if self._reason is not None:
            self._reason += f"; {further}"

    def _ask(self, question: Dict[str, Any]) -> Dict[str, Any]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
        except (OSError, ValueError):
            # It has ended, or been ended; what it said before may still be read.
            pass
        return self._next("the script's process ended")

    def _next(self, if_ended: str) -> Dict[str, Any]:
        """The next answer; what ends the process is one as well."""
        try:
            return self._answers.next()
        except TimeoutError:
            # A late answer would be taken for that of the next question.
            self.close()
            return {"outcome": "inconclusive", "explanation": f"the script's process did not answer within {self._answers.seconds:g} s"}
        except (EOFError, ValueError):
            return {"outcome": "inconclusive", "explanation": if_ended}


def run_script(path: str, args: Sequence[str] = (), steps: int = 3, timeout: float = 300) -> ScriptStep:
    """Runs a script or notebook as `__main__`, and stops it before the step behind `steps`.

    Followed are the optimizers of PyTorch, Keras 3 and optax (Flax, Haiku, plain JAX), tapes of TensorFlow 2 with Keras 2 or `tf.Module`,
    and train ops of TensorFlow 1; Keras on JAX is not stopped, but runs to its end. Models are named as variables of the script, parameters
    of JAX by their paths, those of several optimizers behind the variables that hold these, and variables of TensorFlow 1 by their scopes.

    The script runs in a child process, in a copy of its folder without large files and folders; downloads are refused. What cannot be
    decided, a crash or a missing file for example, makes every assertion on the step inconclusive. Of a notebook, magics and commands
    (``%matplotlib``, ``!pip``) and cells in another language (``%%bash``) are left out, ``%time`` but for its statement.

    Args:
        path: the script, ``*.py`` or ``*.ipynb``, relative to the working directory.
        args: its arguments.
        steps: how many steps every optimizer that steps takes.
        timeout: after so many seconds it is given up.

    Raises:
        FileNotFoundError: if there is no such file.
    """
    __tracebackhide__ = True
    script = Path(path).resolve()
    if not script.is_file():
        raise FileNotFoundError(f"no script {path}")
    folder = Path(tempfile.mkdtemp(prefix="backprobe-"))
    left_out = _copy(script.parent, folder)
    settings = [str(os.getpid()), str(folder), str(folder / script.name), str(steps), str(timeout)]
    command = [sys.executable, "-m", "backprobe.script_child", *settings, *args]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **_OFFLINE, "PYTHONPATH": os.pathsep.join(filter(None, [_own_path(), os.environ.get("PYTHONPATH")]))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )
    step = ScriptStep(process, folder, timeout + _GRACE)
    step._wait()
    if left_out:
        step._add_reason(f"not copied because of their size: {', '.join(left_out)}")
    return step


def _copy(source: Path, target: Path) -> List[str]:
    """Copies a folder without large files, and returns their names."""
    left_out: List[str] = []

    def ignored(folder: str, names: List[str]) -> List[str]:
        found = [name for name in names if name in _NOT_COPIED]
        for name in names:
            path = Path(folder, name)
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                found.append(name)
            elif name not in found and _is_large(path):
                found.append(name)
                left_out.append(name)
        return found

    shutil.copytree(source, target, ignore=ignored, dirs_exist_ok=True)
    return left_out


def _is_large(path: Path) -> bool:
    if path.is_file():
        return path.stat().st_size > _LARGEST_COPY
    return len(os.listdir(path)) > _MOST_FILES


def _own_path() -> str:
    return str(Path(__file__).resolve().parents[1])


def _raise(name: str, answer: Dict[str, Any]) -> None:
    __tracebackhide__ = True
    outcome, explanation = answer["outcome"], answer.get("explanation", "")
    if outcome == "proved":
        raise BackprobeFailure(name, explanation)
    if outcome == "inconclusive":
        raise Inconclusive(name, explanation)
    if outcome == "unknown scope":
        raise LookupError(explanation)
    if outcome != "passed":
        raise RuntimeError(f"{name}: {explanation}")


def _end(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Ends the process and what it started, and removes its folder."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # It has ended by itself.
        pass
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    shutil.rmtree(folder, ignore_errors=True)
