"""Scripts and notebooks that a test writes into its folder and runs."""

import json
from pathlib import Path


def written(source: str, name: str = "train.py") -> str:
    """The name of a script with this source, in the working directory."""
    Path(name).write_text(source)
    return name


def notebook(*cells: str) -> str:
    """The name of a notebook with these cells of code, in the working directory."""
    found = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return written(json.dumps({"cells": [{"cell_type": "markdown", "source": ["# Training"]}, *found]}), "train.ipynb")
