"""Rule pages, as far as running their code needs them: blocks of wrong and right code by heading, and the assertion that tells them
apart."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

ROOT = Path(__file__).resolve().parents[2]
UNNAMED = "example.py"
NOT_RUN = "not run:"


@dataclass(frozen=True)
class Case:
    """One heading of one page."""

    page: str
    heading: str
    incorrect: Dict[str, str]
    correct: Dict[str, str]
    kinds: List[str]

    @property
    def name(self) -> str:
        """How a report calls it."""
        return f"{self.page}: {self.heading}"


def cases(environment: str) -> List[Case]:
    """The headings of all pages whose code runs in an environment."""
    found = [case for path in sorted((ROOT / "src" / "rules").rglob("*.md")) for case in cases_of(path)]
    return [case for case in found if environment_of(case.heading) == environment]


def environment_of(heading: str) -> str:
    """The environment that has the framework of a heading."""
    return "tf1" if heading.startswith("TF1") else "modern"


def cases_of(path: Path) -> List[Case]:
    """The headings of one page, without those that say why they are not run."""
    sections = split(path.read_text(), "## ")
    incorrect, correct = (split(sections.get(name, ""), "### ") for name in ("Incorrect", "Correct"))
    kinds = generated_tests(sections.get("Generated test", ""))
    missing = sorted(set(incorrect) - set(correct) | set(incorrect) - set(kinds))
    if missing:
        raise ValueError(f"{path.name}: {missing[0]} needs a heading under Correct, and a line under Generated test")
    runnable = [heading for heading in incorrect if kinds[heading]]
    return [Case(path.stem, heading, blocks(incorrect[heading]), blocks(correct[heading]), kinds[heading]) for heading in runnable]


def split(text: str, mark: str) -> Dict[str, str]:
    """The parts of a text by heading; headings inside code are none."""
    parts: Dict[str, str] = {}
    heading, in_code = None, False
    for line in text.splitlines():
        in_code ^= line.startswith("```")
        if line.startswith(mark) and not in_code:
            heading = line[len(mark) :].strip()
            parts[heading] = ""
        elif heading is not None:
            parts[heading] += line + "\n"
    return parts


def blocks(text: str) -> Dict[str, str]:
    """The Python blocks of a part by path; a line that holds a path in backquotes names the block behind it."""
    files: Dict[str, str] = {}
    name, code = UNNAMED, None
    for line in text.splitlines():
        if code is not None and line == "```":
            files[name] = files.get(name, "") + "".join(code)
            name, code = UNNAMED, None
        elif code is not None:
            code.append(line + "\n")
        elif line == "```python":
            code = []
        elif re.fullmatch(r"`[^`]+\.py`:?", line.strip()):
            name = line.strip().strip(":").strip("`")
    return files


def generated_tests(text: str) -> Dict[str, List[str]]:
    """The assertions by heading; none for what is not run."""
    found = {}
    for heading, rest in re.findall(r"^- (.+?): (.+)$", text, re.MULTILINE):
        found[heading] = [] if rest.startswith(NOT_RUN) else re.findall(r"`(assert_\w+)`", rest)
        if not found[heading] and not rest.startswith(NOT_RUN):
            raise ValueError(f"the line for {heading} under Generated test names no assertion")
    return found
