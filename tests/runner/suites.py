"""The suites: what each needs, and how it is run."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Callable, Optional

from runner import environments, node, results, wheel, vscode as editor
from runner.places import LOCAL, ROOT, TARGET, TESTS, user_cache
from runner.processes import Failed, announce, environment, must, output_of, run
from runner.results import Results

VARIANTS = {
    ("modern", "keras"): [{"KERAS_BACKEND": backend} for backend in ("tensorflow", "torch", "jax")],
    ("modern", "tensorflow2"): [{}, {"TF_USE_LEGACY_KERAS": "1"}],
}
"""What an environment runs the folder of a framework with, each time in a process of its own; TensorFlow 2.12 has one Keras only."""

ALSO = {"tf1": ["modern/tensorflow2"]}
"""What other environments run of the tests of one."""

COMPILED = {
    "JAX_COMPILATION_CACHE_DIR": str(user_cache() / "jax"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
"""JAX compiles every operation, which takes minutes: what does not change is kept in the user's cache."""

PAGES = "pages"
SEGMENTS = "segments"
EXTENSION = ROOT / "editors" / "vscode"


def rust() -> Results:
    """Every test of the crate but the rule pages and the segments."""
    targets = [word for name in sorted(test_targets() - {PAGES, SEGMENTS}) for word in ("--test", name)]
    return cargo_test("--lib", "--bins", *targets) + documentation() + lints()


def documentation() -> Results:
    """The examples in the documentation; a crate without any is fine."""
    code, output = output_of(["cargo", "test", "--quiet", "--doc"])
    counted = results.of_cargo(output)
    return counted if counted == Results() and code == 0 else counted.complete(code, "cargo test --doc")


def lints() -> Results:
    """The lints of Cargo.toml and clippy.toml, over everything. One check: there is no warning."""
    code = run(["cargo", "clippy", "--quiet", "--all-targets", "--all-features", "--", "--deny", "warnings"])
    return Results(passed=1) if code == 0 else Results().complete(code, "cargo clippy")


def pages() -> Results:
    """The static half of every rule page."""
    return cargo_test("--test", PAGES)


def segments() -> Results:
    """The statements and trees of a fixed sample of the frameworks' files, compared with CPython's."""
    packages = [environments.packages_of(environments.shared(name)) for name in environments.FRAMEWORKS]
    return cargo_test("--test", SEGMENTS, BACKPROBE_SAMPLE=os.pathsep.join(map(str, packages)))


def python() -> Results:
    """The checker with the real frameworks: one process for each environment and framework.

    `tests/python/ENVIRONMENT/FRAMEWORK/` holds the tests of a framework; `tests/python/modern/plain/` those that need none. Those of Keras
    run once for each backend, those of TensorFlow 2 with Keras 3 and Keras 2, and with an old TensorFlow too.
    `tests/stubs/test_ENVIRONMENT.py` compares what the stubs say with the frameworks.
    """
    counted = Results()
    built = wheel.build()
    for name in environments.FRAMEWORKS:
        folder = environments.with_backprobe(name, built)
        for framework, variables in python_runs(name):
            counted += pytest(folder, framework, **COMPILED, **variables)
        counted += pytest(folder, TESTS / "stubs" / f"test_{name}.py")
    return counted.complete(0, "the suite python")


def python_runs(name: str) -> list[tuple[Path, dict[str, str]]]:
    """The folders that an environment runs, and the variables for each run."""
    folders = [path for path in (TESTS / "python" / name).glob("*") if any(path.rglob("test_*.py"))]
    found = sorted({*folders, *(TESTS / "python" / path for path in ALSO.get(name, []))})
    return [(folder, variables) for folder in found for variables in VARIANTS.get((name, folder.name), [{}])]


def protocol() -> Results:
    """The server, driven by a client over its standard streams."""
    must(["cargo", "build", "--quiet", "--bin", "backprobe"])
    return pytest(environments.local("protocol"), TESTS / "protocol", BACKPROBE=str(TARGET / "debug" / "backprobe"))


def neovim() -> Results:
    """A real Neovim with the plugin, the installed wheel on its PATH and the frameworks beside it."""
    installed = environments.with_backprobe("modern", wheel.build())
    editor = environments.local("neovim")
    path = os.pathsep.join([str(editor / "bin"), environments.path_with(installed)])
    return pytest(editor, TESTS / "neovim", PATH=path, BACKPROBE=str(installed / "bin" / "backprobe"),
                  BACKPROBE_PYTHON=str(environments.python_of(installed)))


def extension() -> Results:
    """The extension of VS Code, without VS Code: its types, its style, the tests of its logic, and what its package holds."""
    node.install(EXTENSION)
    counted = Results()
    for check in ("check", "lint"):
        code = run(["npm", "--prefix", EXTENSION, "--silent", "run", check], env=node.variables())
        counted += Results(passed=1) if code == 0 else Results().complete(code, f"npm run {check}")
    report = report_of("extension-logic")
    command = [node.program(), "--test", "--test-reporter=spec", "--test-reporter-destination=stderr",
               "--test-reporter=junit", f"--test-reporter-destination={report}", *sorted((EXTENSION / "test").glob("*.test.ts"))]
    code = run(command)
    counted += results.of_junit(report).complete(code, "node --test")
    node.npm(EXTENSION, "--silent", "run", "package")
    return counted + pytest(environments.local("node"), TESTS / "extension")


def vscode() -> Results:
    """A real VS Code in a real browser, with the packed extension. What was seen is kept as pictures."""
    node.install(EXTENSION)
    node.npm(EXTENSION, "--silent", "run", "package")
    installed = editor.installed()
    pictures = LOCAL / "pictures"
    shutil.rmtree(pictures, ignore_errors=True)
    python = environments.python_of(environments.with_backprobe("modern", wheel.build()))
    return pytest(environments.local("vscode"), TESTS / "vscode", NODE=str(node.program()), CODE_SERVER=str(installed.server),
                  BROWSER=str(installed.browser), FONTS=str(installed.fonts), EXTENSION=str(EXTENSION / "backprobe.vsix"),
                  VSCE=str(EXTENSION / "node_modules/@vscode/vsce/vsce"),
                  BACKPROBE_PYTHON=str(python), PICTURES=str(pictures), XTERM=str(installed.terminal),
                  NEOVIM=str(environments.local("neovim") / "bin" / "nvim"))


def cargo_test(*arguments: str, **variables: Optional[str]) -> Results:
    """Runs `cargo test` on the given targets."""
    code, output = output_of(["cargo", "test", "--quiet", "--no-fail-fast", *arguments], env=environment(**variables))
    return results.of_cargo(output).complete(code, f"cargo test {' '.join(arguments)}")


def pytest(folder: Path, tests: Path, **variables: Optional[str]) -> Results:
    """Runs the tests of one folder in a process of its own with the interpreter of an environment."""
    place = tests.relative_to(TESTS)
    announce(f"pytest tests/{place}")
    report = report_of("-".join(place.parts))
    # PYTHONPATH and user packages must not stand in for what is installed.
    settings = {"PYTHONPATH": None, "PYTHONNOUSERSITE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", **variables}
    options = ["-q", "--disable-warnings", "-p", "no:cacheprovider", f"--junitxml={report}"]
    code = run([environments.python_of(folder), "-m", "pytest", *options, tests], env=environment(**settings))
    return results.of_junit(report).complete(code, f"pytest tests/{place}")


def report_of(name: str) -> Path:
    """Where a JUnit report goes; there is none yet."""
    report = LOCAL / "reports" / f"{name}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    return report


def test_targets() -> set[str]:
    """The integration tests cargo knows."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    try:
        metadata = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failed(f"cargo metadata: {error}") from error
    return {target["name"] for package in metadata["packages"] for target in package["targets"] if "test" in target["kind"]}


SUITES: dict[str, tuple[Callable[[], Results], Callable[[], bool]]] = {
    "rust": (rust, lambda: True),
    "pages": (pages, lambda: PAGES in test_targets()),
    "segments": (segments, lambda: SEGMENTS in test_targets()),
    "python": (python, lambda: (TESTS / "python").is_dir()),
    "protocol": (protocol, lambda: (TESTS / "protocol").is_dir()),
    "neovim": (neovim, lambda: (TESTS / "neovim").is_dir()),
    "extension": (extension, lambda: EXTENSION.is_dir()),
    # Large, and what it looks at changes with every version of VS Code: it is run by name.
    "vscode": (vscode, lambda: False),
}
