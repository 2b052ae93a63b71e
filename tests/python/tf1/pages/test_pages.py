"""The code of every rule page and example: the generated test fails on what is wrong and passes on what is right."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "pages"))

from checks import *  # noqa: E402, F403 - the tests

ENVIRONMENT = "tf1"
