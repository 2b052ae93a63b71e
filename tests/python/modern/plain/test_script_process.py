"""The process in which a script runs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import scripts
from outcomes import undecided

import backprobe
from backprobe import script

TELLING = """
import os, time
with open({told!r}, "w") as file:
    print(os.getcwd(), os.getpid(), sep="\\n", file=file)
time.sleep(600)
"""


def test_a_script_ends_with_the_process_that_asked_for_it(tmp_path):
    path, told = tmp_path / "train.py", tmp_path / "told"
    path.write_text(TELLING.format(told=str(told)))
    asking = subprocess.Popen([sys.executable, "-c", f"import backprobe; backprobe.run_script({str(path)!r})"])
    try:
        until(lambda: told.exists() and told.read_text().count("\n") == 2)
    finally:
        asking.kill()
        asking.wait()
    folder, number = told.read_text().splitlines()[:2]
    until(lambda: not Path(folder).exists() and not is_alive(int(number)))


def test_a_script_whose_asking_process_has_ended_does_not_begin(tmp_path):
    path, told, copy = tmp_path / "train.py", tmp_path / "told", tmp_path / "copy"
    path.write_text(TELLING.format(told=str(told)))
    copy.mkdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    child = child_of(ended.pid, copy, path, 60)
    assert child.wait(60) == -signal.SIGKILL
    assert not told.exists()
    assert sorted(tmp_path.iterdir()) == [path], "what is removed is the copy"


def test_a_script_that_nobody_waits_for_is_given_up(tmp_path):
    path = tmp_path / "train.py"
    path.write_text("while True:\n    pass\n")
    child = child_of(os.getpid(), tmp_path, path, 1)
    child.stdout.close()
    assert child.wait(60) == 0


def child_of(parent, folder, path, timeout):
    command = [sys.executable, "-m", "backprobe.script_child", str(parent), str(folder), str(path), "1", str(timeout)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


SILENT = """
import ctypes
ctypes.PyDLL(None).sleep(600)
"""


def test_a_script_that_keeps_its_process_from_answering_is_given_up(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(script, "_GRACE", 1)
    step = backprobe.run_script(scripts.written(SILENT), timeout=2)
    with undecided("assert_trained", "did not answer within 3 s"):
        step.assert_trained()
    assert step._process.poll() == -signal.SIGKILL


FORKING = """
import os, signal, time
if os.fork() == 0:
    time.sleep(600)
    os._exit(0)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_ended_is_not_waited_for_because_of_its_children(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with undecided("assert_trained", "ended before a step could be seen"):
        backprobe.run_script(scripts.written(FORKING)).assert_trained()


def test_a_process_that_ends_between_answers_decides_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    step = backprobe.run_script(scripts.written("print(1)"))
    step._reason = None
    os.kill(step._process.pid, signal.SIGKILL)
    for _ in range(2):
        with undecided("assert_trained", "process ended"):
            step.assert_trained()
    step.close()
    with undecided("assert_trained", "process ended"):
        step.assert_trained()


def is_alive(number):
    """Whether a process runs; one that has ended and that nobody waited for does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
