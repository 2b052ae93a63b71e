"""Builds the wheel: maturin's backend, with the native command put beside the extension module.

A wheel of maturin holds a library or a binary. Scripts in the data folder of a wheel are copied to PATH as they are, so the binary is
built first and laid there. The command then starts in milliseconds, because no interpreter does.
"""

import os
import shutil
import subprocess
from pathlib import Path

import maturin
from maturin import (  # noqa: F401 (the rest of the interface is maturin's)
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

ROOT = Path(__file__).resolve().parents[1]
# A Cargo profile other than `release` is for whoever builds often, as the tests do.
PROFILE = os.environ.get("BACKPROBE_PROFILE", "release")
SCRIPTS = ROOT / "wheel.data" / "scripts"
# maturin looks for the folder before it is asked to build anything.
SCRIPTS.mkdir(parents=True, exist_ok=True)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Builds the wheel into `wheel_directory` and returns its name."""
    stage_command()
    return maturin.build_wheel(wheel_directory, with_profile(config_settings), metadata_directory)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """Builds a wheel that points to this checkout and returns its name."""
    stage_command()
    return maturin.build_editable(wheel_directory, with_profile(config_settings), metadata_directory)


def stage_command():
    """Builds the command and lays it where maturin takes data files from."""
    subprocess.run(["cargo", "build", "--bin", "backprobe", "--profile", PROFILE], cwd=ROOT, check=True)
    built = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / PROFILE
    name = "backprobe.exe" if os.name == "nt" else "backprobe"
    shutil.copy2(built / name, SCRIPTS / name)


def with_profile(settings):
    """The settings with the profile among maturin's arguments, unless the user gave some."""
    settings = dict(settings or {})
    settings.setdefault("build-args", f"--profile {PROFILE}")
    return settings
