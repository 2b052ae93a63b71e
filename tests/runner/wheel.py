"""The wheel of this checkout, as a user would build it."""

from pathlib import Path


def build() -> Path:
    """Builds the wheel and returns its path."""
    raise NotImplementedError
