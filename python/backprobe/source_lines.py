"""Names source lines as a failure shows them. Knows no framework."""

from __future__ import annotations

import functools
import inspect
import os
import re
from typing import Optional


def shown(path: str, line: int) -> str:
    """``file:line``, the file relative to the working directory where it lies below it."""
    relative = os.path.relpath(path) if os.path.isabs(path) else path
    return f"{path if relative.startswith(os.pardir) else relative}:{line}"


@functools.lru_cache(maxsize=None)
def of_attribute(owner: type, attribute: str) -> Optional[str]:
    """Where a class assigns or registers ``self.attribute``; else where it begins; nothing if its source is not to be had."""
    try:
        lines, first = inspect.getsourcelines(owner)
        path = inspect.getsourcefile(owner)
    except (OSError, TypeError):
        return None
    if path is None:
        return None
    name = re.escape(attribute)
    assignment = re.compile(rf"\bself\.{name}\b\s*(:[^=]+)?=(?!=)|\b(register_\w+|add_module|setattr)\(.*[\"']{name}[\"']")
    for offset, text in enumerate(lines):
        if assignment.search(text):
            return shown(path, first + offset)
    return shown(path, first)
