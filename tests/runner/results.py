"""Counting passed and failed tests of cargo, pytest and node."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from runner.processes import announce

SUMMARY = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;", re.MULTILINE)


@dataclass(frozen=True)
class Results:
    """How many tests passed and failed."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Results") -> "Results":
        return Results(self.passed + other.passed, self.failed + other.failed)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"

    def complete(self, code: int, what: str) -> "Results":
        """A program that failed although no test did counts as one failure, and so does one that ran nothing."""
        if self.failed == 0 and code != 0:
            announce(f"{what} ended with exit code {code}")
            return self + Results(failed=1)
        if self == Results():
            announce(f"{what} ran no test")
            return Results(failed=1)
        return self


def of_cargo(output: str) -> Results:
    """Adds up the summaries of all test binaries. An ignored test counts as failed: there is no reason to keep one."""
    results = Results()
    for passed, failed, ignored in SUMMARY.findall(output):
        results += Results(int(passed), int(failed) + int(ignored))
    return results


def of_junit(report: Path) -> Results:
    """Reads a JUnit report. A skipped test counts as failed: what it needs is installed, or it should not be there."""
    try:
        cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        announce(f"no report: {error}")
        return Results()
    results = Results()
    for case in cases:
        bad = [child for child in case if child.tag in ("failure", "error", "skipped")]
        for child in bad:
            if child.tag == "skipped":
                announce(f"skipped, which counts as failed: {case.get('classname')}::{case.get('name')}: {child.get('message')}")
        results += Results(failed=1) if bad else Results(passed=1)
    return results
