"""The code of a notebook as plain Python. What only IPython understands is left out, line for line: magics, commands and questions where a
statement begins, and cells in another language."""

from __future__ import annotations

import io
import json
import re
import tokenize
from pathlib import Path
from typing import Any, Callable, List

_FOREIGN = re.compile(r"\s*%%(?!(time|timeit|capture|prun)\b)")
"""How a cell begins that is no Python code."""
_TIMED = re.compile(r"%time\s+(?!-)")
"""What a magic begins with that runs the statement behind it once."""
_MAGIC = re.compile(r"[%!?]|[\w.*]+\?{1,2}$")
_ASSIGNED = re.compile(r"([^\W\d][\w.]*(?:\s*,\s*[^\W\d][\w.]*)*\s*=\s*)[%!]")
"""How a line begins that assigns what a magic or command returns."""


class Notebook:
    """What `get_ipython` returns: it takes every command and does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments, **keywords: None


def source_of(path: Path) -> str:
    """The source of a script, or of the code of a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells: List[Any] = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in cells]
    return "\n".join(_plain(source) for source in sources if not _FOREIGN.match(source))


def _plain(cell: str) -> str:
    lines: List[str] = []
    is_continued = False
    for line in cell.splitlines():
        bare = line.strip()
        if is_continued:
            lines.append("")
        elif (_MAGIC.match(bare) or _ASSIGNED.match(bare)) and _is_complete(lines):
            lines.append(line[: len(line) - len(line.lstrip())] + _without_magic(bare))
            is_continued = True
        else:
            lines.append(line)
        is_continued = is_continued and line.endswith("\\")
    return "\n".join(lines)


def _without_magic(statement: str) -> str:
    timed, assigned = _TIMED.match(statement), _ASSIGNED.match(statement)
    if timed:
        return statement[timed.end() :]
    return f"{assigned[1]}[]" if assigned else "pass"


def _is_complete(lines: List[str]) -> bool:
    """Whether a statement may begin behind these lines: no bracket or string is open, and none ends with a backslash."""
    if lines and lines[-1].endswith("\\"):
        return False
    try:
        list(tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline))
    except tokenize.TokenError:
        return False
    except SyntaxError:
        # Wrong indentation: running it will say so.
        pass
    return True
