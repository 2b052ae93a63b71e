"""The wheel brings the native command, and starting it starts no interpreter."""

import subprocess
import sys
from importlib.metadata import distribution, version
from pathlib import Path

COMMAND = Path(sys.executable).parent / "backprobe"


def test_the_command_is_native():
    assert COMMAND.read_bytes()[:4] == b"\x7fELF"


def test_the_command_knows_its_version():
    answer = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["backprobe", version("backprobe")]


def test_the_wheel_holds_types_licences_and_the_plugin():
    installed = distribution("backprobe")
    names = {Path(file).name for file in installed.files}
    assert {"py.typed", "_native.pyi", "LICENSE-MIT", "LICENSE-APACHE"} <= names
    assert [point.value for point in installed.entry_points if point.group == "pytest11"] == ["backprobe.pytest_plugin"]
