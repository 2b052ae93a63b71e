"""What the suite of the checker runs."""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from runner import suites  # noqa: E402 - the path must be there first


def test_folders_run_once_for_each_backend_and_keras_that_the_environment_has():
    for name, expected in {"modern": {"keras": 3, "tensorflow2": 2, "torch": 1}, "tf1": {"tensorflow2": 1, "tensorflow1": 1}}.items():
        counted = Counter(folder.name for folder, _ in suites.python_runs(name))
        assert {folder: counted[folder] for folder in expected} == expected
