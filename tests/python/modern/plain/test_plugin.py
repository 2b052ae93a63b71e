"""The pytest plug-in, in projects of their own: pytest runs as a user runs it."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree

import pytest

GENERATED = '''"""Written by backprobe for `unstacked-layer` in {path}.py."""
from {module} import answer


def test_answer():
    assert answer == 42
'''


def generated(module):
    return GENERATED.format(module=module, path=module.replace(".", "/"))


def written(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def pytest_in(folder, *arguments):
    """Runs the command `pytest`, not `python -m pytest`, which would put the working directory on the path."""
    command = [sys.executable, "-c", "import sys, pytest; sys.path[:] = [p for p in sys.path if p]; sys.exit(pytest.main())"]
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    done = subprocess.run([*command, "-p", "no:cacheprovider", *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout


LAYOUTS = {
    "flat module": {"pyproject.toml": "", "model.py": "answer = 42\n", "tests/test_model_training.py": generated("model")},
    "package": {"setup.py": "", "net/__init__.py": "", "net/a.py": "answer = 42\n", "tests/test_a.py": generated("net.a")},
    "src": {"backprobe.toml": "", "src/net/__init__.py": "answer = 42\n", "tests/test_net.py": generated("net")},
    "repository": {".git/HEAD": "", "model.py": "answer = 42\n", "tests/unit/test_model.py": generated("model")},
    "no marker": {"model.py": "answer = 42\n", "tests/unit/test_model.py": generated("model")},
    "other folder": {"model.py": "answer = 42\n", "checks/test_model.py": generated("model")},
    "set-up file": {"setup.cfg": "", "model.py": "answer = 42\n", "checks/all/test_model.py": generated("model")},
    "package called src": {"setup.py": "", "src/__init__.py": "", "src/b.py": "number = 42\n",
                           "src/a.py": "from .b import number as answer\n", "tests/test_a.py": generated("src.a")},
    "folder between": {".git/HEAD": "", "part/net/a.py": "from tools.b import number as answer\n", "part/tools/b.py": "number = 42\n",
                       "tests/test_a.py": generated("part.net.a")},
    "nearest marker": {".git/HEAD": "", "part/pyproject.toml": "", "part/model.py": "answer = 42\n",
                       "part/tests/test_model.py": generated("model")},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_generated_tests_find_their_project(tmp_path, layout):
    project = written(tmp_path / "project", LAYOUTS[layout])
    elsewhere = written(tmp_path, {"elsewhere/empty.txt": ""}) / "elsewhere"
    [test] = project.rglob("test_*.py")
    for folder in (project, test.parent, elsewhere):
        code, output = pytest_in(folder, str(test))
        assert code == 0, f"from {folder}:\n{output}"


def test_other_tests_are_left_alone(tmp_path):
    text = generated("model").replace("Written by backprobe", "Written by hand, see backprobe")
    project = written(tmp_path, {"pyproject.toml": "", "model.py": "answer = 42\n", "tests/test_model.py": text})
    code, output = pytest_in(project)
    assert code != 0
    assert "No module named 'model'" in output


OUTCOMES = '''
import backprobe

def test_proof():
    raise backprobe.BackprobeFailure("assert_trained", "1 of 2 parameters do not train\\n  a.weight: ...")

def test_undecided():
    raise backprobe.Inconclusive("assert_trained", "the loss is nan")

def test_unfinished():
    backprobe.fill_in("the shape of images")

def test_other():
    assert False

def test_passing():
    pass
'''


def test_the_report_tells_the_outcomes_apart(tmp_path):
    project = written(tmp_path, {"test_outcomes.py": OUTCOMES})
    code, output = pytest_in(project, "--junitxml=report.xml")
    assert code == 1
    _, _, section = output.partition(" backprobe =")
    assert re.findall(r"^(PROVED|INCONCLUSIVE|FILL IN) .*::(\w+): (.*)$", section, re.MULTILINE) == [
        ("PROVED", "test_proof", "assert_trained: 1 of 2 parameters do not train"),
        ("INCONCLUSIVE", "test_undecided", "assert_trained is inconclusive: the loss is nan"),
        ("FILL IN", "test_unfinished", "fill in the shape of images: the code does not say it, so replace this call by a value"),
    ]
    cases = xml.etree.ElementTree.parse(project / "report.xml").iter("testcase")
    noted = {case.get("name"): [part.get("value").partition(":")[0] for part in case.iter("property")] for case in cases}
    assert noted == {
        "test_proof": ["proved"], "test_undecided": ["inconclusive"], "test_unfinished": ["fill in"], "test_other": [], "test_passing": [],
    }


def test_a_report_without_proofs_has_no_section(tmp_path):
    project = written(tmp_path, {"test_passing.py": "def test_passing():\n    pass\n"})
    code, output = pytest_in(project)
    assert code == 0
    assert "= backprobe" not in output
