"""The suites: what each needs, and how it is run."""

import json
import os
import subprocess
from pathlib import Path
from typing import Callable, Optional

from runner import environments, results, wheel
from runner.places import LOCAL, ROOT, TARGET, TESTS, user_cache
from runner.processes import Failed, announce, environment, must, output_of, run
from runner.results import Results

VARIANTS = {"keras": [{"KERAS_BACKEND": backend} for backend in ("tensorflow", "torch", "jax")]}
"""What the folders of some frameworks are run with, each in a process of its own."""

COMPILED = {
    "JAX_COMPILATION_CACHE_DIR": str(user_cache() / "jax"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
"""JAX compiles every operation, which takes minutes: what does not change is kept in the user's cache."""

PAGES = "pages"
SEGMENTS = "segments"


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
    run once for each backend.
    `tests/stubs/test_ENVIRONMENT.py` compares what the stubs say with the frameworks.
    """
    counted = Results()
    built = wheel.build()
    for name in environments.FRAMEWORKS:
        folder = environments.with_backprobe(name, built)
        for framework in sorted(path for path in (TESTS / "python" / name).glob("*") if any(path.rglob("test_*.py"))):
            for variables in VARIANTS.get(framework.name, [{}]):
                counted += pytest(folder, framework, **COMPILED, **variables)
        counted += pytest(folder, TESTS / "stubs" / f"test_{name}.py")
    return counted.complete(0, "the suite python")


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


def cargo_test(*arguments: str, **variables: Optional[str]) -> Results:
    """Runs `cargo test` on the given targets."""
    code, output = output_of(["cargo", "test", "--quiet", "--no-fail-fast", *arguments], env=environment(**variables))
    return results.of_cargo(output).complete(code, f"cargo test {' '.join(arguments)}")


def pytest(folder: Path, tests: Path, **variables: Optional[str]) -> Results:
    """Runs the tests of one folder in a process of its own with the interpreter of an environment."""
    place = tests.relative_to(TESTS)
    announce(f"pytest tests/{place}")
    report = LOCAL / "reports" / f"{'-'.join(place.parts)}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    # PYTHONPATH and user packages must not stand in for what is installed.
    settings = {"PYTHONPATH": None, "PYTHONNOUSERSITE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", **variables}
    command = [environments.python_of(folder), "-m", "pytest", "-q", "--disable-warnings", "-p", "no:cacheprovider", f"--junitxml={report}", tests]
    code = run(command, env=environment(**settings))
    return results.of_pytest(report).complete(code, f"pytest tests/{place}")


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
}
