"""A real VS Code with the packed extension, looked at through a real browser, with nothing of the user's."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from vscode import QUIET, VSCode, settings

PATIENCE = 120
PYTHON_EXTENSION = Path(__file__).parent / "python"


@dataclass
class Server:
    """VS Code, served."""

    address: str
    user: Path

    def configure(self, **changes) -> None:
        """Writes the settings: those of the user and, for a window that shows another machine, those of the machine."""
        for place, text in [("User", settings(QUIET)), ("Machine", settings(changes))]:
            (self.user / place).mkdir(parents=True, exist_ok=True)
            (self.user / place / "settings.json").write_text(text)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vscode")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "VSCODE_"))}
    environment |= {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ["CONFIG", "DATA", "STATE", "CACHE"]}
    # Nothing on the PATH but the system's programs, in any shell: the extension must find the environment by itself.
    environment |= {"PATH": os.defpath, "HOME": str(folder), "SHELL": "/bin/sh"}
    command = [os.environ["NODE"], os.environ["CODE_SERVER"], "--user-data-dir", folder / "user", "--extensions-dir", folder / "extensions"]
    pack = [os.environ["NODE"], os.environ["VSCE"], "package", "--no-dependencies", "--allow-missing-repository", "--skip-license"]
    subprocess.run([*pack, "--out", folder / "python.vsix"], cwd=PYTHON_EXTENSION, check=True, timeout=PATIENCE)
    install = [word for package in [folder / "python.vsix", os.environ["EXTENSION"]] for word in ["--install-extension", package]]
    subprocess.run([*command, *install], env=environment, check=True, timeout=PATIENCE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command += ["--bind-addr", address, "--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"]
    log = (folder / "server.log").open("w")
    # A session of its own: the extension hosts are ended with it.
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_for(f"http://{address}/healthz", process)
        yield Server(f"http://{address}", folder / "user")
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(address: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert process.poll() is None and time.monotonic() < end, "code-server does not answer"
            time.sleep(0.1)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        variables = {**os.environ, "FONTCONFIG_FILE": os.environ["FONTS"]}
        options = ["--no-sandbox", "--no-zygote", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=os.environ["BROWSER"], args=options, env=variables)
        yield browser
        browser.close()


@pytest.fixture
def project(tmp_path):
    """An empty project."""
    folder = tmp_path / "flowers"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "flowers"\nversion = "1"\n')
    return folder


@pytest.fixture
def python():
    """The interpreter of an environment that has backprobe and the frameworks."""
    return os.environ["BACKPROBE_PYTHON"]


@pytest.fixture
def open_project(server, browser, project, request):
    """Opens the project in VS Code with these settings of the user."""
    contexts = []

    def opened(**changes) -> VSCode:
        server.configure(**changes)
        context = browser.new_context(viewport={"width": 1120, "height": 720}, color_scheme="dark")
        contexts.append(context)
        pictures = Path(os.environ["PICTURES"]) / request.node.name
        return VSCode(context.new_page(), server.address, project, pictures)

    yield opened
    for context in contexts:
        for page in context.pages:
            page.screenshot(path=Path(os.environ["PICTURES"]) / request.node.name / "end.png")
        context.close()
