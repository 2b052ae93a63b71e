"""Virtual environments of the tests.

`tests/environments/NAME.txt` pins every package of the environment NAME. Environments with frameworks are large, so all checkouts of a
user share them: they lie in the user's cache under the hash of their pins, are built in a temporary folder under a lock, renamed when
they are whole, and never changed afterwards. What belongs to one checkout (backprobe itself) goes into a small environment under the
target folder that sees the shared packages through a `.pth` file. Environments without frameworks lie in the checkout.
"""

import hashlib
import os
import platform
import shutil
import sys
from pathlib import Path

from runner.places import LOCAL, PINS, TARGET, user_cache
from runner.processes import Failed, announce, environment, locked, must

FRAMEWORKS = ("modern", "tf1")


def shared(name: str) -> Path:
    """The folder of the shared environment `name`, built if it is missing."""
    pins = pins_of(name)
    folder = user_cache() / "envs" / key(pins.read_text())[:24]
    if folder.exists():
        return folder
    with locked(folder.with_suffix(".lock")):
        if not folder.exists():
            announce(f"building the environment {name}, once for all checkouts")
            unfinished = folder.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            create(unfinished)
            install(unfinished, "--requirement", pins)
            unfinished.rename(folder)
    return folder


def with_backprobe(name: str, wheel: Path) -> Path:
    """The folder of this checkout's environment `name`: the shared packages and backprobe from `wheel`."""
    packages = packages_of(shared(name))
    folder = TARGET / "environments" / name
    wanted = key(f"{packages} {hashlib.sha256(wheel.read_bytes()).hexdigest()}")
    with locked(folder.with_suffix(".lock")):
        if not is_stamped(folder, wanted):
            announce(f"installing backprobe into the environment {name} of this checkout")
            create(folder)
            (packages_of(folder) / "frameworks.pth").write_text(f"{packages}\n")
            install(folder, wheel)
            stamp(folder, wanted)
    return folder


def local(name: str) -> Path:
    """The folder of the environment `name` that holds no framework, inside the checkout."""
    pins = pins_of(name)
    folder = LOCAL / name
    wanted = key(pins.read_text())
    with locked(folder.with_suffix(".lock")):
        if not is_stamped(folder, wanted):
            announce(f"building the environment {name}")
            create(folder)
            install(folder, "--requirement", pins)
            stamp(folder, wanted)
    return folder


def tool(name: str) -> Path:
    """The path of a tool of the tests (uv, maturin), installed by pip, the one installer every Python has."""
    pins = pins_of("tools")
    folder = LOCAL / "tools"
    wanted = key(pins.read_text())
    with locked(folder.with_suffix(".lock")):
        if not is_stamped(folder, wanted):
            announce("installing the tools of the tests")
            must([sys.executable, "-m", "venv", "--clear", folder])
            must([python_of(folder), "-m", "pip", "install", "--quiet", "--requirement", pins])
            stamp(folder, wanted)
    return folder / "bin" / name


def create(folder: Path) -> None:
    """Makes an empty virtual environment that may be renamed later."""
    must([tool("uv"), "venv", "--quiet", "--clear", "--relocatable", "--python", sys.executable, folder])


def install(folder: Path, *what: object) -> None:
    """Installs exactly `what`: pins are complete, so nothing is resolved."""
    # Without compiled files TensorFlow takes 13 s instead of 3.5 s to import wherever writing bytecode is switched off.
    command = [tool("uv"), "pip", "install", "--quiet", "--no-deps", "--compile-bytecode", "--python", python_of(folder), *what]
    must(command, env=environment(UV_HTTP_TIMEOUT="300"))


def pins_of(name: str) -> Path:
    """The file with the pins of the environment `name`."""
    pins = PINS / f"{name}.txt"
    if not pins.exists():
        raise Failed(f"no environment {name}: {pins} does not exist")
    return pins


def key(content: str) -> str:
    """Identifies an environment by what it holds and the interpreter it is for."""
    whole = f"{content}\n{sys.version_info[:2]}\n{sys.platform}-{platform.machine()}"
    return hashlib.sha256(whole.encode()).hexdigest()


def is_stamped(folder: Path, wanted: str) -> bool:
    """Whether the environment is whole and holds what is wanted."""
    path = folder / "holds"
    return path.exists() and path.read_text() == wanted


def stamp(folder: Path, holds: str) -> None:
    """Marks an environment as whole; written last."""
    (folder / "holds").write_text(holds)


def python_of(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / "bin" / "python"


def path_with(folder: Path) -> str:
    """PATH with the programs of a virtual environment first."""
    return os.pathsep.join([str(folder / "bin"), os.environ.get("PATH", os.defpath)])


def packages_of(folder: Path) -> Path:
    """The folder of a virtual environment that holds its packages."""
    return folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
