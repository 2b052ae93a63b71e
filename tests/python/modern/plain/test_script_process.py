"""The process in which a script runs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

BEATING = """
import os, time
while True:
    open({told!r}, "a").write(os.getcwd() + "\\n")
    time.sleep(0.1)
"""


def test_a_script_ends_with_the_process_that_asked_for_it(tmp_path):
    script, told = tmp_path / "train.py", tmp_path / "told"
    script.write_text(BEATING.format(told=str(told)))
    asking = subprocess.Popen([sys.executable, "-c", f"import backprobe; backprobe.run_script({str(script)!r})"])
    try:
        until(lambda: told.exists() and told.read_text())
    finally:
        asking.kill()
        asking.wait()
    folder = Path(told.read_text().splitlines()[0])
    until(lambda: not folder.exists())
    time.sleep(1)
    before = told.read_text()
    time.sleep(1)
    assert told.read_text() == before


def test_a_script_whose_asking_process_has_ended_does_not_begin(tmp_path):
    script, told, copy = tmp_path / "train.py", tmp_path / "told", tmp_path / "copy"
    script.write_text(BEATING.format(told=str(told)))
    copy.mkdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    child = child_of(ended.pid, copy, script, 60)
    assert child.wait(60) == -signal.SIGKILL
    assert not told.exists()
    assert sorted(tmp_path.iterdir()) == [script], "what is removed is the copy"


def test_a_script_that_nobody_waits_for_is_given_up(tmp_path):
    script = tmp_path / "train.py"
    script.write_text("while True:\n    pass\n")
    child = child_of(os.getpid(), tmp_path, script, 1)
    child.stdout.close()
    assert child.wait(60) == 0


def child_of(parent, folder, script, timeout):
    command = [sys.executable, "-m", "backprobe.script_child", str(parent), str(folder), str(script), "1", str(timeout)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
