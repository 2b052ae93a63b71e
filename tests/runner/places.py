"""Where things lie. Everything that is written goes into ignored folders or the user's cache."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
PINS = TESTS / "environments"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
LOCAL = ROOT / ".tests"


def user_cache() -> Path:
    """The folder that all checkouts of one user share."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "backprobe"
