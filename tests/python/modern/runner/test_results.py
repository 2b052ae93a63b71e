"""The line that tests/run ends with counts every test, and what could not run as failed."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from runner import results  # noqa: E402 (found through the line above)
from runner.results import Results  # noqa: E402

CARGO = """
running 3 tests
..F
test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s

running 5 tests
test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.00s
"""

PYTEST = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5">
<testcase classname="test_a" name="test_passes" time="0.1" />
<testcase classname="test_a" name="test_prints" time="0.1"><system-out>text</system-out></testcase>
<testcase classname="test_a" name="test_fails" time="0.1"><failure message="assert 1 == 2">text</failure></testcase>
<testcase classname="test_a" name="test_breaks" time="0.1"><error message="no fixture">text</error></testcase>
<testcase classname="test_a" name="test_is_skipped" time="0.1"><skipped message="no torch">text</skipped></testcase>
</testsuite></testsuites>
"""


def test_summaries_of_cargo_are_added_and_ignored_tests_failed():
    assert results.of_cargo(CARGO) == Results(passed=6, failed=2)


def test_skipped_tests_of_junit_failed(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(PYTEST)
    assert results.of_junit(report) == Results(passed=2, failed=3)


def test_a_report_that_was_never_written_holds_no_tests(tmp_path):
    assert results.of_junit(tmp_path / "report.xml") == Results()


@pytest.mark.parametrize("counted, code, complete", [
    (Results(passed=3), 0, Results(passed=3)),
    (Results(passed=3, failed=1), 1, Results(passed=3, failed=1)),
    (Results(passed=3), 1, Results(passed=3, failed=1)),
    (Results(), 101, Results(failed=1)),
    (Results(), 0, Results(failed=1)),
], ids=["green", "red", "crashed after its tests", "did not compile", "ran nothing"])
def test_what_did_not_run_is_a_failure(counted, code, complete):
    assert counted.complete(code, "a suite") == complete


def test_the_total_is_one_line():
    assert str(Results(2, 1) + Results(3, 0)) == "5 passed, 1 failed"
