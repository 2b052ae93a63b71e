"""The process in which a script runs."""

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


def test_a_script_that_nobody_waits_for_is_given_up(tmp_path):
    script = tmp_path / "train.py"
    script.write_text("while True:\n    pass\n")
    child = subprocess.Popen([sys.executable, "-m", "backprobe.script_child", str(script), "1", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdout.close()
    assert child.wait(60) == 0


def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
