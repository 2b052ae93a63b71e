"""VS Code and a browser, both out of npm packages alone: code-server is VS Code itself, served to a browser.

They are large and the same for all checkouts, so they lie in the user's cache, as the environments with frameworks do. Install scripts
are not run: they would compile modules (Kerberos, SQLite) that nothing here needs. One is compiled by name: without it VS Code shows no
log.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from runner import environments, node
from runner.places import TESTS, user_cache
from runner.processes import announce, locked, must

PINS = TESTS / "vscode"

# VS Code, in code-server.
INNER = "node_modules/code-server/lib/vscode"
LOGGER = "@vscode/spdlog"

# Unpacks the browser into the folder for temporary files.
UNPACK = "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath()"

FONTS = """<?xml version="1.0"?>
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir prefix="relative">../node_modules/dejavu-fonts-ttf/ttf</dir>
  <cachedir prefix="xdg">backprobe/fonts</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Installed:
    """Where things are."""

    folder: Path

    @property
    def server(self) -> Path:
        """The script of code-server."""
        return self.folder / "node_modules/code-server/out/node/entry.js"

    @property
    def terminal(self) -> Path:
        """The package of the terminal that VS Code shows, xterm.js."""
        return self.folder / INNER / "node_modules" / "@xterm" / "xterm"

    @property
    def browser(self) -> Path:
        """A headless Chromium."""
        return self.folder / "browser" / "chromium"

    @property
    def fonts(self) -> Path:
        """The letters that the browser shall use, for fontconfig."""
        return self.folder / "browser" / "fonts.conf"


def installed() -> Installed:
    """VS Code and the browser, installed if they are missing."""
    folder = user_cache() / "vscode" / environments.key((PINS / "package-lock.json").read_text())[:24]
    with locked(folder.with_suffix(".lock")):
        if not folder.exists():
            announce("installing VS Code and a browser, once for all checkouts")
            unfinished = folder.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            install(unfinished)
            unfinished.rename(folder)
    return Installed(folder)


def install(folder: Path) -> None:
    """Installs everything into a new folder."""
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(PINS / name, folder)
    node.npm(folder, "ci", "--ignore-scripts")
    # What code-server installs after itself; its packages are pinned by a file it brings.
    inner = folder / INNER
    node.npm(inner, "install", "--omit=dev", "--ignore-scripts")
    node.npm(inner, "rebuild", LOGGER)
    browser = folder / "browser"
    browser.mkdir()
    must([node.program(), "--input-type=module", "--eval", UNPACK], env={"TMPDIR": str(browser)}, folder=folder)
    (browser / "fonts.conf").write_text(FONTS)
