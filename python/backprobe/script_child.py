"""The child process of `backprobe.run_script`: runs the script as `__main__` under observation, then answers questions about its step.

Answers go to what was standard output when the process began; the script's own output goes to standard error.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import json
import os
import shutil
import signal
import sys
import threading
import time
import traceback
import types
from pathlib import Path
from typing import Any, Callable, Dict, List, NoReturn, Optional, Sequence

from backprobe import frameworks, notebook
from backprobe.observed import ObservedStep
from backprobe.outcome import BackprobeFailure, Inconclusive

_TRAINERS = {"keras": ["keras"], "torch": ["torch"], "optax": ["jax"], "tensorflow": ["tensorflow2", "tensorflow1"]}
"""The packages that train, and the frameworks that are watched as soon as one is imported."""
_KERAS_2 = ("tf_keras", "keras")
"""What TensorFlow imports when it is first used; the latter may be another."""
_MOST = 10
"""An optimizer that steps so many times as often as another that has not finished ends the run as well."""
_PATIENCE = 20
"""Seconds of training before that: a script that ends by itself can be judged as a whole."""
_UNIMPORTED = "the script imported none of PyTorch, Keras, optax and TensorFlow"
_UNTRAINED = (
    "the script ended, and no optimizer was seen to step: followed are those of PyTorch, Keras 3 and optax, "
    "what trains modules by a tape of TensorFlow, and its sessions"
)


class Run:
    """One run of a script."""

    def __init__(self, steps: int, answers: Any) -> None:
        self._steps = steps
        self._answers = answers
        self._watching: Dict[str, ObservedStep] = {}
        self._finishing = threading.Lock()
        self._timer: Optional[threading.Timer] = None
        self._began: Optional[float] = None

    def start_timer(self, seconds: float) -> None:
        """Gives up after so many seconds, unless the run is finished before."""
        self._timer = threading.Timer(seconds, self._give_up, [seconds])
        self._timer.daemon = True
        self._timer.start()

    def watch(self, name: str) -> None:
        """Starts watching a framework that has just been imported."""
        entry = frameworks.entry(name)
        step = None if entry is None else entry.script_step()
        if step is not None:
            step.__enter__()
            step.call_before_updates(functools.partial(self._before_update, step))
            self._watching[name] = step

    def look_again(self, name: str) -> None:
        """More of a framework has been imported, which may be watched already."""
        if name in self._watching:
            self._watching[name].look_again()

    def finish(self, reason: Optional[str], judged: Optional[ObservedStep] = None) -> NoReturn:
        """Says that questions may come, answers them for a step, and ends the process, whatever the script wants."""
        if not self._finishing.acquire(blocking=False):
            # Another thread is at it: compiled code takes its steps beside the script.
            threading.Event().wait()
        step = self._trained() if judged is None else judged
        if reason is None and step is None:
            reason = _UNTRAINED if self._watching else _UNIMPORTED
        if step is not None:
            try:
                step.__exit__(None, None, None)
            except Exception as error:  # noqa: BLE001 - it would end the script, which could not finish any more
                reason = reason or f"the step could not be observed: {error!r}"
        if self._timer is not None:
            self._timer.cancel()
        self._say({"reason": reason})
        for question in sys.__stdin__ or ():
            self._say(_answer(step, json.loads(question)))
        os._exit(0)

    def _trained(self) -> Optional[ObservedStep]:
        """The step that saw training; a Keras layer may be a torch module as well, and answers as the former."""
        steps = [self._watching[name] for name in frameworks.NAMES if name in self._watching]
        return next((step for step in steps if step.saw_training()), None)

    def _give_up(self, seconds: float) -> None:
        """Says where the script is."""
        frame = sys._current_frames().get(threading.main_thread().ident or 0)
        where = traceback.extract_stack(frame)[-1] if frame is not None else None
        at = f"; it is at {os.path.basename(where.filename)}:{where.lineno}" if where is not None else ""
        try:
            self._say({"reason": f"the script took fewer than {self._steps} steps within {seconds:g} s{at}"})
        finally:
            os._exit(0)

    def _before_update(self, step: ObservedStep, counts: Dict[Any, int]) -> None:
        taken = counts.values()
        if not taken:
            return
        if min(taken) >= self._steps:
            self.finish(None, step)
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        if max(taken) >= _MOST * self._steps and now - self._began >= _PATIENCE:
            step.end_early()
            self.finish(None, step)

    def _say(self, answer: Dict[str, Any]) -> None:
        self._answers.write(json.dumps(answer) + "\n")
        self._answers.flush()


class Finder(importlib.abc.MetaPathFinder):
    """Tells the run when a framework has been imported."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._imported: List[str] = []

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        """Finds what the other finders find, with a loader that goes on to watch."""
        # What is searched need not be imported: TensorFlow asks whether there is a Keras.
        if name not in (*_TRAINERS, *_KERAS_2) or name in self._imported:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path)
        if found is not None and found.loader is not None:
            execute = found.loader.exec_module

            def exec_module(module: types.ModuleType) -> None:
                execute(module)
                self._imported.append(name)
                for framework in _TRAINERS.get(name, ()):
                    self._run.watch(framework)
                if name in _KERAS_2:
                    self._run.look_again("tensorflow2")

            found.loader.exec_module = exec_module  # type: ignore[method-assign]
        return found


def _answer(step: Any, question: Dict[str, Any]) -> Dict[str, Any]:
    try:
        getattr(step, question["assertion"])(*question["arguments"], **question["keywords"])
    except BackprobeFailure as failure:
        return {"outcome": "proved", "explanation": failure.explanation}
    except Inconclusive as error:
        return {"outcome": "inconclusive", "explanation": error.explanation}
    except LookupError as error:
        return {"outcome": "unknown scope", "explanation": str(error)}
    except Exception as error:  # noqa: BLE001 - the parent raises it
        return {"outcome": "error", "explanation": repr(error)}
    return {"outcome": "passed"}


def _refuse_downloads(event: str, arguments: Sequence[Any]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"backprobe refuses the download from {address[0]}")
    elif event == "socket.getaddrinfo" and arguments[0] not in (None, "", "localhost", "127.0.0.1", "::1"):
        raise OSError(f"backprobe refuses the download from {arguments[0]}")


def end_with_parent(parent: int, folder: str) -> None:
    """Ends this process, what the script started, and the copy it runs in, as soon as the process ends that asks the questions.

    Args:
        parent: the process that asks; it may have ended already.
        folder: the copy.
    """

    def end_if_orphaned() -> None:
        if os.getppid() != parent:
            shutil.rmtree(folder, ignore_errors=True)
            # The script has a session of its own.
            os.killpg(os.getpgrp(), signal.SIGKILL)

    def watch() -> None:
        while True:
            time.sleep(1)
            end_if_orphaned()

    end_if_orphaned()
    threading.Thread(target=watch, daemon=True).start()


def main(arguments: List[str]) -> None:
    """Runs the script."""
    parent, copy, script, steps, timeout, *rest = arguments
    end_with_parent(int(parent), copy)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    run = Run(int(steps), answers)
    run.start_timer(float(timeout))
    sys.addaudithook(_refuse_downloads)
    sys.meta_path.insert(0, Finder(run))
    sys.argv = [script, *rest]
    sys.path[0:1] = [str(Path(script).parent)]
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=script, __builtins__=__builtins__)
    if script.endswith(".ipynb"):
        module.__dict__["get_ipython"] = notebook.Notebook
    sys.modules["__main__"] = module
    sys.stdin = open(os.devnull)
    reason = None
    try:
        exec(compile(notebook.source_of(Path(script)), script, "exec"), module.__dict__)
    except SystemExit as error:
        reason = None if not error.code else f"the script ended itself with {error.code!r}"
    except BaseException as error:  # noqa: BLE001 - whatever ends the script is the reason
        traceback.print_exc()
        line = next((frame.lineno for frame in reversed(traceback.extract_tb(error.__traceback__)) if frame.filename == script), None)
        where = f" at {Path(script).name}:{line}" if line else ""
        reason = f"the script ended with {type(error).__name__}{where}: {error}"
    run.finish(reason)


if __name__ == "__main__":
    main(sys.argv[1:])
