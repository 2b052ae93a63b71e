"""The wheel of this checkout, built as a user would build it, but for a cheaper Cargo profile."""

import os
import shutil
from pathlib import Path

from runner import environments
from runner.places import ROOT, TARGET
from runner.processes import Failed, announce, environment, must

PROFILE = "quick"


def build() -> Path:
    """Builds the wheel and returns its path. What has not changed is not compiled again: that is Cargo's to know."""
    announce("building the wheel")
    folder = TARGET / "wheels"
    shutil.rmtree(folder, ignore_errors=True)
    # The pinned maturin is there already; without isolation nothing is fetched.
    maturin = environments.tool("maturin")
    settings = environment(BACKPROBE_PROFILE=PROFILE, PATH=os.pathsep.join([str(maturin.parent), os.environ["PATH"]]))
    must([maturin.parent / "python", "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps",
          "--wheel-dir", folder, ROOT], env=settings)
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise Failed(f"expected one wheel in {folder}, found {len(wheels)}")
    return wheels[0]
