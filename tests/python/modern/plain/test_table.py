"""The table of the cases in which a test could lie names tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]


def test_every_case_names_tests_that_exist():
    lines = [line for line in (TESTS / "README.md").read_text().splitlines() if line[:1] == "|"]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head, _, *cases = rows
    folders = [re.search(r"`(.+)`", cell)[1] for cell in head[1:]]
    assert len(cases) > 10
    for name, *cells in cases:
        assert len(cells) == len(folders)
        for folder, cell in zip(folders, cells):
            sources = [path.read_text() for path in (TESTS / folder).glob("test_*.py")]
            for test in re.findall(r"`(.+?)`", cell):
                assert any(f"def {test}(" in source for source in sources), f"{name}: no {test} in {folder}"
